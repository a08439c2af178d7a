/**
 * Writes one load: rows and blocks go to `<stream>__rows` under the load's id, a few inserts at a time, and are counted at
 * the end. Nothing it writes is visible until the ledger accepts the load, so a failure anywhere needs no clean-up.
 */
import type { Warehouse } from '../client.js'
import { registerLoad } from '../ledger/ledger.js'
import { selectRow } from '../query.js'
import { compileRowEncoder, type RowEncoder } from '../rows/row-encoder.js'
import { rowsTable } from '../tables/stream-table.js'
import { quoteIdentifier } from '../types/identifiers.js'
import { type Insert, type InsertBody, sendInsert } from './insert-body.js'
import { insertStatement } from './insert-statement.js'
import { loadQueryPrefix } from './kill-loads.js'
import type { LoadTarget, LoadTotals } from './load-target.js'
import { OpenBody } from './open-body.js'
import { type Reject, RejectWriter } from './rejects.js'

/** Rows of the encoder that make one insert: one part, under 256 MB of memory in the engine. */
const ROWS_PER_INSERT = 100_000
const BYTES_PER_INSERT = 32 * 1024 * 1024
/** One insert parses while the next one's bytes are read: more would not be faster on the same cores, only larger. */
const INSERTS_IN_FLIGHT = 2

export interface LoadBlock {
  readonly format: string
  /** Fields in the order of the bytes. */
  readonly columns: readonly string[]
  readonly body:
    | Exclude<InsertBody, { kind: 'open' }>
    | { readonly kind: 'open'; readonly chunks: AsyncGenerator<Uint8Array, number> }
  readonly rows?: number
  readonly exactTypes?: boolean
  readonly settings?: Readonly<Record<string, string | number>>
}

export interface LoadWriterOptions {
  readonly signal: AbortSignal
  /** Folders whose files the warehouse reads itself. */
  readonly localFileRoots: readonly string[]
}

/** The warehouse holds other rows of a load than were sent: the load is void. */
export class CountMismatch extends Error {
  override readonly name = 'CountMismatch'
}

export class LoadWriter {
  readonly #encoder: RowEncoder
  readonly #rejects: RejectWriter
  readonly #inserts = new Set<Promise<void>>()
  /** Open blocks, until their sources have given all. */
  readonly #open = new Set<OpenBody>()
  #registered = false
  #failure: unknown
  #sent = 0
  #written = 0
  #unknownSent = false
  #bytes = 0
  #inserted = 0
  #encoded = 0

