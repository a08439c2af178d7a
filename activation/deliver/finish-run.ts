/** Ends a run whose batches were all written: the object is finished, and what a new whole left out is noted as removed. */

import type { Operation, RunSummary } from '@tributary/connector-sdk'
import type { PlanSummary } from '@tributary/schemas'
import { type AnyObject, IMPLIED_BATCH } from '../types.js'
import { NOTHING_SENT, readPosition } from './position.js'
import type { FinishContext, FinishInput } from './types.js'

/**
 * Idempotent: a run may be finished again after a crash.
 * @throws ConnectorError of the object
 */
export async function finishRun(context: FinishContext, input: FinishInput): Promise<void> {
  const { plan, object, write } = input
  const { version, totals } = await readPosition(context, { ...input, progress: NOTHING_SENT })
  const operation = operationOf(plan, object)
  const summary: RunSummary = {
    operation,
    batches: plan.batches,
    records: totals.acknowledged,
    idempotencyKey: `${plan.plan}-finish`,
  }
  context.signal.throwIfAborted()
  await object.finish?.(write, summary)
  if (operation === 'replace') await noteImpliedRemoves(context, input, version)
}

/** What the batches of a plan are written by, removes aside. */
export function operationOf({ mode }: Pick<PlanSummary, 'mode'>, { operations }: AnyObject): Operation {
  if (mode === 'append') return 'append'
  return mode === 'full' && operations.includes('replace') ? 'replace' : 'upsert'
}

/**
 * What was in the state before and was not acknowledged since is gone. A record that the destination refused is nobody who
 * left: it stays as it was, as far as anybody can say, until it is taken or leaves.
 */
async function noteImpliedRemoves(
  { warehouse }: FinishContext,
  { run, plan, target }: FinishInput,
  version: string,
): Promise<void> {
  await warehouse.command({
    query: `INSERT INTO cdp.activation_log
        (activation, target, key, change, operation, fields, before, profile, outcome, run, plan, version, batch)
      SELECT {activation:String}, {target:String}, key, 'remove', 'replace', '', fields, profile, 'acknowledged',
        {run:String}, {plan:String}, {version:UInt64}, ${IMPLIED_BATCH}
      FROM cdp.activation_state(activation = {activation:String}, target = {target:String})
      WHERE present AND version < {version:UInt64} AND key NOT IN (
        SELECT key FROM cdp.activation_log
        WHERE activation = {activation:String} AND target = {target:String} AND version = {version:UInt64}
          AND plan = {plan:String} AND outcome = 'rejected' AND batch < ${IMPLIED_BATCH})`,
    query_params: { activation: plan.activation, target, run, plan: plan.plan, version },
  })
}
