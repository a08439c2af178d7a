/** Watches a run of an activation as events: where it stands while it goes on, and its report in the end. */
import { findRun } from '../../activation/history.js'
import type { ActivationProgress, ActivationReport } from '../../workflows/activation-contract.js'
import { type ProgressEvent, progressEvents } from '../progress-events.js'
import { followActivation } from './follow.js'
import { type ActivationContext, knownActivation } from './published.js'
import { ActivationRunUnknown, activationHistory } from './recorded.js'
import { runningActivation } from './running.js'

export type ActivationEvent = ProgressEvent<ActivationProgress, ActivationReport>

export interface WatchOptions {
  /** A run, also one that ended. @default the one that goes on, or the newest that ended */
  readonly run?: string
  readonly signal: AbortSignal
}

/** Rejects before the first event where there is nothing to watch. @throws ActivationUnknown, ActivationRunUnknown */
export async function watchActivation(
  context: ActivationContext,
  activation: string,
  { run, signal }: WatchOptions,
): Promise<AsyncIterable<ActivationEvent>> {
  const doing = `watching ${activation}`
  await knownActivation(context, activation, doing)
  const ended =
    run === undefined ? undefined : await findRun<ActivationReport>(await context.warehouse(), run)
  if (ended) return onlyReport(ended)
  const running = await runningActivation(await context.temporal(), activation)
  if (running) return progressEvents((followed) => followActivation(context, running, followed), signal)
  // It may have ended between the two questions.
  const [newest] = await activationHistory(context, { activation, limit: 1 })
  if (newest && (run === undefined || newest.run === run)) return onlyReport(newest)
  throw new ActivationRunUnknown(
    `${doing}: ${run === undefined ? 'it never ran' : `it has no run ${run}`}; start one with tributary activate plan ${activation}`,
  )
}

async function* onlyReport(report: ActivationReport): AsyncIterable<ActivationEvent> {
  yield { type: 'ended', report }
}
