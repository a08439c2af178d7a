/**
 * The embedded engine's own entry points. The package's Session class hides two of them: the count of rows an
 * INSERT wrote, and connections opened and closed within a request; hence its native module is loaded itself.
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** An open connection; opaque. */
export type Connection = object

/** What a statement gave: its output in the format asked for, and the rows in it. */
export interface QueryOutcome {
  readonly bytes: Buffer
  /** Seconds. */
  readonly elapsed: number
  readonly rowsRead: number
  readonly bytesRead: number
}

/** What an INSERT wrote, rows of its materialized views included. */
export interface InsertOutcome {
  /** Seconds. */
  readonly elapsed: number
  readonly rowsWritten: number
  readonly bytesWritten: number
}

/** The native module of chdb 3.4. Calls on one connection must not overlap; connections are independent. */
export interface Native {
  CreateConnection(path: string, args: readonly string[]): Connection
  CloseConnection(connection: Connection): void
  QueryAsyncConnection(connection: Connection, sql: string, format: string): Promise<QueryOutcome>
  InsertRawAsyncConnection(
    connection: Connection,
    sql: string,
    data: Buffer,
    countLines: boolean,
  ): Promise<InsertOutcome>
}

/** Loads the engine (some 250 MB of memory). @throws when the package has no build for this platform */
export const loadNative = (): Native => {
  const require = createRequire(import.meta.url)
  const loader = join(dirname(require.resolve('chdb')), 'dist', 'loader.js')
  return (require(loader) as { loadNative(): Native }).loadNative()
}
