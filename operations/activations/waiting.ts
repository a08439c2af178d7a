/** The plan that waits for an approval, as whoever decides needs to see it: counts, guards, and records before and after. */
import { type PlanSample, planSample } from '../../activation/plan/plan-records.js'
import { type WaitingPlan, waitingPlan } from './decide.js'
import type { ActivationContext } from './published.js'
import { knownRun, type RecordedActivation } from './recorded.js'

/** Some records of each kind of change, with how many there are. */
export interface SampledPlan extends WaitingPlan {
  readonly sample: PlanSample
}

export interface SampleOptions {
  /** Records of each kind. @default 5 */
  readonly limit?: number
  readonly signal?: AbortSignal
}

/** @throws ActivationUnknown, NothingPolling, NothingWaiting */
export async function showWaitingPlan(
  context: ActivationContext,
  activation: string,
  options: SampleOptions = {},
): Promise<SampledPlan> {
  const waiting = await waitingPlan(context, activation)
  return { ...waiting, sample: await planSample(await context.warehouse(), waiting.plan.plan, options) }
}

export interface ShownRun {
  readonly report: RecordedActivation
  /** Null where the run made no plan. */
  readonly sample: PlanSample | null
}

/**
 * A run that ended, with some records of its plan.
 * @param run its id, or the beginning of it
 * @throws ActivationRunUnknown
 */
export async function showActivationRun(
  context: Pick<ActivationContext, 'warehouse'>,
  run: string,
  { activation, ...options }: SampleOptions & { readonly activation: string },
): Promise<ShownRun> {
  const report = await knownRun(context, run, `looking at run ${run}`, activation)
  if (report.plan === undefined) return { report, sample: null }
  return { report, sample: await planSample(await context.warehouse(), report.plan.plan, options) }
}
