/** What conditions are evaluated on, as FROM-expressions: all facts that count, or those of the people looked at again. */
import type { FactsSnapshot } from '../../facts/snapshot.js'
import { type ProfileOf, profileOf as published } from '../../people/dictionaries.js'
import { allSources } from '../compile/sources.js'
import type { SegmentSources } from '../compile/types.js'
import type { Scratch } from './scratch.js'

/** The segment that holds everybody with a fact. */
export const EVERYONE = '_everyone'

/** Names of the bitmaps of an evaluation. */
export const BITMAPS = {
  /** Nodes with a fact. */
  visible: 'set/visible',
  /** Ids that are not the least node of their profile any more. */
  moved: 'set/moved',
  /** Whose identity changed. */
  identity: 'set/identity',
  /** About whom new facts say something. */
  stated: 'set/stated',
  /** Of whom something was taken back. */
  retracted: 'set/retracted',
  /** Who may have no fact any more, for one of these reasons. */
  unsure: 'set/unsure',
  /** About whom there are new facts, traits or entries of lists. */
  data: 'set/data',
  /** Who is evaluated again, and ids that nobody has any more. */
  dirty: 'set/dirty',
  /** Everybody with a fact. */
  everyone: 'set/everyone',
  /** Members as they were published, where ids moved since. */
  published: (segment: string) => `published/${segment}`,
  /** The same under today's ids. */
  old: (segment: string) => `old/${segment}`,
  /** All members, or those among the dirty where only the dirty were evaluated. */
  members: (segment: string) => `members/${segment}`,
  leaf: (hash: string) => `leaf/${hash}`,
  dirtyLeaf: (hash: string) => `dirty_leaf/${hash}`,
} as const

/** SQL: all members of a segment of which only the dirty were evaluated. */
export function allMembers(bitmap: (name: string) => string, segment: string): string {
  const untouched = `bitmapAndnot(${bitmap(BITMAPS.old(segment))}, ${bitmap(BITMAPS.dirty)})`
  return `bitmapOr(${untouched}, ${bitmap(BITMAPS.members(segment))})`
}

/** Everybody's facts. Needs the bitmaps `everyone` and, for `nodes`, `visible`. */
export function allFacts(scratch: Scratch, snapshot: FactsSnapshot): SegmentSources {
  return {
    ...allSources(snapshot),
    nodes: nodesOf(snapshot, `node IN ${scratch.ids(BITMAPS.visible)}`),
    everyone: scratch.ids(BITMAPS.everyone),
  }
}

/**
 * The facts of the dirty, as far as the conditions ask that `gatherDirty` was given. Needs what it makes.
 * @param profileOf who is who. @default as it is published
 */
export function dirtyFacts(
  scratch: Scratch,
  snapshot: FactsSnapshot,
  profileOf: ProfileOf = published,
): SegmentSources {
  const all = allSources(snapshot, profileOf)
  return {
    events: scratch.table('events'),
    traits: scratch.table('traits'),
    nodes: nodesOf(snapshot, `node IN (SELECT node FROM ${scratch.table('visible')})`, profileOf),
    lists: all.lists,
    everyone: scratch.ids(BITMAPS.members(EVERYONE)),
  }
}

function nodesOf(snapshot: FactsSnapshot, among: string, profileOf = published): string {
  return `(SELECT ${profileOf('node')} AS profile, type, value FROM cdp.nodes__rows
    WHERE ${snapshot.loads} AND ${among})`
}
