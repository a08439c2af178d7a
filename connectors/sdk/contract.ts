/**
 * The contract between a connector and the runtime: what a source defines, what it is given, what it yields.
 * Optional members are capabilities: a source that lacks one leaves it out; nothing is stubbed and nothing inherited.
 */
import type { Socket } from 'node:net'
import type { StreamSchema } from '@tributary/schemas'
import type { ConnectorError } from './errors.js'
import type { HttpClient, HttpOptions } from './http/client.js'
import type { ConnectTarget } from './http/connect.js'
import type { JsonObject, JsonSchema } from './json.js'

/** What the runtime gives to every call of a connector. */
export interface ConnectorContext<Config> {
  /** Validated against the spec, defaults applied, secrets resolved. Never log it. */
  readonly config: Config
  /** Aborts when the run is cancelled, the worker shuts down or the attempt timed out: pass it to every wait. */
  readonly signal: AbortSignal
  readonly log: ConnectorLog
  /** Where rotated credentials are kept; a change is durable when the promise resolves. */
  readonly secrets: SecretStore
  /** Opens an HTTP client: retry, rate budget, redaction, private addresses refused unless allowed. */
  http(options?: HttpOptions): HttpClient
  /** Opens a TCP connection for another protocol: private addresses refused unless allowed. The connector ends it. */
  connect(target: ConnectTarget): Promise<Socket>
  /** Resolves a path of the workspace (relative paths start at its folder). */
  resolvePath(path: string): string
  /** Directory for scratch files, removed after the call. */
  readonly scratchDirectory: string
}

/** Message constants plus structured fields. Never pass record content or config values. */
export interface ConnectorLog {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
}

export interface SecretStore {
  /** The rotated value that was kept under this key, if any. Keys are scoped to the source. */
  get(key: string): Promise<string | undefined>
  /** Keeps a rotated value (a refresh token) before the old one stops working. */
  update(key: string, value: string): Promise<void>
}

export interface SourceDefinition<Config> {
  /** JSON Schema of the config: form, CLI prompts, validation and reference come from it. */
  readonly spec: JsonSchema
  /** Proves that the config works, cheaply. Resolves, or throws a ConnectorError that says what to do. */
  check(context: ConnectorContext<Config>): Promise<void>
  /** The streams, or how to discover them. Discovery reads catalogues, never data beyond a sample. */
  readonly streams:
    | readonly StreamDefinition<Config>[]
    | ((context: ConnectorContext<Config>) => Promise<readonly StreamDefinition<Config>[]>)
}

export interface StreamDefinition<Config> {
  /** Unique in the source, e.g. `orders` or `public.orders`. */
  readonly name: string
  readonly schema: StreamSchema
  /** Fields that identify a record; never null. Absent: the source knows no key. */
  readonly primaryKey?: readonly string[]
  /** Present: the stream can be read incrementally. */
  readonly cursor?: CursorCapability
  /**
   * True when `read` yields a checkpoint at least every few minutes of work. A stream that cannot checkpoint is read
   * in one activity with hours of time.
   * @default true
   */
  readonly resumable?: boolean
  /**
   * Present: the stream exists and cannot be read now, which this says. Opening it fails so; other streams go on.
   */
  readonly unreadable?: ConnectorError
  /** Size of a read from this state, for progress and ETA. May be rough; never slow. */
  estimate?(context: ReadContext<Config>): Promise<{ readonly rows?: number; readonly bytes?: number }>
  /**
   * Yields records or blocks, and checkpoints. It may be ended after any checkpoint (the generator's `return`), and
   * started again from that checkpoint's state by another process. Rows after the last checkpoint are read again.
   * Ending means: complete. An incremental read (a window's too) ends with a checkpoint behind its last row, or rows
   * would be read again by the next one; a full read need not.
   */
  read(context: ReadContext<Config>): AsyncIterable<StreamMessage>
}

/** With neither `field` nor `candidates` the position is the source's own (files, logs) and no field shows it. */
export interface CursorCapability {
  /** The cursor where the source defines it; otherwise the person chooses one of `candidates`. */
  readonly field?: string
  readonly candidates?: readonly string[]
  /** Smallest step of the cursor, ISO 8601 duration. */
  readonly granularity?: string
  /** How far behind the newest cursor late records may appear, ISO 8601 duration. */
  readonly lookback?: string
}

