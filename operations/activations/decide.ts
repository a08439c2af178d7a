/** `tributary activate approve|refuse`: what somebody says of a plan that waits; bound to what the plan would send. */

import { WorkflowUpdateFailedError } from '@temporalio/client'
import type { PlanSummary } from '@tributary/schemas'
import {
  type ActivationProgress,
  activationWorkflowId,
  approvalUpdate,
} from '../../workflows/activation-contract.js'
import { assertPolling } from '../polling.js'
import { type ActivationContext, knownActivation } from './published.js'
import { activationProgress, runningActivation } from './running.js'

/** Fewer digits may name the wrong plan some day. */
const MIN_DIGITS = 7
/** A decision is worth waiting for a worker that is busy. */
const PATIENCE_MS = 15_000

/** No plan of the activation waits for an approval. */
export class NothingWaiting extends Error {
  override readonly name = 'NothingWaiting'
}

/** The plan that waits is another one than was named. */
export class PlanOutdated extends Error {
  override readonly name = 'PlanOutdated'
}

/** The run refused what was said: it ended, or somebody was faster. */
export class DecisionRefused extends Error {
  override readonly name = 'DecisionRefused'
}

export interface WaitingPlan {
  readonly activation: string
  readonly workflowId: string
  readonly runId: string
  readonly plan: PlanSummary
  /** ISO 8601: when the plan expires. */
  readonly until?: string
}

export interface DecideOptions {
  /** The hash of the plan, as it was shown. */
  readonly hash: string
  readonly approved: boolean
  /** Who says so, for the record. */
  readonly by: string
  readonly note?: string
}

export interface Decision {
  readonly activation: string
  readonly workflowId: string
  readonly runId: string
  readonly plan: string
  readonly hash: string
  readonly approved: boolean
  readonly by: string
  readonly note?: string
}

/**
 * The plan of an activation that waits.
 * @param hash the beginning of its hash, at least seven digits, where only that plan is meant
 * @throws ActivationUnknown, NothingPolling, NothingWaiting, PlanOutdated
 */
export async function waitingPlan(
  context: ActivationContext,
  activation: string,
  hash?: string,
): Promise<WaitingPlan> {
  const doing = `deciding on ${activation}`
  const client = await context.temporal()
  await Promise.all([knownActivation(context, activation, doing), assertPolling(client)])
  const run = await runningActivation(client, activation)
  // A worker that is busy must not look like a plan that is not there.
  const progress = run && (run.progress ?? (await activationProgress(client, activation, PATIENCE_MS)))
  const { plan, phase, until } = progress ?? {}
  if (!run || !plan || phase !== 'waiting for approval') {
    throw new NothingWaiting(
      `${doing}: no plan of it waits for an approval; make one with tributary activate apply ${activation}`,
    )
  }
  if (hash !== undefined && hash.length < MIN_DIGITS) {
    throw new PlanOutdated(
      `${doing}: ${hash} is too short to name a plan; give at least ${MIN_DIGITS} digits of its hash`,
    )
  }
  if (hash !== undefined && !plan.hash.startsWith(hash.toLowerCase())) {
    throw new PlanOutdated(
      `${doing}: the plan that waits is ${plan.hash.slice(0, 12)}, not ${hash}; look at it with tributary activate status ${activation}`,
    )
  }
  const { workflowId, runId } = run
  return { activation, workflowId, runId, plan, ...(until !== undefined && { until }) }
}

/** Says yes or no to the plan that was shown. @throws DecisionRefused where another plan waits by now, or none */
export async function decide(
  { temporal }: Pick<ActivationContext, 'temporal'>,
  { activation, workflowId, runId, plan }: WaitingPlan,
  { hash, approved, by, note }: DecideOptions,
): Promise<Decision> {
  const client = await temporal()
  await said(
    client.workflow.getHandle(activationWorkflowId(activation)).executeUpdate(approvalUpdate, {
      args: [{ hash, approved, by, ...(note !== undefined && { note }) }],
    }),
    activation,
  )
  return {
    activation,
    workflowId,
    runId,
    plan: plan.plan,
    hash,
    approved,
    by,
    ...(note !== undefined && { note }),
  }
}

async function said(update: Promise<ActivationProgress>, activation: string): Promise<ActivationProgress> {
  try {
    return await update
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error
    const message = error.cause?.message ?? `deciding on ${activation}: ${error.message}`
    throw new DecisionRefused(message, { cause: error })
  }
}
