/** Asking for runs of activations: one at a time each, and another after it where something changed meanwhile. */
import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client'
import { defineSearchAttributeKey } from '@temporalio/common'
import {
  type ActivateSegmentInput,
  type ActivationReason,
  activationWorkflowId,
  againSignal,
  type RequestActivationInput,
} from '../workflows/activation-contract.js'
import { TASK_QUEUE } from '../workflows/contract.js'
import { openWorkspace } from '../workspace/workspace.js'
import type { ActivityDeps } from './deps.js'
import { publishedRevision } from './opened-source.js'

const ActivationKey = defineSearchAttributeKey('Activation', 'KEYWORD')

export const createActivationRequests = (deps: Pick<ActivityDeps, 'client' | 'warehouse'>) => ({
  /** Starts a run, or tells the one that goes on that another is to follow. Idempotent. */
  async askForActivation({ activation, reason, after }: RequestActivationInput): Promise<void> {
    await ask(deps.client, activation, reason, after)
  },

  /** Asks for a run of every activation that follows refreshes. */
  async askForActivations(_input: Readonly<Record<string, never>>): Promise<void> {
    const { files } = await publishedRevision(deps, undefined)
    for (const { id, definition } of openWorkspace(files).activations) {
      if (definition.trigger === 'after_refresh') await ask(deps.client, id, 'after_refresh')
    }
  },
})

async function ask(
  client: Client,
  activation: string,
  reason: ActivationReason,
  after?: string,
): Promise<void> {
  const workflowId = activationWorkflowId(activation)
  const input: ActivateSegmentInput = { activation, reason }
  try {
    await client.workflow.start('activateSegment', {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [input],
      staticSummary: `activation ${activation}`,
      typedSearchAttributes: [{ key: ActivationKey, value: activation }],
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    await tell(client, workflowId, reason, after)
  }
}

async function tell(
  client: Client,
  workflowId: string,
  reason: ActivationReason,
  after: string | undefined,
): Promise<void> {
  const handle = client.workflow.getHandle(workflowId)
  if (after !== undefined && (await handle.describe()).runId === after) {
    throw new Error(`starting ${workflowId}: the run before it has not ended yet; it is tried again`)
  }
  try {
    await handle.signal(againSignal, { reason })
  } catch (error) {
    // It ended between the two: then its segment is as it was a moment ago, and this is tried again.
    if (error instanceof WorkflowNotFoundError) {
      throw new Error(`starting ${workflowId}: the run before it has just ended; it is tried again`, {
        cause: error,
      })
    }
    throw error
  }
}
