/**
 * The safe way to read a listing that is ordered by a growing field: compares inclusively, so that no record on the
 * boundary is lost, and remembers the keys on the boundary, so that none is repeated.
 */
import { createHash } from 'node:crypto'
import { type CheckpointMessage, checkpoint, type ReadContext, type SourceRecord } from '../contract.js'
import type { JsonObject } from '../json.js'

export interface OrderedCursor {
  /** Ask the source for records with a cursor of this value or later; undefined: from the beginning. */
  readonly since: string | number | undefined
  /** True once a record at or behind the window's end was seen: the rest need not be read. */
  readonly ended: boolean
  /** The records that were not delivered before this state and lie in the window, in their order. */
  fresh<T extends SourceRecord>(records: readonly T[]): T[]
  /** The checkpoint after what `fresh` has returned so far; none when nothing is known yet. `yield*` it. */
  checkpoint(): CheckpointMessage[]
}

/**
 * More keys on one boundary value than this are not remembered (a state is small); after a stop there they come again,
 * which a deduplicating table repairs.
 */
const MOST_BOUNDARY_KEYS = 500

interface CursorState {
  readonly value?: string | number
  readonly keys?: readonly string[]
}

/**
 * @param field the field that the source orders by, ascending: numbers, or text that sorts as it is (ISO 8601 in UTC).
 * Records must come in that order; for a source without order read everything and yield one checkpoint at the end.
 */
export function orderedCursor<Config>(context: ReadContext<Config>, field: string): OrderedCursor {
  const start = context.state as CursorState | undefined
  const delivered = new Set(start?.keys ?? [])
  let value = start?.value
  let keys = new Set(start?.keys ?? [])
  let ended = false
  const keyOf = (record: SourceRecord): string => {
    const names = context.primaryKey.length > 0 ? context.primaryKey : Object.keys(record).sort()
    const text = JSON.stringify(names.map((name) => record[name]))
    return createHash('sha256').update(text).digest('base64').slice(0, 8)
  }

  /** False for a record that the state says was delivered, or that lies outside of the window. */
  const take = (record: SourceRecord): boolean => {
    const at = record[field]
    if (typeof at !== 'string' && typeof at !== 'number') return true
    if (context.window) {
      if (compare(at, context.window.from) < 0) return false
      if (compare(at, context.window.to) >= 0) {
        ended = true
        return false
      }
    }
    const order = value === undefined ? 1 : compare(at, value)
    if (order > 0) {
      value = at
      keys = new Set()
    }
    // Behind the boundary are records that a lookback reads again; they move nothing.
    if (order < 0) return true
    const key = keyOf(record)
    const isNew = start?.value === undefined || compare(at, start.value) !== 0 || !delivered.has(key)
    if (keys.size <= MOST_BOUNDARY_KEYS) keys.add(key)
    return isNew
  }

  return {
    since: sinceOf(context, start?.value),
    get ended() {
      return ended
    },
    fresh: (records) => records.filter(take),
    checkpoint() {
      if (value === undefined) return []
      const state: JsonObject = keys.size > MOST_BOUNDARY_KEYS ? { value } : { value, keys: [...keys] }
      const isTime = typeof value === 'string' && !Number.isNaN(Date.parse(value))
      return [checkpoint(state, { cursor: String(value), ...(isTime ? { cursorTime: String(value) } : {}) })]
    },
  }
}

function sinceOf<Config>(
  { window, lookbackMs }: ReadContext<Config>,
  value: string | number | undefined,
): string | number | undefined {
  if (value === undefined) return window?.from
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return lookbackMs > 0 && !Number.isNaN(time) ? new Date(time - lookbackMs).toISOString() : value
}

function compare(a: string | number, b: string | number): number {
  const [x, y] = typeof a === 'number' || typeof b === 'number' ? [Number(a), Number(b)] : [a, b]
  return x < y ? -1 : x > y ? 1 : 0
}
