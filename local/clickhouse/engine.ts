/**
 * The engine over one data directory: a connection for each request (opening one takes 60 µs), so that neither
 * settings nor temporary tables can leak from one request into the next, and one kept for administration.
 */
import { quote } from './lexer.js'
import { type Connection, type InsertOutcome, loadNative, type Native, type QueryOutcome } from './native.js'

/** Where the data lives and what the engine may use. */
export interface EngineOptions {
  readonly dataDir: string
  /** A configuration file of the engine, for what is no setting of a query. */
  readonly configFile: string
}

/** Defaults that differ from a server's in the embedded engine, or that suit one small machine. */
const BASELINE = {
  allow_introspection_functions: 0,
  async_insert: 0,
  implicit_select: 0,
  serialize_query_plan: 0,
}

/** One connection; statements on it run one after another. */
export class EngineConnection {
  readonly #native: Native
  readonly #handle: Connection
  #tail: Promise<unknown> = Promise.resolve()

  constructor(native: Native, handle: Connection) {
    this.#native = native
    this.#handle = handle
  }

  /** Runs one or more statements. @throws the engine's error */
  query(sql: string, format = 'TabSeparated'): Promise<QueryOutcome> {
    return this.#serial(() => this.#native.QueryAsyncConnection(this.#handle, sql, format))
  }

  /** Runs one INSERT that carries no inline data, and counts what it wrote. @throws the engine's error */
  insert(sql: string): Promise<InsertOutcome> {
    return this.#serial(() =>
      this.#native.InsertRawAsyncConnection(this.#handle, sql, Buffer.alloc(0), false),
    )
  }

  /** Closes the connection after its last statement: one torn down earlier takes the engine with it. */
  async close(): Promise<void> {
    await this.#tail
    this.#native.CloseConnection(this.#handle)
  }

  #serial<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(run)
    this.#tail = result.then(
      () => undefined,
      () => undefined,
    )
    return result
  }
}

/** Opens connections to the engine. */
export class Engine {
  readonly #native = loadNative()
  readonly #options: EngineOptions
  readonly #admin: EngineConnection
  /** The engine's version, such as 26.7.2.1. */
  version = ''
  /** The engine's time zone. */
  timezone = ''

  /** @throws when another process owns the directory, or it cannot be read */
  constructor(options: EngineOptions) {
    this.#options = options
    this.#admin = this.connect()
  }

  /** Reads what the engine says about itself; call once before the first request. */
  async start(): Promise<void> {
    const { bytes } = await this.#admin.query('SELECT version(), serverTimezone()')
    const [version = '', timezone = ''] = bytes.toString().trim().split('\t')
    this.version = version
    this.timezone = timezone
  }

  /** A connection with nothing but the defaults. */
  connect(): EngineConnection {
    const settings = Object.entries(BASELINE).map(([name, value]) => `--${name}=${value}`)
    const args = [`--config-file=${this.#options.configFile}`, ...settings]
    return new EngineConnection(this.#native, this.#native.CreateConnection(this.#options.dataDir, args))
  }

  /** Ends the running queries that carry one of `comments` as their log_comment; nothing happens to others. */
  async kill(comments: readonly string[]): Promise<void> {
    const list = comments.map(quote).join(', ')
    await this.#admin.query(`KILL QUERY WHERE Settings['log_comment'] IN (${list}) ASYNC`)
  }

  /** Closes the engine; every other connection must be closed before. */
  close(): Promise<void> {
    return this.#admin.close()
  }
}
