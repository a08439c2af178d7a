/** Runs of activations that go on: where they stand, and the end of one. */
import type { Client } from '@temporalio/client'
import { WorkflowNotFoundError } from '@temporalio/common'
import {
  type ActivationProgress,
  activationProgressQuery,
  activationWorkflowId,
} from '../../workflows/activation-contract.js'
import type { OpenRun } from '../running.js'
import type { ActivationContext } from './published.js'

/** A query waits for a worker; one that is busy or gone only costs a picture. */
const QUERY_TIMEOUT_MS = 2_000

/** A run that goes on. */
export interface RunningActivation extends OpenRun {
  readonly activation: string
  /** ISO 8601. */
  readonly startedAt: string
  /** Absent where no worker can tell now. */
  readonly progress?: ActivationProgress
}

/** Where the newest run of an activation stands. @throws what the server says, when no worker has told in this time */
export function activationProgress(
  client: Client,
  activation: string,
  timeoutMs = QUERY_TIMEOUT_MS,
): Promise<ActivationProgress> {
  const handle = client.workflow.getHandle(activationWorkflowId(activation))
  return client.withDeadline(Date.now() + timeoutMs, () => handle.query(activationProgressQuery))
}

/** The run of an activation that goes on; undefined where none does. */
export async function runningActivation(
  client: Client,
  activation: string,
): Promise<RunningActivation | undefined> {
  const workflowId = activationWorkflowId(activation)
  const described = await client.workflow
    .getHandle(workflowId)
    .describe()
    .catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return undefined
      throw error
    })
  if (!described || described.closeTime !== undefined) return undefined
  const { runId, startTime } = described
  const progress = await activationProgress(client, activation).catch(() => undefined)
  return {
    activation,
    workflowId,
    runId,
    startedAt: startTime.toISOString(),
    ...(progress && { progress }),
  }
}

/** Runs that go on, by the visibility store, which may lag a second. */
export async function runningActivations(client: Client): Promise<readonly RunningActivation[]> {
  const prefix = activationWorkflowId('')
  const query = "ExecutionStatus = 'Running' AND WorkflowType = 'activateSegment'"
  const open: Promise<RunningActivation | undefined>[] = []
  for await (const { workflowId } of client.workflow.list({ query })) {
    open.push(runningActivation(client, workflowId.slice(prefix.length)))
  }
  return (await Promise.all(open)).filter((run) => run !== undefined)
}

export interface CancelActivationResult {
  readonly activation: string
  /** What was asked to end; empty when nothing was running. */
  readonly cancelled: readonly OpenRun[]
}

/** Ends the run that goes on after the batch that is being sent; what was acknowledged stays. Idempotent. */
export async function cancelActivation(
  { temporal }: Pick<ActivationContext, 'temporal'>,
  activation: string,
): Promise<CancelActivationResult> {
  const client = await temporal()
  const run = await runningActivation(client, activation)
  if (!run) return { activation, cancelled: [] }
  const { workflowId, runId } = run
  await client.workflow.getHandle(workflowId).cancel()
  return { activation, cancelled: [{ workflowId, runId }] }
}
