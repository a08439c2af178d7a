/**
 * Connections to the server and transactions on them. A connection is kept for the next batch of the same attempt; an error
 * of the server leaves as it is, so that a row's fault can be told from the whole's.
 */
import type { ConnectorContext } from '@tributary/connector-sdk'
import { durationMs, login } from '@tributary/postgres'
import pg from 'pg'
import { toConnectorError } from './errors.js'
import type { PostgresConfig } from './spec.js'

export type Context = Pick<ConnectorContext<PostgresConfig>, 'config' | 'signal' | 'connect'>

export type Rows = (string | null)[][]

export interface Connection {
  /** Rows as arrays of texts; of the last statement where there are several. @throws what the driver throws */
  query(sql: string, parameters?: readonly unknown[]): Promise<Rows>
}

interface OpenConnection extends Connection {
  readonly config: PostgresConfig
  isAlive(): boolean
  /** Closes it. Idempotent, never throws. */
  close(): Promise<void>
}

/** A connection that no batch wants any more is closed after this time. */
const IDLE_MS = 1_000
/** A statement ends with a client that died; servers before 14, and those on Windows, cannot. */
const CONNECTION_CHECK_MS = 10_000
const LOCK_TIMEOUT_MS = 60_000
/** A worker that stands still holds no row longer than this. */
const IDLE_IN_TRANSACTION_MS = 60_000
/** The server rolls one of two transactions back that stand in each other's way; the next try mostly goes through. */
const MOST_ATTEMPTS = 3

/** By the signal of the attempt that opened it. */
const idle = new WeakMap<
  AbortSignal,
  { readonly connection: OpenConnection; readonly timer: NodeJS.Timeout }
>()

/**
 * Runs a task in a transaction, again where it met a deadlock or a conflict. What it did is either there whole or not at all.
 * @param action in gerund, for errors
 * @throws ConnectorError, or the signal's reason
 */
export async function inTransaction<T>(
  context: Context,
  action: string,
  task: (connection: Connection) => Promise<T>,
): Promise<T> {
  const timeoutMs = durationMs(context.config.statement_timeout ?? '10m')
  return withConnection(context, action, async (connection) => {
    for (let attempt = 1; ; attempt++) {
      try {
        await connection.query(`BEGIN;
          SET LOCAL statement_timeout = ${timeoutMs};
          SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS};
          SET LOCAL idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS};
          SET LOCAL client_encoding = 'UTF8';
          SET LOCAL timezone = 'UTC';
          SET LOCAL datestyle = 'ISO, YMD';
          SET CONSTRAINTS ALL IMMEDIATE`)
        const result = await task(connection)
        await connection.query('COMMIT')
        return result
      } catch (error) {
        const mayPass = error instanceof pg.DatabaseError && error.code?.startsWith('40')
        if (!mayPass || attempt === MOST_ATTEMPTS) throw error
        await connection.query('ROLLBACK')
      }
    }
  })
}

/**
 * Runs a task with a connection, the one that the last task left where there is one.
 * @throws ConnectorError, or the signal's reason
 */
export async function withConnection<T>(
  context: Context,
  action: string,
  task: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = take(context) ?? (await connect(context))
  try {
    const result = await task(connection)
    keep(context, connection)
    return result
  } catch (error) {
    // its transaction may still be open
    await connection.close()
    throw context.signal.aborted ? context.signal.reason : toConnectorError(action, error)
  }
}

function take({ config, signal }: Context): OpenConnection | undefined {
  const held = idle.get(signal)
  if (!held) return undefined
  idle.delete(signal)
  clearTimeout(held.timer)
  if (held.connection.config === config && held.connection.isAlive()) return held.connection
  void held.connection.close()
  return undefined
}

function keep({ signal }: Context, connection: OpenConnection): void {
  if (signal.aborted || idle.has(signal)) {
    void connection.close()
    return
  }
  const close = (): void => {
    idle.delete(signal)
    void connection.close()
  }
  idle.set(signal, { connection, timer: setTimeout(close, IDLE_MS) })
}

async function connect(context: Context): Promise<OpenConnection> {
  const { config, signal } = context
  signal.throwIfAborted()
  const client = await login(context.connect, config).catch((error) => {
    if (signal.aborted) throw signal.reason
    throw toConnectorError(`connecting to ${config.host}:${config.port ?? 5432}`, error)
  })
  let alive = true
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    alive = false
    signal.removeEventListener('abort', close)
    closing ??= client.end().catch(() => undefined)
    return closing
  }
  client.once('end', close)
  signal.addEventListener('abort', close, { once: true })
  if (signal.aborted) {
    await close()
    throw signal.reason
  }
  const query = async (sql: string, parameters?: readonly unknown[]): Promise<Rows> => {
    const values = parameters && { values: [...parameters] }
    const result = await client.query({ text: sql, rowMode: 'array', ...values })
    return (Array.isArray(result) ? result.at(-1) : result).rows
  }
  await query(`SET client_connection_check_interval = '${CONNECTION_CHECK_MS}'`).catch(() => undefined)
  return { config, query, isAlive: () => alive, close }
}
