/**
 * Whose membership can have changed since the last evaluation: those with new or withdrawn facts, another identity, other
 * traits or an entry of a list, and those whom time alone changes. Nobody else is looked at again.
 */
import { retractedNodes, statedNodes } from '../../facts/position.js'
import type { FactsSnapshot } from '../../facts/snapshot.js'
import { profileOf } from '../../people/dictionaries.js'
import type { SegmentsNews } from './news.js'
import { bitmapOf, type Scratch } from './scratch.js'
import { BITMAPS } from './sources.js'

/**
 * Keeps the bitmaps of who is dirty and why.
 * @param byTime SELECTs of `profile`, of those whom time alone may change
 */
export async function keepDirty(
  scratch: Scratch,
  snapshot: FactsSnapshot,
  news: SegmentsNews,
  byTime: readonly string[],
): Promise<void> {
  const { identity, stated, retracted, unsure, data, dirty } = BITMAPS
  const { loadIds } = news.mappings
  const profiles = (nodes: string) => `SELECT ${profileOf('node')} AS profile FROM (${nodes})`
  await scratch.put(
    bitmapOf(identity, changedIdentity(snapshot, news.identity.loadIds), 'profile'),
    bitmapOf(stated, profiles(statedNodes(loadIds)), 'profile'),
    bitmapOf(retracted, profiles(retractedNodes(loadIds)), 'profile'),
    bitmapOf(data, union(changedTraitsAndLists(snapshot, news)), 'profile'),
    bitmapOf(dirty, union(byTime), 'profile'),
  )
  const either = (name: string, one: string, other: string) =>
    scratch.select((bitmap) => `'${name}' AS name, bitmapOr(${bitmap(one)}, ${bitmap(other)}) AS members`)
  await scratch.put(either(unsure, identity, retracted), either(data, stated, retracted))
  await scratch.put(either(dirty, identity, data))
}

const union = (selects: readonly string[]): string =>
  selects.length === 0 ? NO_PROFILE : selects.join(' UNION ALL ')

const NO_PROFILE = 'SELECT toUInt32(0) AS profile WHERE 0'

/** Profiles before and now of every node that moved, and what the log says. */
function changedIdentity(snapshot: FactsSnapshot, loadIds: readonly string[]): string {
  if (loadIds.length === 0) return NO_PROFILE
  const isNew = `_load_id IN (${loadIds.join(', ')})`
  const changed = `SELECT node FROM cdp.node_profiles__rows WHERE ${isNew}`
  const before = `SELECT node, argMax(profile, version) AS profile FROM cdp.node_profiles__rows
    WHERE ${snapshot.identity} AND NOT ${isNew} AND node IN (${changed}) GROUP BY node`
  return `SELECT arrayJoin([node, ${profileOf('node')}]) AS profile FROM (${changed})
    UNION ALL SELECT arrayJoin([profile, ${profileOf('profile')}]) AS profile FROM (${before})
    UNION ALL SELECT arrayJoin([profile, other]) AS profile FROM cdp.identity_log__rows
      WHERE ${isNew} AND kind IN ('merged', 'split')`
}

function changedTraitsAndLists(snapshot: FactsSnapshot, { traits, lists }: SegmentsNews): readonly string[] {
  const changed: string[] = []
  if (traits.loadIds.length > 0) {
    changed.push(`SELECT profile FROM cdp.records__rows WHERE _load_id IN (${traits.loadIds.join(', ')})`)
  }
  if (lists.after !== undefined) {
    changed.push(`SELECT ${profileOf('node')} AS profile FROM cdp.nodes__rows
      WHERE ${snapshot.loads} AND (type, value) IN (
        SELECT type, value FROM cdp.list_records WHERE toUnixTimestamp64Milli(at) > ${lists.after})`)
  }
  return changed
}

/**
 * Keeps which ids are not the least node of their profile any more; resolves to false where none can have become so.
 * @param ever since the beginning, not since the last evaluation
 */
export async function keepMoved(
  scratch: Scratch,
  loadIds: readonly string[],
  ever: boolean,
): Promise<boolean> {
  const nodes = ever
    ? `SELECT node FROM dictionary('cdp.profile_of')`
    : `SELECT node FROM cdp.node_profiles__rows WHERE _load_id IN (${loadIds.join(', ')})`
  if (!ever && loadIds.length === 0) return false
  const moved = `SELECT node FROM (${nodes}) WHERE ${profileOf('node')} != node`
  await scratch.put(bitmapOf(BITMAPS.moved, moved, 'node'))
  return true
}
