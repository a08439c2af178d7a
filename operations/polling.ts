/** Knows whether anybody would do what is asked of Temporal, so that a command fails at once instead of waiting for ever. */
import type { Client } from '@temporalio/client'
import { TASK_QUEUE } from '../workflows/contract.js'

/** No worker takes tasks from the queue. Commands exit with 3. */
export class NothingPolling extends Error {
  override readonly name = 'NothingPolling'
}

/** temporal.api.enums.v1.TaskQueueType */
const WORKFLOW_QUEUE = 1

/** @throws NothingPolling when no worker has asked for workflow tasks within the last minutes */
export async function assertPolling(client: Client): Promise<void> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: TASK_QUEUE },
    taskQueueType: WORKFLOW_QUEUE,
  })
  if (pollers && pollers.length > 0) return
  throw new NothingPolling(
    `asking for work on task queue ${TASK_QUEUE}: no worker is running; start one with tributary up or tributary worker`,
  )
}
