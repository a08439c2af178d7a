/** Follows a run of an activation to its end: live progress while a worker lives, and the report even where the run failed. */
import { WorkflowFailedError } from '@temporalio/client'
import { ApplicationFailure, CancelledFailure } from '@temporalio/common'
import { findRun } from '../../activation/history.js'
import {
  ACTIVATION_FAILED,
  type ActivationProgress,
  type ActivationReport,
  activationProgressQuery,
} from '../../workflows/activation-contract.js'
import { type FollowOptions, whileWatching } from '../follow.js'
import type { ActivationContext } from './published.js'
import type { StartedActivation } from './start.js'

export type FollowActivationOptions = FollowOptions<ActivationProgress>

/**
 * The report of a run, whatever its outcome.
 * @throws the signal's reason when it aborts, and what keeps the run from being followed
 */
export async function followActivation(
  context: ActivationContext,
  started: StartedActivation,
  options: FollowActivationOptions = {},
): Promise<ActivationReport> {
  const client = await context.temporal()
  const handle = client.workflow.getHandle(started.workflowId, started.runId)
  // A run that goes on as another execution of the same id is asked there.
  const newest = client.workflow.getHandle(started.workflowId)
  const picture = () => newest.query(activationProgressQuery)
  return whileWatching(client, picture, options, async () => {
    try {
      return (await handle.result()) as ActivationReport
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error
      return reportIn(error) ?? (await recordedReport(context, started)) ?? lostReport(started, error)
    }
  })
}

function reportIn({ cause }: WorkflowFailedError): ActivationReport | undefined {
  if (!(cause instanceof ApplicationFailure) || cause.type !== ACTIVATION_FAILED) return undefined
  return cause.details?.[0] as ActivationReport | undefined
}

/** A cancelled run has no result of its own; its report was recorded before it ended. */
async function recordedReport(
  { warehouse }: ActivationContext,
  { runId }: StartedActivation,
): Promise<ActivationReport | undefined> {
  const found = await findRun<ActivationReport>(await warehouse(), runId)
  if (!found) return undefined
  const { endedAt: _endedAt, ...report } = found
  return report
}

/** Terminated, or its worker code failed: the run left no report. */
function lostReport(started: StartedActivation, error: WorkflowFailedError): ActivationReport {
  const { cause } = error
  return {
    run: started.runId,
    workflowId: started.workflowId,
    activation: started.activation,
    reason: 'manual',
    outcome: cause instanceof CancelledFailure ? 'cancelled' : 'failed',
    adds: 0,
    changes: 0,
    removes: 0,
    rejects: 0,
    acknowledged: 0,
    withheld: 0,
    repeated: 0,
    guards: [],
    seconds: 0,
    startedAt: new Date().toISOString(),
    error: { type: cause?.name ?? error.name, message: cause?.message ?? error.message },
  }
}
