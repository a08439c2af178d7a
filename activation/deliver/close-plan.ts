/**
 * Closes the plan of a run that was cut short: cancelled, or failed for good. The batch that was under way may have arrived
 * though nobody heard of it, so its records are noted as unanswered: the next run sends them again, whatever they are by then.
 */
import { UNANSWERED } from './answers.js'
import { NOTHING_SENT, type Position, readPosition } from './position.js'
import type { DeliverContext, DeliverInput, DeliveryProgress } from './types.js'

type ClosedPlan = Pick<DeliverInput, 'run' | 'plan' | 'target'>

/**
 * Resolves to what was answered by then. Repeating it changes nothing; the plan must not be delivered again.
 * @throws where there is no such plan
 */
export async function closePlan(
  context: Pick<DeliverContext, 'warehouse'>,
  closed: ClosedPlan,
): Promise<DeliveryProgress> {
  const position = await readPosition(context, { ...closed, progress: NOTHING_SENT })
  await noteUnanswered(context, closed, position)
  return position.totals
}

/**
 * A remove that may not have arrived leaves a record whose fields nobody knows, as a change does. Events are sent again
 * anyway, and of a new whole nothing is seen before it is finished.
 */
async function noteUnanswered(
  { warehouse }: Pick<DeliverContext, 'warehouse'>,
  { run, plan, target }: ClosedPlan,
  { version, batch }: Position,
): Promise<void> {
  await warehouse.command({
    query: `INSERT INTO cdp.activation_log
        (activation, target, key, change, operation, fields, before, profile, outcome, reason, code, run, plan, version, batch)
      SELECT activation, target, key, if(change = 'remove', 'change', toString(change)), operation, '', before, profile,
        {outcome:String}, {reason:String}, {code:String}, {run:String}, plan, {version:UInt64}, batch
      FROM cdp.activation_plan_records
      WHERE plan = {plan:String} AND batch = {batch:UInt32} AND batch < {batches:UInt32}
        AND operation IN ('upsert', 'remove') AND key NOT IN (
          SELECT key FROM cdp.activation_log WHERE activation = {activation:String} AND target = {target:String}
            AND version = {version:UInt64} AND plan = {plan:String} AND batch = {batch:UInt32})`,
    query_params: {
      ...UNANSWERED,
      activation: plan.activation,
      target,
      run,
      plan: plan.plan,
      version,
      batch,
      batches: plan.batches,
    },
  })
}
