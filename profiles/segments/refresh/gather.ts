/** Gathers what conditions ask of the dirty, once, so that each of them reads that instead of all facts. */
import { quoteString } from '../../../warehouse/types/identifiers.js'
import { nodesWithFacts } from '../../facts/nodes.js'
import type { FactsSnapshot } from '../../facts/snapshot.js'
import { IS_CURRENT_VALUE, profileOf } from '../../people/dictionaries.js'
import type { CompiledLeaf } from '../compile/types.js'
import { gatherEvents } from './gather-events.js'
import { bitmapOf, type Scratch } from './scratch.js'
import { BITMAPS, EVERYONE } from './sources.js'

/**
 * Makes the scratch tables `nodes`, `visible`, `events` and `traits` of the dirty, and keeps those who exist as members of
 * everyone. Needs what `keepDirty` keeps, and the published members.
 */
export async function gatherDirty(
  scratch: Scratch,
  snapshot: FactsSnapshot,
  leaves: readonly CompiledLeaf[],
): Promise<void> {
  await scratch.run(
    `CREATE TABLE ${scratch.table('nodes')} ENGINE = MergeTree ORDER BY node AS
     SELECT DISTINCT node, ${profileOf('node')} AS profile FROM (
       SELECT toUInt32(node) AS node FROM dictionary('cdp.profile_of') WHERE profile IN ${scratch.ids(BITMAPS.dirty)}
       UNION ALL SELECT profile AS node FROM ${scratch.ids(BITMAPS.dirty)})`,
  )
  // Neither keeps all cores busy.
  await together(gatherEvents(scratch, snapshot, leaves), gatherPresent(scratch, snapshot, leaves))
}

async function gatherPresent(
  scratch: Scratch,
  snapshot: FactsSnapshot,
  leaves: readonly CompiledLeaf[],
): Promise<void> {
  const identifiers = leaves.some(({ reads }) => reads.identifiers.length > 0)
  await keepPresent(scratch, snapshot, identifiers ? BITMAPS.dirty : BITMAPS.unsure)
  await gatherTraits(scratch, snapshot, [...new Set(leaves.flatMap(({ reads }) => reads.traits))])
}

/** Waits for all even where one fails: nothing may still read scratch tables when they are dropped. @throws the first failure */
async function together(...work: readonly Promise<void>[]): Promise<void> {
  const ended = await Promise.allSettled(work)
  const failed = ended.find((each) => each.status === 'rejected')
  if (failed) throw failed.reason
}

/**
 * All facts are looked through only for nodes of those who may have lost theirs, unless it is asked which nodes have some. Of the
 * others those exist who did before, and of whom something is said now.
 */
async function keepPresent(scratch: Scratch, snapshot: FactsSnapshot, lookedFor: string): Promise<void> {
  const visible = scratch.table('visible')
  const present = BITMAPS.members(EVERYONE)
  const nodes = `SELECT node FROM ${scratch.table('nodes')} WHERE profile IN ${scratch.ids(lookedFor)}`
  await scratch.run(
    `CREATE TABLE ${visible} ENGINE = MergeTree ORDER BY node AS
     SELECT DISTINCT node FROM (${nodesWithFacts(snapshot, (node) => `${node} IN (${nodes})`)})`,
  )
  await scratch.put(
    bitmapOf(present, `SELECT ${profileOf('node')} AS profile FROM ${visible}`, 'profile'),
    scratch.select((bitmap) => {
      const sure = `bitmapAndnot(${bitmap(BITMAPS.dirty)}, ${bitmap(lookedFor)})`
      const known = `bitmapOr(${bitmap(BITMAPS.old(EVERYONE))}, ${bitmap(BITMAPS.stated)})`
      return `'${present}' AS name, bitmapAnd(${sure}, ${known}) AS members`
    }),
  )
}

async function gatherTraits(
  scratch: Scratch,
  { records }: FactsSnapshot,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return
  await scratch.run(
    `CREATE TABLE ${scratch.table('traits')} ENGINE = MergeTree ORDER BY (trait, profile) AS
     SELECT trait, profile, kind, text, number, boolean, time, list FROM cdp.trait_values__rows
     PREWHERE trait IN (${names.map(quoteString).join(', ')}) AND profile IN ${scratch.ids(BITMAPS.members(EVERYONE))}
     WHERE ${records} AND ${IS_CURRENT_VALUE}`,
  )
}