export interface ReadContext<Config> extends ConnectorContext<Config> {
  readonly syncMode: 'full_refresh' | 'incremental'
  /** `append_dedup` repairs repeated rows by key; `append` and `overwrite` keep what they get: repeat nothing there. */
  readonly destinationSyncMode: 'append' | 'overwrite' | 'append_dedup'
  /** The newest accepted checkpoint's state; absent at a first or full read. Opaque to the runtime. */
  readonly state?: JsonObject
  readonly cursorField?: string
  readonly primaryKey: readonly string[]
  /** Re-read this far behind the cursor, in milliseconds. 0: none. */
  readonly lookbackMs: number
  /** A backfill reads `from <= cursor < to` only, and never moves the live cursor. Cursor values as text. */
  readonly window?: { readonly from: string; readonly to: string }
  /** Fields to read, in the schema's order: leave the others at the source where that is possible. */
  readonly fields: readonly string[]
  /**
   * `rows` after the warehouse could not read a block: yield records and rejects instead of blocks, so that the bad
   * rows are found. Sources that never yield blocks ignore it.
   */
  readonly path: 'blocks' | 'rows'
  /**
   * The reader takes blocks whose bytes are still being read, so that no block is ever whole in memory.
   * @default false
   */
  readonly openBlocks?: boolean
}

export type StreamMessage = RecordsMessage | BlockMessage | RejectsMessage | CheckpointMessage

export interface RecordsMessage {
  readonly type: 'records'
  /** Plain JSON values in the schema's shape. The array is handed over: do not reuse it. */
  readonly records: readonly SourceRecord[]
}

export type SourceRecord = Readonly<Record<string, unknown>>

/** Set this field to true on a record (with its primary key) to say that the source deleted it. */
export const DELETED_FIELD = '_deleted'

export interface BlockMessage {
  readonly type: 'block'
  readonly block: Block
}

/** Bytes in a format that ClickHouse reads: the fast path of databases and files. About 100,000 rows, or a whole file. */
export interface Block {
  readonly format: BlockFormat
  /** Fields in the order of the bytes. Self-describing formats (JSONEachRow, Parquet, CSVWithNames) match by name. */
  readonly columns: readonly string[]
  readonly body: BlockBody
  /** Rows in the block where the source knows it: checked against what the warehouse counted. */
  readonly rows?: number
  /**
   * True where the source's own types are the declared ones (a database): numbers are then read without a range check.
   * @default false
   */
  readonly exactTypes?: boolean
  /** ClickHouse format settings, e.g. `{ format_csv_delimiter: ';' }`. */
  readonly settings?: Readonly<Record<string, string | number>>
}

export type BlockFormat = 'TabSeparated' | 'CSV' | 'CSVWithNames' | 'JSONEachRow' | 'Parquet'

export type BlockBody =
  | {
      readonly kind: 'bytes'
      readonly bytes: Uint8Array | readonly Uint8Array[]
    }
  /**
   * Bytes that are still being read from the source, whole rows in sum; at their end they tell how many rows they were.
   * Read them to their end, also where they are of no more use: the stream's next message comes after it. Only for
   * readers that ask for open blocks.
   */
  | { readonly kind: 'open'; readonly chunks: AsyncGenerator<Uint8Array, number> }
  /** A file on this machine; sent as it is, compressed or not. */
  | {
      readonly kind: 'file'
      readonly path: string
      readonly bytes: number
      readonly compression?: 'gzip' | 'zstd'
    }

export interface RejectsMessage {
  readonly type: 'rejects'
  readonly rejects: readonly SourceReject[]
}

/** A piece of input that is no record. It is kept, never dropped silently. */
export interface SourceReject {
  /** What is wrong, without content: `line is not JSON: unexpected end`. */
  readonly reason: string
  /** Where it stands: `orders.csv line 17`. */
  readonly location: string
  /** The input as it was, so that it can be replayed. */
  readonly raw: string
}

export interface CheckpointMessage {
  readonly type: 'checkpoint'
  /** Every record yielded before may be forgotten by the source. JSON, under 8 KB. */
  readonly state: JsonObject
  /** The position as a person reads it: `2026-11-01 10:00:00`, `4 of 12 files`. No personal data. */
  readonly cursor?: string
  /** The position as a time where it is one (ISO 8601): freshness is derived from it. */
  readonly cursorTime?: string
}

/** Declares a source. Identity at run time; it fixes the config type for its streams. */
export function defineSource<Config>(source: SourceDefinition<Config>): SourceDefinition<Config> {
  return source
}

/** Declares a stream of a source. Identity at run time. */
export function defineStream<Config>(stream: StreamDefinition<Config>): StreamDefinition<Config> {
  return stream
}

export function records(items: readonly SourceRecord[]): RecordsMessage {
  return { type: 'records', records: items }
}

export function block(value: Block): BlockMessage {
  return { type: 'block', block: value }
}

export function rejects(items: readonly SourceReject[]): RejectsMessage {
  return { type: 'rejects', rejects: items }
}

export function checkpoint(
  state: JsonObject,
  position: { readonly cursor?: string; readonly cursorTime?: string } = {},
): CheckpointMessage {
  return { type: 'checkpoint', state, ...position }
}
