/** Connections to Temporal, with reconnects quick enough that a restarted server is used again within a second or two. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client'
import type { TemporalConfig } from './config.js'

export class TemporalUnreachable extends Error {
  override readonly name = 'TemporalUnreachable'
}

/** gRPC's own pause grows to two minutes; a client could then stay away long after the server is back. */
const RECONNECT = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1000,
}

/** How connections are made, for clients and workers alike. */
export function connectionOptions(config: TemporalConfig) {
  return {
    address: config.address,
    ...(config.tls && { tls: true as const }),
    ...(config.apiKey && { apiKey: config.apiKey }),
  }
}

export interface ConnectedClient {
  readonly client: Client
  close(): Promise<void>
}

/** Throws TemporalUnreachable where nothing answers within the time. */
export async function connectTemporal(config: TemporalConfig, timeoutMs = 5_000): Promise<ConnectedClient> {
  const retries = stoppableRetries()
  try {
    const connection = await Connection.connect({
      ...connectionOptions(config),
      connectTimeout: timeoutMs,
      channelArgs: RECONNECT,
      interceptors: [retries.interceptor],
    })
    const client = new Client({ connection, namespace: config.namespace })
    return {
      client,
      async close() {
        await retries.stop()
        await connection.close()
      },
    }
  } catch (error) {
    throw new TemporalUnreachable(
      `connecting to Temporal at ${config.address}: ${(error as Error).message}; start the local stack with \`tributary up\`, or check TEMPORAL_ADDRESS`,
      { cause: error },
    )
  }
}

/** No pause between two attempts is longer, so that closing never waits long for one. */
const MAX_PAUSE_MS = 2_000

/**
 * The client's own retries, which can end: it makes an attempt from a timer, and one that comes after the connection was
 * closed would take the process down.
 */
function stoppableRetries() {
  const retries = defaultGrpcRetryOptions()
  let stopped = false
  let nextAttemptMs = 0
  const interceptor = makeGrpcRetryInterceptor({
    retryableDecider: (attempt, status) => !stopped && retries.retryableDecider(attempt, status),
    delayFunction: (attempt, status) => {
      const pauseMs = Math.min(retries.delayFunction(attempt, status), MAX_PAUSE_MS)
      nextAttemptMs = Math.max(nextAttemptMs, Date.now() + pauseMs)
      return pauseMs
    },
  })
  return {
    interceptor,
    /** Begins no further attempt, and resolves when the last one that was planned has begun. */
    async stop(): Promise<void> {
      stopped = true
      const waitMs = nextAttemptMs - Date.now()
      if (waitMs > 0) await sleep(waitMs + 20)
    },
  }
}
