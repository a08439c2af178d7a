/**
 * One connection to the server: opened with the config's TLS mode, read only, cancelled at the server when the signal
 * aborts, and with every error turned into a ConnectorError that holds no secret and no row.
 */
import type { Readable } from 'node:stream'
import type { ConnectorContext } from '@tributary/connector-sdk'
import { durationMs, literal, login } from '@tributary/postgres'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { toConnectorError } from './errors.js'
import type { PostgresConfig } from './spec.js'

export type Context = Pick<ConnectorContext<PostgresConfig>, 'config' | 'signal' | 'connect'>

export interface Connection {
  /** Rows as arrays of texts; of the last statement where there are several. */
  query(action: string, sql: string, parameters?: readonly unknown[]): Promise<(string | null)[][]>
  /** The bytes of a COPY … TO STDOUT. Errors come through {@link Connection.fail}. */
  copy(sql: string): Readable & { readonly rowCount: number }
  /** The error to throw for one that a statement gave: the abort's reason when the signal caused it. */
  fail(action: string, error: unknown): Error
  /** Tells the server's process, which is ended there where a statement still runs. */
  cancelBy(backendPid: string): void
  /** Closes it, at the server too where a statement still runs. Idempotent, never throws. */
  close(): Promise<void>
}

const TERMINATE_WAIT_MS = 5_000
const CONNECTION_CHECK_MS = 10_000

/** Opens a connection. @throws ConnectorError */
export async function connect(context: Context): Promise<Connection> {
  const { config, signal } = context
  signal.throwIfAborted()
  const action = `connecting to ${config.host}:${config.port ?? 5432}`
  const client = await loginUnlessAborted(context).catch((error) => {
    throw signal.aborted ? signal.reason : toConnectorError(action, error)
  })
  let busy = 0
  let backendPid: string | undefined
  let closing: Promise<void> | undefined

  const assertOpen = (): void => {
    if (closing) throw signal.aborted ? signal.reason : new Error('the connection was closed')
  }
  const run = async (sql: string, parameters?: readonly unknown[]): Promise<(string | null)[][]> => {
    assertOpen()
    busy++
    const values = parameters && { values: [...parameters] }
    const result = await client.query({ text: sql, rowMode: 'array', ...values }).finally(() => busy--)
    return (Array.isArray(result) ? result.at(-1) : result).rows
  }
  const close = (): Promise<void> => {
    closing ??= (async () => {
      signal.removeEventListener('abort', close)
      if (busy > 0 && backendPid !== undefined) await terminate(context, backendPid)
      await client.end().catch(() => undefined)
    })()
    return closing
  }
  const connection: Connection = {
    query: (step, sql, parameters) =>
      run(sql, parameters).catch((error) => {
        throw connection.fail(step, error)
      }),
    copy: (sql) => {
      assertOpen()
      busy++
      const stream = client.query(copyTo(sql))
      stream.once('end', () => busy--)
      // a listener of our own, since it may fail after its reader has gone
      stream.once('error', () => busy--).on('error', () => undefined)
      return stream
    },
    cancelBy: (pid) => {
      backendPid = pid
    },
    fail: (step, error) => (signal.aborted ? signal.reason : toConnectorError(step, error)),
    close,
  }
  signal.addEventListener('abort', close, { once: true })
  if (signal.aborted) {
    await close()
    throw signal.reason
  }
  return connection
}

/** The signal ends the attempt and no more than that: a connection that stands is ended in order, by `close`. */
async function loginUnlessAborted({ config, signal, connect }: Context): Promise<pg.Client> {
  const attempt = new AbortController()
  const abort = () => attempt.abort(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await login((target) => connect({ ...target, signal: attempt.signal }), config)
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/**
 * Asks the server to end the connection and what it runs: a closed socket alone is noticed only when it next writes, and
 * a mere cancellation is lost where it arrives between two statements.
 */
async function terminate({ config, connect }: Context, backendPid: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, TERMINATE_WAIT_MS)
  })
  // The reader's own signal has aborted, mostly.
  const signal = AbortSignal.timeout(TERMINATE_WAIT_MS)
  const request = login((target) => connect({ ...target, signal }), config).then(async (client) => {
    await client.query('SELECT pg_terminate_backend($1)', [backendPid]).catch(() => undefined)
    await client.end()
  })
  await Promise.race([request.catch(() => undefined), timeout])
  clearTimeout(timer)
}

/**
 * Begins the read-only transaction that everything is read in, with the settings under which values print the same on
 * every server: one snapshot, UTC, ISO dates, exact floats.
 * @param snapshot exported by another connection: both then see the same rows
 */
export async function beginRead(
  connection: Connection,
  config: PostgresConfig,
  snapshot?: string,
): Promise<void> {
  const timeoutMs = durationMs(config.statement_timeout ?? '0s')
  // so that a statement ends with a reader that died; servers before 14, and those on Windows, cannot
  await connection
    .query('preparing to read', `SET client_connection_check_interval = '${CONNECTION_CHECK_MS}'`)
    .catch(() => undefined)
  const [[backendPid] = []] = await connection.query(
    'beginning to read',
    `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
    ${snapshot === undefined ? '' : `SET TRANSACTION SNAPSHOT ${literal(snapshot)};`}
    SET LOCAL statement_timeout = ${timeoutMs};
    SET LOCAL lock_timeout = 60000;
    SET LOCAL idle_in_transaction_session_timeout = 0;
    SET LOCAL client_encoding = 'UTF8';
    SET LOCAL timezone = 'UTC';
    SET LOCAL datestyle = 'ISO, YMD';
    SET LOCAL intervalstyle = 'iso_8601';
    SET LOCAL bytea_output = 'hex';
    SET LOCAL extra_float_digits = 3;
    SELECT pg_backend_pid()`,
  )
  // asked inside the transaction: behind a pooler any other moment may name another client's process
  connection.cancelBy(backendPid!)
}

/** Opens a connection for one task and closes it whatever happens. */
export async function withConnection<T>(
  context: Context,
  task: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connect(context)
  try {
    return await task(connection)
  } finally {
    await connection.close()
  }
}
