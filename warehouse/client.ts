/**
 * The one way to ClickHouse: the official client over HTTP, with the settings that loading and reading here rely on.
 * The other end is the local engine, a server, a cluster or Cloud; nothing else in this project knows which.
 */
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'

export type Warehouse = ClickHouseClient

export interface WarehouseOptions {
  readonly url: string
  readonly username: string
  readonly password: string
  /** Time for one statement, milliseconds. @default 300000 */
  readonly requestTimeoutMs?: number
  /** Compress answers. Worth it over a network, a loss on loopback. @default by address */
  readonly compress?: boolean
  readonly maxConnections?: number
}

/** Opens a pool of connections; nothing is sent until the first statement. Close it with `close()`. */
export function connectWarehouse(options: WarehouseOptions): Warehouse {
  const compress = options.compress ?? !isLoopback(options.url)
  return createClient({
    url: options.url,
    username: options.username,
    password: options.password,
    application: 'tributary',
    request_timeout: options.requestTimeoutMs ?? 300_000,
    max_open_connections: options.maxConnections ?? 16,
    // Bodies may be compressed files already, which go as they are.
    compression: { request: false, response: compress },
    // Every error is thrown to somebody who says it; the client's own words would stand between results and logs.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      async_insert: 0,
      // The ledger decides what counts once; server-side deduplication would silently drop a repeated block.
      insert_deduplicate: 0,
      wait_end_of_query: 1,
      // Statements name the loads that do not count, as many as there are.
      max_query_size: '1000000000',
    },
  })
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}
