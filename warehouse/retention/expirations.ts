/**
 * `tributary.expirations`: how far the rows of a stream's generation are gone. `begun` stands there before the first row
 * goes and `done` when all are gone, so that whoever reads rows or steps back knows what may be missing. Append-only.
 */
import type { Warehouse } from '../client.js'
import type { StreamKey } from '../ledger/ledger.js'
import { selectRow } from '../query.js'

/** Ids of loads as decimal text; `0` where nothing went yet. */
export interface Expired {
  /** Rows of loads below it may be gone. */
  readonly begun: string
  /** What was to go of loads below it is gone. */
  readonly done: string
}

export async function expiredOf(warehouse: Warehouse, key: StreamKey, generation: number): Promise<Expired> {
  const row = await selectRow<Expired>(
    warehouse,
    `SELECT toString(max(before_load)) AS begun, toString(maxIf(before_load, event = 'done')) AS done
     FROM tributary.expirations
     WHERE source = {source:String} AND stream = {stream:String} AND generation = {generation:UInt32}`,
    { source: key.source, stream: key.stream, generation },
  )
  return row ?? { begun: '0', done: '0' }
}

/** Keeps one step; durable when the promise resolves. Repeating it changes nothing. */
export async function recordExpiration(
  warehouse: Warehouse,
  key: StreamKey,
  step: {
    readonly generation: number
    readonly event: 'begun' | 'done'
    readonly beforeLoad: string
    readonly rows: number
  },
): Promise<void> {
  await warehouse.insert({
    table: 'tributary.expirations',
    values: [
      {
        source: key.source,
        stream: key.stream,
        generation: step.generation,
        event: step.event,
        before_load: step.beforeLoad,
        rows: step.rows,
      },
    ],
    columns: ['source', 'stream', 'generation', 'event', 'before_load', 'rows'],
    format: 'JSONEachRow',
  })
}
