/** Logs in at a PostgreSQL server over a connection that the kit guards: to an address that the installation allows. */
import type { Socket } from 'node:net'
import type { ConnectorContext } from '@tributary/connector-sdk'
import pg from 'pg'
import { type SslConfig, tlsOptions } from './tls.js'

/** What both connectors' configs have. */
export interface ServerConfig {
  readonly host: string
  /** @default 5432 */
  readonly port?: number
  readonly database: string
  readonly user: string
  readonly password?: string
  readonly ssl?: SslConfig
  /** @default '15s' */
  readonly connect_timeout?: string
  /** @default 'tributary' */
  readonly application_name?: string
}

const KEEP_ALIVE_MS = 10_000

/**
 * A client that is logged in; values come as texts. With TLS mode `prefer`, without encryption where the server has none.
 * @throws ConnectorError where the address is refused or not there, and what the driver throws
 */
export async function login(
  connect: ConnectorContext<unknown>['connect'],
  config: ServerConfig,
): Promise<pg.Client> {
  try {
    return await attempt(connect, config, tlsOptions(config.ssl))
  } catch (error) {
    const withoutTls = error instanceof Error && /does not support SSL/.test(error.message)
    if ((config.ssl?.mode ?? 'prefer') === 'prefer' && withoutTls) return attempt(connect, config, false)
    throw error
  }
}

async function attempt(
  connect: ConnectorContext<unknown>['connect'],
  config: ServerConfig,
  ssl: pg.ClientConfig['ssl'],
): Promise<pg.Client> {
  const { host, port = 5432 } = config
  const timeoutMs = durationMs(config.connect_timeout ?? '15s')
  const socket = await connect({ host, port, timeoutMs })
  const client = new pg.Client({
    host,
    port,
    database: config.database,
    user: config.user,
    // a function, so that the driver looks for no password in the environment or ~/.pgpass
    password: () => config.password ?? '',
    ssl,
    application_name: config.application_name ?? 'tributary',
    connectionTimeoutMillis: timeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    stream: () => connected(socket),
    types: { getTypeParser: () => (text: string | Buffer) => text },
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** The driver connects what it is given: this socket already is. */
function connected(socket: Socket): Socket {
  socket.connect = () => {
    process.nextTick(() => socket.emit('connect'))
    return socket
  }
  return socket
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 }

/** `30s`, `15m`, `1h` in milliseconds. */
export function durationMs(duration: string): number {
  return Number.parseInt(duration, 10) * (UNIT_MS[duration.at(-1) ?? 's'] ?? 1000)
}
