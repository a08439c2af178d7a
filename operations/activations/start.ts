/** Starts a run of an activation; one goes on at a time, whoever asks. */
import type { Client } from '@temporalio/client'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { type ActivateSegmentInput, activationWorkflowId } from '../../workflows/activation-contract.js'
import { TASK_QUEUE } from '../../workflows/contract.js'
import { assertPolling } from '../polling.js'
import { activationAttributes } from '../search-attributes.js'
import type { ActivationContext } from './published.js'
import { type RunningActivation, runningActivation } from './running.js'

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
  const untilMs = Date.now() + CLOSING_MS
  for (;;) {
    const started = await start(client, input)
    if (started) return started
    const running = await runningActivation(client, input.activation)
    // It ended between the two questions.
    if (running === undefined) continue
    if (running.progress?.phase !== 'ended' || Date.now() > untilMs) throw refused(running, doing)
    // Whoever sees the record may be faster than the run's end.
    const handle = client.workflow.getHandle(running.workflowId, running.runId)
    await client.withDeadline(untilMs, () => handle.result()).catch(() => undefined)
  }
}

/** Undefined where a run goes on. */
async function start(client: Client, input: ActivateSegmentInput): Promise<StartedActivation | undefined> {
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
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined
    throw error
  }
}

function summaryOf({ activation, planOnly, undoes }: ActivateSegmentInput): string {
  if (undoes !== undefined) return `${activation}: take back run ${undoes}`
  return planOnly ? `${activation}: plan, by hand` : `${activation}: by hand`
}

function refused(
  { activation, workflowId, runId, progress }: RunningActivation,
  doing: string,
): ActivationRunning {
  const waits = progress?.phase === 'waiting for approval'
  const state = waits ? 'waits for an approval' : 'goes on'
  const remedy = waits
    ? `decide with tributary activate approve ${activation} or tributary activate refuse ${activation}`
    : `follow it with tributary activate status ${activation} --follow, or end it with tributary activate cancel ${activation}`
  return new ActivationRunning(`${doing}: run ${runId} of it ${state}; ${remedy}`, workflowId, runId)
}
