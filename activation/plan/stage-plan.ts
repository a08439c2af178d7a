/** Makes the plan of a run: who is added, changed and removed, frozen before anything is sent. */
import type { PlanCounts, PlanSummary } from '@tributary/schemas'
import { targetOf } from '../target.js'
import type { AnyObject, PlanContext, PlanInput } from '../types.js'
import { keepCandidates } from './candidates.js'
import { countDiff, type DiffCounts, keepDiff } from './diff.js'
import { misfitsOf } from './drift.js'
import { type Frozen, freezeRecords, NOTHING_FROZEN } from './freeze.js'
import { consentGuard, countGuards, driftGuard, segmentGuard } from './guards.js'
import { logRejects } from './log-rejects.js'
import { personMapper } from './map-person.js'
import { parseMapping } from './mapping.js'
import { keepMembers } from './members.js'
import { planOfMode } from './modes.js'
import { newPlanId, nextVersion, writeSummary } from './plans.js'
import { PlanScratch } from './scratch.js'
import { failedMappings, segmentProblem } from './segment.js'
import { NO_COUNTS, summaryOf } from './summary.js'

/**
 * Compares the segment's members with what the target acknowledged and freezes the difference under a new plan. Every attempt
 * makes a plan of its own; one without a row in `cdp.activation_plans` was never finished. Rejects are logged.
 * @throws what the server says, or the reason of the abort
 */
export async function stagePlan(context: PlanContext, input: PlanInput): Promise<PlanSummary> {
  const { activation, definition, object, run } = input
  const { warehouse } = context
  const drift = driftOf(input)
  const plan = newPlanId()
  const version = await nextVersion(warehouse, activation)
  const made =
    object === undefined || drift.length > 0
      ? undefined
      : await planDifference(context, input, { object, plan, version })
  // Asked when the members were read, so that a refresh that failed meanwhile counts.
  const problem = await segmentProblem(warehouse, definition.segment)
  const { consentMappings = [] } = input
  const summary = summaryOf(input, {
    plan,
    segmentVersion: made?.segmentVersion ?? 0,
    counts: made?.counts ?? NO_COUNTS,
    frozen: made?.frozen ?? NOTHING_FROZEN,
    guards: [
      segmentGuard(definition.segment, problem),
      ...(consentMappings.length === 0
        ? []
        : [consentGuard(await failedMappings(warehouse, consentMappings))]),
      driftGuard(definition.object, drift),
      ...(made === undefined ? [] : countGuards(definition.guards, made.difference)),
    ],
  })
  context.signal.throwIfAborted()
  await writeSummary(warehouse, summary, { run, version })
  return summary
}

/** What the file asks and the object does not take, in sentences. */
function driftOf({ definition, object }: PlanInput): readonly string[] {
  if (object === undefined) return [`${definition.destination} has no object ${definition.object} any more`]
  return misfitsOf(definition, object).map(({ message }) => message)
}

interface Difference {
  readonly segmentVersion: number
  readonly counts: PlanCounts
  readonly difference: DiffCounts
  readonly frozen: Frozen
}

async function planDifference(
  context: PlanContext,
  input: PlanInput,
  { object, plan, version }: { readonly object: AnyObject; readonly plan: string; readonly version: number },
): Promise<Difference> {
  const { activation, definition, run } = input
  const mapping = parseMapping(definition)
  const mode = planOfMode(definition.mode, object.operations)
  const target = { plan, activation, target: targetOf(definition), compensates: '' }
  const scratch = await PlanScratch.open(context)
  try {
    context.progress('reading members')
    const members = await keepMembers(scratch, definition.segment, definition.consent ?? [])
    const mapPerson = personMapper(input, object, mapping)
    const { table, unmatched, heldOut } = await keepCandidates(
      context,
      scratch,
      members,
      mapping.needs,
      mapPerson,
    )
    context.progress('comparing with what was acknowledged')
    const diff = await keepDiff(scratch, table, target, mode)
    const difference = await countDiff(scratch, diff)
    context.progress('freezing the plan')
    const frozen = await freezeRecords(scratch, diff, object, target)
    await logRejects(scratch, diff, target, { run, version, operation: mode.operation })
    const { adds, changes, removes, unchanged, rejects, duplicates } = difference
    const { members: all, withheld } = members
    const counts = {
      members: all,
      adds,
      changes,
      removes,
      unchanged,
      rejects,
      unmatched,
      withheld,
      heldOut,
      duplicates,
    }
    return { segmentVersion: members.version, counts, difference, frozen }
  } finally {
    await scratch.drop()
  }
}
