/**
 * The step `identity` of a refresh: links and records → who is who. Whether it looks at everything or only at what was
 * touched, the partition is the same; it writes the nodes whose profile changed, and a log of what happened to people.
 */
import type { IdentityFile } from '@tributary/schemas'
import { selectRow } from '../../warehouse/query.js'
import { newsSince } from '../facts/position.js'
import { type FactsSnapshot, readSnapshot } from '../facts/snapshot.js'
import { openStep, type StagedLoad, type StepContext } from '../steps/derived-load.js'
import { MOST_NAMED } from './binary-rows.js'
import { changedIndices, personChanges } from './changes.js'
import type { IdentityState } from './identity-state.js'
import { distinctNodes } from './node-index.js'
import { type GraphSource, readPublished, resolveFromFacts } from './read-graph.js'
import { readRecords } from './read-records.js'
import { identityRules } from './rules.js'
import { linkedAnew, type PublishedComponents, publishedAmong, rawComponentsOf } from './touched.js'
import { newConflicts, writeLog, writeNodeProfiles } from './write-identity.js'

/** Beyond this share of all nodes, reading everything in order is faster than looking some up. */
const MOST_SHARE = 0.2
/** So few are always looked up. */
const FEW = 10_000

export interface StageIdentityInput {
  readonly identity: IdentityFile
  /** Looks at everything, as an audit does: writes what differs from the published. @default false */
  readonly full?: boolean
}

/** Stages a load of stream `identity`; undefined where nothing came since the last one. */
export async function stageIdentity(
  context: StepContext,
  { identity, full = false }: StageIdentityInput,
): Promise<StagedLoad | undefined> {
  const { warehouse, signal } = context
  const step = await openStep<IdentityState>(context, 'identity')
  const { state } = step
  const { loadIds, rebuilt, position } = await newsSince(warehouse, 'mapping/', state?.position ?? {})
  const snapshot = await readSnapshot(warehouse)
  const records = await readRecords(warehouse, snapshot.loads)
  const nodes = await selectRow<{ count: number; last: number }>(
    warehouse,
    `SELECT toUInt32(count()) AS count, max(node) AS last FROM cdp.nodes__rows WHERE ${snapshot.loads}`,
  )
  const { count: identifiers, last: lastNode } = nodes!
  const rules = identityRules(identity)
  const hasNewRecords = state?.records !== records.fingerprint
  const isFull =
    full || state === undefined || rebuilt || JSON.stringify(state.identity) !== JSON.stringify(identity)
  if (!isFull && loadIds.length === 0 && !hasNewRecords) return undefined
  const named = hasNewRecords ? records.named : []
  const touched = isFull ? undefined : await touchedComponents(context, snapshot, loadIds, named, identifiers)

  return step.stage(async (target) => {
    const source: GraphSource = {
      warehouse,
      snapshot,
      rules,
      records,
      signal,
      ...(touched && { among: touched.nodes }),
      ...(!isFull && { hasOutsiders: state.hasOutsiders }),
      ...(!isFull && state.plainUpTo !== undefined && { plainUpTo: state.plainUpTo }),
    }
    context.progress(touched === undefined ? 'joining all identifiers' : 'joining identifiers with new links')
    const resolved = await resolveFromFacts(source)
    const { index, profile } = resolved
    const before = touched === undefined ? await readPublished(source, index) : publishedAmong(touched, index)
    const changed = changedIndices(before, resolved)
    context.progress(`writing ${changed.length} identifiers`)
    await writeNodeProfiles(context, target, index, resolved, changed)
    const isKnown = (at: number) => index.nodeAt(at) <= (state?.lastNode ?? 0)
    const changes = personChanges(before.profile, profile, changed, isKnown).map(
      ({ kind, profile, other }) => ({
        kind,
        profile: index.nodeAt(profile),
        other: index.nodeAt(other),
        detail: '',
      }),
    )
    const conflicts = await newConflicts(warehouse, snapshot.identity, resolved, rules)
    await writeLog(context, target, [...changes, ...conflicts])
    const others = joinedCount(profile)
    const isPlain = !resolved.hasOutsiders && (touched === undefined || source.plainUpTo !== undefined)
    const joined =
      touched === undefined ? others : (state?.joined ?? 0) + others - joinedCount(before.profile)
    return {
      rows: changed.length,
      read: snapshot,
      state: {
        identity,
        position,
        records: records.fingerprint,
        lastNode,
        joined,
        hasOutsiders: resolved.hasOutsiders,
        ...(isPlain && { plainUpTo: lastNode }),
        report: {
          mode: touched === undefined ? 'full' : 'incremental',
          identifiers,
          profiles: identifiers - joined,
          merged: changes.filter(({ kind }) => kind === 'merged').length,
          split: changes.filter(({ kind }) => kind === 'split').length,
          conflicts: conflicts.length,
        },
      },
    }
  })
}

/** Undefined where they are so many that reading everything is better. */
async function touchedComponents(
  { warehouse, signal }: StepContext,
  snapshot: FactsSnapshot,
  loadIds: readonly string[],
  named: readonly number[],
  identifiers: number,
): Promise<PublishedComponents | undefined> {
  const linked = await linkedAnew(warehouse, loadIds, signal)
  const most = Math.min(Math.max(identifiers * MOST_SHARE, FEW), MOST_NAMED)
  if (linked.length > most) return undefined
  const components = await rawComponentsOf(warehouse, distinctNodes(linked, named), snapshot, signal)
  return components.nodes.length > most ? undefined : components
}

function joinedCount(profile: Uint32Array): number {
  let count = 0
  for (let index = 0; index < profile.length; index += 1) if (profile[index] !== index) count += 1
  return count
}
