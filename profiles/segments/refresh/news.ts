/**
 * What came since the segments were last evaluated: loads of facts, identity and traits, entries of lists. A position is seen,
 * never a time, so that nothing late is missed.
 */
import type { Warehouse } from '../../../warehouse/client.js'
import { selectRow } from '../../../warehouse/query.js'
import { type DerivedPosition, type News, newsSince } from '../../facts/position.js'

/** What an accepted load of the stream `segments` keeps. */
export interface SegmentsState {
  /** The load's version: segments whose newest row is older were left out of it. */
  readonly version: number
  /** The moment for which it evaluated, milliseconds. */
  readonly now: number
  readonly mappings: DerivedPosition
  readonly identity: DerivedPosition
  readonly traits: DerivedPosition
  readonly lists: ListsPosition
}

export interface ListsPosition {
  /** The newest entry, milliseconds. */
  readonly at: number
  /** How many entries there are up to it. */
  readonly entries: number
}

export interface SegmentsNews {
  readonly mappings: News
  readonly identity: News
  readonly traits: News
  readonly lists: {
    readonly position: ListsPosition
    /** Entries after this moment are new, milliseconds; undefined: none is. */
    readonly after?: number
  }
}

/** @param state undefined: everything is new */
export async function readNews(
  warehouse: Warehouse,
  state: SegmentsState | undefined,
): Promise<SegmentsNews> {
  return {
    mappings: await newsSince(warehouse, 'mapping/', state?.mappings ?? {}),
    identity: await newsSince(warehouse, 'identity', state?.identity ?? {}),
    traits: await newsSince(warehouse, 'traits', state?.traits ?? {}),
    lists: await listsNews(warehouse, state?.lists ?? { at: -1, entries: 0 }),
  }
}

/** True when nothing came. */
export function nothingNew({ mappings, identity, traits, lists }: SegmentsNews): boolean {
  const streams = [mappings, identity, traits]
  return (
    streams.every(({ loadIds, rebuilt }) => loadIds.length === 0 && !rebuilt) && lists.after === undefined
  )
}

async function listsNews(warehouse: Warehouse, seen: ListsPosition): Promise<SegmentsNews['lists']> {
  const row = await selectRow<{ newest: string; entries: string; before: string }>(
    warehouse,
    `SELECT toUnixTimestamp64Milli(max(at)) AS newest, count() AS entries,
       countIf(toUnixTimestamp64Milli(at) <= {seen:Int64}) AS before
     FROM cdp.list_records`,
    { seen: seen.at },
  )
  const entries = Number(row?.entries ?? 0)
  if (entries === 0) return { position: seen }
  const position = { at: Number(row?.newest), entries }
  // An entry that was written late, by a clock that was behind: look at all of them.
  if (Number(row?.before) !== seen.entries) return { position, after: -1 }
  return entries === seen.entries ? { position: seen } : { position, after: seen.at }
}
