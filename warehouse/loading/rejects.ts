/** What could not be loaded as it was: kept in `tributary.rejects`, never dropped silently. */
import type { Warehouse } from '../client.js'
import type { ValueChange } from '../rows/row-encoder.js'
import type { LoadTarget } from './load-target.js'
import { WITHHELD } from './replay.js'

export interface Reject {
  /** What is wrong, without content. */
  readonly reason: string
  readonly field?: string
  /** Where it stands in the source, e.g. `orders.csv line 17`. */
  readonly location: string
  /** The input as it was. */
  readonly raw: string
}

const BATCH_ROWS = 5_000
const BATCH_BYTES = 8 * 1024 * 1024
/** A single reject larger than this is cut; its location says where the whole is. */
const MAX_RAW_BYTES = 1024 * 1024

type SourceRow = Readonly<Record<string, unknown>>

/** Collects a load's rejects and inserts them in batches under the load's id. */
export class RejectWriter {
  #batch: Reject[] = []
  #batchBytes = 0
  #written = 0

  constructor(
    private readonly warehouse: Warehouse,
    private readonly target: LoadTarget,
  ) {}

  get count(): number {
    return this.#written + this.#batch.length
  }

  add(reject: Reject): void {
    this.#batch.push(
      reject.raw.length > MAX_RAW_BYTES ? { ...reject, raw: reject.raw.slice(0, MAX_RAW_BYTES) } : reject,
    )
    this.#batchBytes += Math.min(reject.raw.length, MAX_RAW_BYTES)
  }

  /** A record that was not taken. Fields that must not stand in clear are masked. */
  addRecord(record: SourceRow, reason: string, field: string): void {
    this.add({ reason, field, location: '', raw: this.#text(record) })
  }

  /** A row that was taken with values left out: each such value is kept. */
  addChanged(record: SourceRow, changes: readonly ValueChange[]): void {
    for (const { field, change, reason } of changes) {
      this.add({ reason: `value ${change}: ${reason}`, field, location: '', raw: this.#text(record) })
    }
  }

  #text(record: SourceRow): string {
    const masked = this.target.withheld.filter((field) => record[field] != null)
    if (masked.length === 0) return JSON.stringify(record)
    return JSON.stringify({ ...record, ...Object.fromEntries(masked.map((field) => [field, WITHHELD])) })
  }

  async flushIfLarge(beforeFirst: () => Promise<void>): Promise<void> {
    if (this.#batch.length < BATCH_ROWS && this.#batchBytes < BATCH_BYTES) return
    await beforeFirst()
    await this.flush()
  }

  async flush(): Promise<void> {
    if (this.#batch.length === 0) return
    const batch = this.#batch
    const first = this.#written
    this.#written += batch.length
    this.#batch = []
    this.#batchBytes = 0
    await this.warehouse.insert({
      table: 'tributary.rejects',
      values: batch.map((reject, index) => ({
        source: this.target.table.source,
        stream: this.target.table.stream,
        load_id: this.target.loadId,
        ordinal: first + index,
        reason: reject.reason,
        field: reject.field ?? '',
        location: reject.location,
        raw: reject.raw,
      })),
      format: 'JSONEachRow',
      columns: ['source', 'stream', 'load_id', 'ordinal', 'reason', 'field', 'location', 'raw'],
    })
  }
}
