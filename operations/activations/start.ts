/** Starts a run of an activation; one goes on at a time, whoever asks. */
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import {
  type ActivateSegmentInput,
  type ActivationProgress,
  activationWorkflowId,
} from '../../workflows/activation-contract.js'
import { TASK_QUEUE } from '../../workflows/contract.js'
import { assertPolling } from '../polling.js'
import { activationAttributes } from '../search-attributes.js'
import type { ActivationContext } from './published.js'
import { activationProgress } from './running.js'

export interface StartedActivation {
  readonly activation: string
  readonly workflowId: string
  readonly runId: string
}

/** A run of the activation goes on; nothing was started. */
export class ActivationRunning extends Error {
  override readonly name = 'ActivationRunning'
  constructor(
    message: string,
    readonly workflowId: string,
    readonly runId: string,
  ) {
    super(message)
  }
}

/** A run that has ended needs a moment to record it. */
const CLOSING_MS = 15_000

/** @param doing the beginning of the error's sentence @throws NothingPolling, ActivationRunning */
export async function startActivation(
  { temporal }: Pick<ActivationContext, 'temporal'>,
  input: ActivateSegmentInput,
  doing: string,
): Promise<StartedActivation> {
  const client = await temporal()
  await assertPolling(client)
  const started = await start(client, input)
  if ('runId' in started) return started
  const { activation } = input
  const open = await openRun(client, activation)
  if (open.phase !== 'ended') throw running(activation, open, doing)
  // Whoever sees the record may be faster than the run's end.
  const handle = client.workflow.getHandle(activationWorkflowId(activation), open.runId)
  await client.withDeadline(Date.now() + CLOSING_MS, () => handle.result()).catch(() => undefined)
  const again = await start(client, input)
  if ('runId' in again) return again
  throw running(activation, await openRun(client, activation), doing)
}

async function start(
  client: Client,
  input: ActivateSegmentInput,
): Promise<StartedActivation | { readonly isRunning: true }> {
  const { activation } = input
  const workflowId = activationWorkflowId(activation)
  try {
    const handle = await client.workflow.start('activateSegment', {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [input],
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: summaryOf(input).slice(0, 190),
      typedSearchAttributes: activationAttributes(activation),
    })
    return { activation, workflowId, runId: handle.firstExecutionRunId }
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { isRunning: true }
    throw error
  }
}

function summaryOf({ activation, planOnly, undoes }: ActivateSegmentInput): string {
  if (undoes !== undefined) return `${activation}: take back run ${undoes}`
  return planOnly ? `${activation}: plan, by hand` : `${activation}: by hand`
}

interface OpenRun {
  readonly runId: string
  readonly phase: ActivationProgress['phase'] | undefined
}

async function openRun(client: Client, activation: string): Promise<OpenRun> {
  const [{ runId }, progress] = await Promise.all([
    client.workflow.getHandle(activationWorkflowId(activation)).describe(),
    activationProgress(client, activation).catch(() => undefined),
  ])
  return { runId, phase: progress?.phase }
}

function running(activation: string, { runId, phase }: OpenRun, doing: string): ActivationRunning {
  const waits = phase === 'waiting for approval'
  const state = waits ? 'waits for an approval' : 'goes on'
  const remedy = waits
    ? `decide with tributary activate approve ${activation} or tributary activate refuse ${activation}`
    : `follow it with tributary activate status ${activation} --follow, or end it with tributary activate cancel ${activation}`
  return new ActivationRunning(
    `${doing}: run ${runId} of it ${state}; ${remedy}`,
    activationWorkflowId(activation),
    runId,
  )
}
