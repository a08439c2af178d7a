/** `tributary activate plan`: what a run would send, frozen and shown; nothing leaves. */
import { type PlanRecord, planSample } from '../../activation/plan/plan-records.js'
import type { ActivationReport } from '../../workflows/activation-contract.js'
import { type FollowActivationOptions, followActivation } from './follow.js'
import { type ActivationContext, knownActivation } from './published.js'
import { type StartedActivation, startActivation } from './start.js'

export interface PlanActivationOptions extends FollowActivationOptions {
  /** Who asks, for the record. */
  readonly author: string
  /** Records to show of each kind of change. @default 5 */
  readonly sample?: number
}

/** What the run would do, with some of its records. */
export interface ActivationPlan extends ActivationReport {
  /** Adds, then changes, then removes; hashed where the destination wants it. */
  readonly sample: readonly PlanRecord[]
}

/** Starts a run that ends when its plan is frozen. @throws ActivationUnknown, NothingPolling, ActivationRunning */
export async function startPlan(
  context: ActivationContext,
  activation: string,
  { author }: { readonly author: string },
): Promise<StartedActivation> {
  const doing = `planning ${activation}`
  await knownActivation(context, activation, doing)
  return startActivation(context, { activation, reason: 'manual', author, planOnly: true }, doing)
}

/** @throws ActivationUnknown, NothingPolling, ActivationRunning, the signal's reason */
export async function planActivation(
  context: ActivationContext,
  activation: string,
  { author, sample, ...follow }: PlanActivationOptions,
): Promise<ActivationPlan> {
  const started = await startPlan(context, activation, { author })
  return withSample(context, await followActivation(context, started, follow), sample)
}

/** A report with some records of its plan; of a run that made none there are none. */
export async function withSample(
  { warehouse }: Pick<ActivationContext, 'warehouse'>,
  report: ActivationReport,
  limit = 5,
): Promise<ActivationPlan> {
  if (report.plan === undefined) return { ...report, sample: [] }
  const { records } = await planSample(await warehouse(), report.plan.plan, { limit })
  return { ...report, sample: [...records.add, ...records.change, ...records.remove] }
}
