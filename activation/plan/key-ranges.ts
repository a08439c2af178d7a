/**
 * Cuts the keys of a comparison into ranges of bounded size. Both sides lie in the order of their keys, so each range is read
 * alone, and no more memory is taken for ten million keys than for one.
 */
import { selectRow, selectRows } from '../../warehouse/query.js'
import type { PlanScratch } from './scratch.js'

/** From `from`, up to without `upTo`; absent: no end. */
export interface KeyRange {
  readonly from?: string
  readonly upTo?: string
}

/** Rows of both sides in a range, about. */
const RANGE_ROWS = 500_000
/** Keys looked at for each range, to find where it ends. */
const SAMPLES = 500

/** @param keys SELECT of the keys of both sides, one for each row */
export async function keyRanges(
  { warehouse, signal }: PlanScratch,
  keys: string,
  params: Readonly<Record<string, unknown>>,
  rangeRows = RANGE_ROWS,
): Promise<readonly KeyRange[]> {
  const row = await selectRow<{ rows: string }>(warehouse, `SELECT count() AS rows FROM (${keys})`, params)
  const ranges = Math.ceil(Number(row!.rows) / rangeRows)
  if (ranges <= 1) return [{}]
  const every = Math.max(1, Math.floor(rangeRows / SAMPLES))
  const sampled = await selectRows<{ key: string }>(
    warehouse,
    `SELECT key FROM (${keys}) WHERE sipHash64(key) % {every:UInt32} = 0 ORDER BY key`,
    { ...params, every },
    signal,
  )
  const ends = Array.from({ length: ranges - 1 }, (_, index) =>
    sampled.at(Math.floor(((index + 1) * sampled.length) / ranges)),
  )
  const bounds = [...new Set(ends.flatMap((end) => (end === undefined ? [] : [end.key])))]
  return [undefined, ...bounds].map((from, index) => ({
    ...(from !== undefined && { from }),
    ...(bounds[index] !== undefined && { upTo: bounds[index] }),
  }))
}

/** SQL: true for the keys of a range. Its parameters are the range itself. */
export const inRange = ({ from, upTo }: KeyRange): string =>
  [
    ...(from === undefined ? [] : ['key >= {from:String}']),
    ...(upTo === undefined ? [] : ['key < {upTo:String}']),
  ].join(' AND ') || '1'
