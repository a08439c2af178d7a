/** Makes the plan that takes a run back. */

import type { Operation } from '@tributary/connector-sdk'
import type { PlanCounts, PlanSummary } from '@tributary/schemas'
import { selectRows } from '../../warehouse/query.js'
import { targetOf } from '../target.js'
import type { AnyObject, PlanContext, UndoInput } from '../types.js'
import { type Frozen, freezeRecords, NOTHING_FROZEN } from './freeze.js'
import { driftGuard } from './guards.js'
import { newPlanId, nextVersion, writeSummary } from './plans.js'
import { PlanScratch } from './scratch.js'
import { NO_COUNTS, summaryOf } from './summary.js'
import { countUndo, keepUndo, type UndoneKind } from './undo-diff.js'

/** Why a run cannot be taken back; trying again does not help. */
export class CannotUndo extends Error {
  override readonly name = 'CannotUndo'
}

/** What a run of each kind is taken back in, and by which operations. */
const UNDONE_IN = {
  records: { mode: 'mirror', needs: ['upsert'] },
  events: { mode: 'append', needs: ['append'] },
  whole: { mode: 'full', needs: ['replace'] },
} as const satisfies Record<UndoneKind, { mode: PlanSummary['mode']; needs: readonly Operation[] }>

/**
 * Freezes the inverse of what a run had acknowledged, for the keys that are still as it left them. The summary's mode is the
 * one in which that is sent. Guards on numbers do not apply: somebody asks for all of it.
 * @throws CannotUndo where nothing of that run is left to take back, its object cannot, or the activation goes elsewhere now
 */
export async function stageUndo(context: PlanContext, input: UndoInput): Promise<PlanSummary> {
  const { activation, definition, object, run } = input
  const { warehouse } = context
  const kind = await kindOfRun(context, input)
  const { mode } = UNDONE_IN[kind]
  const drift = driftOf(input, kind)
  const plan = newPlanId()
  const version = await nextVersion(warehouse, activation)
  const { counts, frozen } =
    object === undefined || drift.length > 0
      ? { counts: NO_COUNTS, frozen: NOTHING_FROZEN }
      : await planInverse(context, input, { kind, object, plan })
  const summary = summaryOf(
    { ...input, definition: { ...definition, mode } },
    { plan, segmentVersion: 0, counts, frozen, guards: [driftGuard(definition.object, drift)] },
  )
  context.signal.throwIfAborted()
  await writeSummary(warehouse, summary, { run, version })
  return summary
}

async function planInverse(
  context: PlanContext,
  { activation, definition, undoes }: UndoInput,
  { kind, object, plan }: { readonly kind: UndoneKind; readonly object: AnyObject; readonly plan: string },
): Promise<{ readonly counts: PlanCounts; readonly frozen: Frozen }> {
  const target = targetOf(definition)
  const scratch = await PlanScratch.open(context)
  try {
    context.progress('comparing with what was acknowledged')
    const undone = { activation, target, undoes, purposes: definition.consent ?? [] }
    const diff = await keepUndo(scratch, kind, undone, object.operations.includes('remove'))
    const counts = { ...NO_COUNTS, ...(await countUndo(scratch, diff)) }
    context.progress('freezing the plan')
    const compensates = kind === 'events' ? undoes : ''
    const frozen = await freezeRecords(scratch, diff, object, { plan, activation, target, compensates })
    return { counts, frozen }
  } finally {
    await scratch.drop()
  }
}

/** @throws CannotUndo where there is nothing to take back */
async function kindOfRun({ warehouse, signal }: PlanContext, input: UndoInput): Promise<UndoneKind> {
  const { activation, definition, undoes } = input
  const fail = (why: string) => new CannotUndo(`taking back run ${undoes} of ${activation}: ${why}`)
  if (input.object?.undo === 'none')
    throw fail(
      `what ${definition.object} was sent cannot be taken back; correct it in ${definition.destination}`,
    )
  const acknowledged = await selectRows<{ target: string; operations: string[] }>(
    warehouse,
    `SELECT target, groupUniqArray(operation) AS operations FROM cdp.activation_log
     WHERE activation = {activation:String} AND run = {undoes:String} AND outcome = 'acknowledged' GROUP BY target`,
    { activation, undoes },
    signal,
  )
  if (acknowledged.length === 0) throw fail('nothing of it was acknowledged; there is nothing to take back')
  const target = targetOf(definition)
  const here = acknowledged.find((row) => row.target === target)
  if (here === undefined)
    throw fail(
      `it was sent to ${acknowledged[0]!.target}, the activation goes to ${target} now; put its file back first`,
    )
  const left = await selectRows<{ keys: string }>(
    warehouse,
    `SELECT count() AS keys FROM cdp.activation_state(activation = {activation:String}, target = {target:String})
     WHERE run = {undoes:String}`,
    { activation, target, undoes },
    signal,
  )
  if (left[0]!.keys === '0') throw fail('later runs have sent all of it anew; take those back first')
  if (here.operations.includes('append')) return 'events'
  return here.operations.includes('replace') ? 'whole' : 'records'
}

/** What taking back asks and the object does not do any more, in sentences. */
function driftOf({ definition, object }: UndoInput, kind: UndoneKind): readonly string[] {
  if (object === undefined) return [`${definition.destination} has no object ${definition.object} any more`]
  return UNDONE_IN[kind].needs
    .filter((operation) => !object.operations.includes(operation))
    .map((operation) => `${object.name} cannot ${operation} any more`)
}