  constructor(
    private readonly warehouse: Warehouse,
    private readonly target: LoadTarget,
    private readonly options: LoadWriterOptions,
  ) {
    this.#encoder = compileRowEncoder(target.rows.input, {
      onBadValue: target.contract === 'discard_value' ? 'discard_value' : 'discard_row',
      unknownFields:
        target.contract === 'discard_row' ? 'discard_row' : target.keepsUnknown ? 'keep' : 'ignore',
      keyFields: target.keyFields,
      knownFields: target.rows.excluded,
      trailing: [
        { kind: 'meta', name: '_meta' },
        ...(target.table.keyed
          ? ([
              { kind: 'ordinal', name: '_ordinal' },
              { kind: 'deleted', name: '_deleted' },
            ] as const)
          : []),
      ],
    })
    this.#rejects = new RejectWriter(warehouse, target)
  }

  /** Rows sent so far, and rejected. For progress and budgets. */
  get rows(): number {
    return this.#sent
  }
  get bytes(): number {
    return this.#bytes + this.#encoder.bytes
  }
  get rejects(): number {
    return this.#rejects.count
  }
  /** True when nothing was given to it: there is no load. */
  get empty(): boolean {
    return this.#sent === 0 && !this.#unknownSent && this.#rejects.count === 0
  }

  /** Appends records; those that do not fit their columns become rejects. Waits when inserts are behind. */
  async appendRecords(records: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    await this.#placesKnown()
    for (const record of records) {
      const outcome = this.#encoder.append(record)
      if (outcome.kind === 'kept') this.#sent += 1
      else if (outcome.kind === 'changed') {
        this.#sent += 1
        this.#rejects.addChanged(record, outcome.changes)
      } else {
        this.#rejects.addRecord(record, outcome.reason, outcome.field)
      }
      if (this.#encoder.rows >= ROWS_PER_INSERT || this.#encoder.bytes >= BYTES_PER_INSERT)
        await this.#sendRows()
    }
    await this.#rejects.flushIfLarge(() => this.#register())
  }

  /**
   * Sends a block as it is. The caller must not touch its bytes again. Waits when inserts are behind, but not for the
   * end of an open block: other streams of the source may be read meanwhile.
   */
  async appendBlock(block: LoadBlock): Promise<void> {
    await this.#placesKnown()
    // Rows before the block keep their place before it.
    await this.#sendRows()
    const projection = block.exactTypes ? this.target.exactBlocks : this.target.blocks
    const types = new Map(projection.input.map(({ field, type }) => [field, type]))
    const structure = block.columns
      .map((field) => `${quoteIdentifier(field)} ${types.get(field) ?? 'Nullable(String)'}`)
      .join(', ')
    // Without a count the next block's first ordinal is known only when this one has ended.
    const open = block.body.kind === 'open'
    const alone = this.target.table.keyed && block.rows === undefined && !open
    if (alone) await this.#drain(0)
    const writtenBefore = this.#written
    const statement = insertStatement(this.target, {
      projection,
      structure,
      absent: projection.input.filter(({ field }) => !block.columns.includes(field)),
      format: block.format,
      carriesMeta: false,
      firstOrdinal: this.#sent,
      ...(block.settings && { settings: block.settings }),
    })
    if (block.body.kind === 'open') {
      await this.#insert(statement, { kind: 'open', body: this.#openBody(block.body.chunks) })
      return
    }
    if (block.rows === undefined) this.#unknownSent = true
    else this.#sent += block.rows
    this.#bytes += block.body.kind === 'file' ? block.body.bytes : bytesOf(block.body.bytes)
    await this.#insert(statement, block.body)
    if (alone) {
      await this.#drain(0)
      this.#sent += this.#written - writtenBefore
    }
  }

  /** Keeps pieces of input that are no records. */
  async appendRejects(rejects: readonly Reject[]): Promise<void> {
    for (const reject of rejects) this.#rejects.add(reject)
    await this.#rejects.flushIfLarge(() => this.#register())
  }

  /**
   * Sends what is left, waits for every insert and counts the load in the table. Throws CountMismatch where it is not
   * what was sent.
   */
  async finish(): Promise<LoadTotals> {
    await this.#sendRows()
    await this.#drain(0)
    if (!this.empty) await this.#register()
    await this.#rejects.flush()
    const counted = await this.#count()
    const exact = this.target.rows.where === undefined && !this.#unknownSent
    const expected = exact ? this.#sent : this.#written
    // Rows past their time to live may be gone by now, as was asked.
    const fewer = counted < expected && this.target.table.ttl === undefined
    // What the engine acknowledges includes rows of materialized views that people attached to the table.
    const lost = fewer && (exact || !(await this.#feedsViews()))
    if (lost || counted > expected) {
      throw new CountMismatch(
        `counting load ${this.target.loadId}: ${this.#sent} rows sent, ${this.#written} acknowledged, ${counted} in the table; it is void and is read again`,
      )
    }
    return { rows: counted, bytes: this.#bytes, rejects: this.#rejects.count }
  }

  /** Waits until no insert is under way; errors are of no more interest. */
  async abandon(): Promise<void> {
    await Promise.allSettled(this.#inserts)
  }

  async #sendRows(): Promise<void> {
    const rows = this.#encoder.rows
    if (rows === 0) return
    const bytes = this.#encoder.take()
    // The encoder numbers its own rows only; blocks between them count too.
    const firstOrdinal = this.#sent - rows - this.#encoded
    this.#encoded += rows
    this.#bytes += bytes.byteLength
    const statement = insertStatement(this.target, {
      projection: this.target.rows,
      structure: this.#encoder.structure,
      format: 'RowBinary',
      carriesMeta: true,
      firstOrdinal,
    })
    await this.#insert(statement, { kind: 'bytes', bytes })
  }

  async #insert(statement: string, body: InsertBody): Promise<void> {
    await this.#register()
    await this.#drain(INSERTS_IN_FLIGHT - 1)
    this.#inserted += 1
    const queryId = `${loadQueryPrefix(this.target.table)}${this.target.loadId}-${this.#inserted}`
    const sending = this.#send({ statement, body, queryId, ...this.options })
    const tracked = sending.finally(() => this.#inserts.delete(tracked))
    this.#inserts.add(tracked)
  }

  async #send(insert: Insert): Promise<void> {
    try {
      const written = await sendInsert(this.warehouse, insert)
      this.#written += written
    } catch (error) {
      this.#failure ??= error
    }
    if (insert.body.kind === 'open') await insert.body.body.drain()
  }

  #openBody(chunks: AsyncGenerator<Uint8Array, number>): OpenBody {
    const body = new OpenBody(chunks, {
      onBytes: (bytes) => {
        this.#bytes += bytes
      },
      onRows: (rows) => {
        this.#sent += rows
      },
    })
    this.#open.add(body)
    void body.ended.then(() => this.#open.delete(body))
    return body
  }

  /** Rows that are numbered wait for the count of those before them. */
  async #placesKnown(): Promise<void> {
    if (this.target.table.keyed) await Promise.all([...this.#open].map(({ ended }) => ended))
  }

  /** Waits until at most so many inserts are under way; throws the first failure. */
  async #drain(most: number): Promise<void> {
    while (this.#inserts.size > most) await Promise.race(this.#inserts)
    if (this.#failure !== undefined) throw this.#failure
  }

  async #register(): Promise<void> {
    if (this.#registered) return
    const { table, position, loadId, origin } = this.target
    await registerLoad(
      this.warehouse,
      { source: table.source, stream: table.stream },
      position,
      loadId,
      origin,
    )
    this.#registered = true
  }

  async #feedsViews(): Promise<boolean> {
    const { source, stream } = this.target.table
    const row = await selectRow<{ feeds: number }>(
      this.warehouse,
      `SELECT notEmpty(dependencies_table) AS feeds FROM system.tables
       WHERE database = {database:String} AND name = {table:String}`,
      { database: source, table: `${stream}__rows` },
    )
    return row?.feeds === 1
  }

  async #count(): Promise<number> {
    if (!this.#registered) return 0
    const row = await selectRow<{ rows: string }>(
      this.warehouse,
      `SELECT count() AS rows FROM ${rowsTable(this.target.table)}
       WHERE _load_id = {loadId:UInt64} AND _generation = {generation:UInt32}`,
      { loadId: this.target.loadId, generation: this.target.position.generation },
    )
    return Number(row?.rows ?? 0)
  }
}

function bytesOf(bytes: Uint8Array | readonly Uint8Array[]): number {
  return bytes instanceof Uint8Array
    ? bytes.byteLength
    : bytes.reduce((sum, part) => sum + part.byteLength, 0)
}
