/** What other rules, records or blocked values would do to people, by the code that would do it; publishes nothing. */
import type { IdentityFile } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { nodesWithFacts } from '../facts/nodes.js'
import { type FactsSnapshot, readSnapshot } from '../facts/snapshot.js'
import type { StepContext } from '../steps/derived-load.js'
import { scanColumns } from './binary-rows.js'
import { changedIndices, type Partition, personChanges } from './changes.js'
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
  /** Every node of everybody whom it concerns with its profile, in pairs: as it is, and as it would be. */
  readonly moved: readonly [before: Uint32Array, after: Uint32Array]
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
  const spokenOf = await nodesOfPeople(warehouse, snapshot, signal)
  const isNobody = (index: number) => after.graph.type[index] === NO_TYPE
  const people = spokenOf.map(after.index.indexOf)
  const nobodies = people.filter(isNobody)
  return {
    profilesBefore: countProfiles(before.profile, people),
    profilesAfter: countProfiles(
      after.profile,
      people.filter((index) => !isNobody(index)),
    ),
    merged: changes.filter(({ kind }) => kind === 'merged').length,
    split: changes.filter(({ kind }) => kind === 'split').length,
    moved: concernedNodes(before, after, after.index.nodeAt, nobodies),
  }
}

/** Types that are in both lists stand in another order, or one is gone. */
function isReordered(before: readonly string[], after: readonly string[]): boolean {
  const shared = after.filter((type) => before.includes(type))
  return shared.length < before.length || shared.some((type, place) => type !== before[place])
}

/**
 * All nodes of everybody who has other nodes afterwards, with their profiles on both sides.
 * @param nobodies indices of which facts speak, and which identify nobody afterwards
 */
function concernedNodes(
  before: Partition,
  after: Partition,
  nodeAt: (index: number) => number,
  nobodies: Uint32Array,
): SimulatedIdentity['moved'] {
  const count = before.profile.length
  const isConcerned = new Uint8Array(count)
  const concern = (index: number) => {
    isConcerned[before.profile[index]!] = 1
    isConcerned[after.profile[index]!] = 1
  }
  for (let index = 0; index < count; index += 1)
    if (before.profile[index] !== after.profile[index]) concern(index)
  nobodies.forEach(concern)
  const isNobody = new Uint8Array(count)
  for (const index of nobodies) isNobody[index] = 1
  const side = ({ profile }: Partition) => {
    const pairs = new Uint32Array(2 * count)
    let length = 0
    for (let index = 0; index < count; index += 1) {
      if (!isConcerned[before.profile[index]!] && !isConcerned[after.profile[index]!]) continue
      if (profile === after.profile && isNobody[index]) continue
      pairs[length] = nodeAt(index)
      pairs[length + 1] = nodeAt(profile[index]!)
      length += 2
    }
    return pairs.slice(0, length)
  }
  return [side(before), side(after)]
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
