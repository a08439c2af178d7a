/** What other rules, records or blocked values would do to people, by the code that would do it; publishes nothing. */
import type { IdentityFile } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import { type FactsSnapshot, readSnapshot } from '../facts/snapshot.js'
import { publishedAt } from '../segments/refresh/published.js'
import { nodesWithFacts } from '../segments/refresh/sources.js'
import type { StepContext } from '../steps/derived-load.js'
import { scanColumns, scanRows } from './binary-rows.js'
import { changedIndices, personChanges } from './changes.js'
import { NO_TYPE } from './graph.js'
import { publishedState } from './identity-state.js'
import { readPublished, resolveFromFacts } from './read-graph.js'
import { type ImaginedRecord, readRecords } from './read-records.js'
import { identityRules } from './rules.js'

export interface SimulateIdentityInput {
  /** @default the published rules */
  readonly identity?: IdentityFile
  /** Merges and cuts that would be made, in this order. @default none */
  readonly records?: readonly ImaginedRecord[]
  /** Ids of merges, cuts and splits that would be taken back. @default none */
  readonly undone?: readonly string[]
  /** More values that would identify nobody. @default none */
  readonly blocked?: readonly string[]
}

export interface SimulatedIdentity {
  /** People, as a refresh counts them. */
  readonly profilesBefore: number
  readonly profilesAfter: number
  /** People who would become part of another one. */
  readonly merged: number
  /** People who would come out of another one. */
  readonly split: number
  /** Segments with members whom it concerns. */
  readonly segments: readonly SimulatedSegment[]
}

export interface SimulatedSegment {
  readonly segment: string
  /** Members now. */
  readonly before: number
  /** Members who would get identifiers of others, or lose some. */
  readonly changed: number
  /** Those of them who would be part of somebody else, and no member of their own. */
  readonly leaves: number
}

/** Simulates over all facts. Throws where identity was never published and no rules are given. */
export async function simulateIdentity(
  { warehouse, signal }: StepContext,
  { identity: given, records: imagined = [], undone = [], blocked = [] }: SimulateIdentityInput,
): Promise<SimulatedIdentity> {
  const state = await publishedState(warehouse)
  const identity = given ?? state?.identity
  if (identity === undefined) {
    throw new Error('simulating identity: none was published yet; name the rules, or refresh profiles first')
  }
  const rules = identityRules({
    ...identity,
    block: { ...identity.block, values: [...(identity.block?.values ?? []), ...blocked] },
  })
  const snapshot = await readSnapshot(warehouse)
  const source = {
    warehouse,
    snapshot,
    rules,
    records: await readRecords(warehouse, snapshot.loads, imagined, undone),
    isReordered: state !== undefined && isReordered(Object.keys(state.identity.identifiers), rules.types),
    signal,
  }
  const after = await resolveFromFacts(source)
  const before = await readPublished(source, after.index)
  const changes = personChanges(before.profile, after.profile, changedIndices(before, after), () => true)
  const concerned = new Map<number, 'changed' | 'leaves'>()
  for (const { profile, other } of changes) {
    for (const index of [profile, other]) concerned.set(after.index.nodeAt(index), 'changed')
  }
  for (const { kind, other } of changes)
    if (kind === 'merged') concerned.set(after.index.nodeAt(other), 'leaves')
  const spokenOf = await nodesOfPeople(warehouse, snapshot, signal)
  const isSomebody = (index: number) => after.graph.type[index] !== NO_TYPE
  const people = spokenOf.map(after.index.indexOf)
  return {
    profilesBefore: countProfiles(before.profile, people),
    profilesAfter: countProfiles(after.profile, people.filter(isSomebody)),
    merged: changes.filter(({ kind }) => kind === 'merged').length,
    split: changes.filter(({ kind }) => kind === 'split').length,
    segments:
      concerned.size === 0 ? [] : await concernedSegments(warehouse, snapshot.loads, concerned, signal),
  }
}

/** Types that are in both lists stand in another order, or one is gone. */
function isReordered(before: readonly string[], after: readonly string[]): boolean {
  const shared = after.filter((type) => before.includes(type))
  return shared.length < before.length || shared.some((type, place) => type !== before[place])
}

async function concernedSegments(
  warehouse: Warehouse,
  loads: string,
  people: ReadonlyMap<number, 'changed' | 'leaves'>,
  signal: AbortSignal,
): Promise<SimulatedSegment[]> {
  const names = await selectRows<{ segment: string }>(
    warehouse,
    `SELECT DISTINCT segment FROM cdp.segment_versions__rows WHERE ${loads} ORDER BY segment`,
  )
  const segments: SimulatedSegment[] = []
  for (const { segment } of names) {
    const published = await publishedAt(warehouse, segment)
    if (published === undefined) continue
    const counts = { before: 0, changed: 0, leaves: 0 }
    await scanRows(
      warehouse,
      `SELECT arrayJoin(bitmapToArray(members)) FROM ${published.members}`,
      4,
      (view, offset) => {
        counts.before += 1
        const concerned = people.get(view.getUint32(offset, true))
        if (concerned !== undefined) counts.changed += 1
        if (concerned === 'leaves') counts.leaves += 1
      },
      signal,
    )
    if (counts.changed > 0) segments.push({ segment, ...counts })
  }
  return segments
}

/** Nodes of which some fact speaks: an identifier that no row has any more is nobody. */
async function nodesOfPeople(
  warehouse: Warehouse,
  snapshot: FactsSnapshot,
  signal: AbortSignal,
): Promise<Uint32Array> {
  const from = `FROM (SELECT DISTINCT node FROM (${nodesWithFacts(snapshot)}))`
  return (await scanColumns(warehouse, ['node'], from, signal)).node
}

/** @param profile by index @param indices of identifiers */
function countProfiles(profile: Uint32Array, indices: Uint32Array): number {
  const isCounted = new Uint8Array(profile.length)
  let count = 0
  for (const index of indices) {
    const own = profile[index]!
    count += 1 - isCounted[own]!
    isCounted[own] = 1
  }
  return count
}
