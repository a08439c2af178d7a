/** `tributary reset`: reads a stream anew beside what people see, and switches when the read is complete. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { type ResetStreamInput, resetWorkflowId } from '../workflows/command-contract.js'
import { streamWorkflowId, TASK_QUEUE } from '../workflows/contract.js'
import { assertPolling } from './polling.js'
import { sourceAttributes } from './search-attributes.js'
import { assertStreams, knownSource } from './sources.js'
import type { RunContext, StartedRun } from './sync.js'

/** Started again while it runs, it is the same reset. @throws SourceUnknown, StreamUnknown, NothingPolling */
export async function startReset(context: RunContext, source: string, stream: string): Promise<StartedRun> {
  const client = await context.temporal()
  const [known] = await Promise.all([knownSource(context, source), assertPolling(client)])
  assertStreams(known, [stream])
  const input: ResetStreamInput = { source, stream }
  const workflowId = resetWorkflowId(source, stream)
  try {
    const handle = await client.workflow.start('resetStream', {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [input],
      staticSummary: `${source}: read ${stream} anew`.slice(0, 190),
      typedSearchAttributes: sourceAttributes(source),
    })
    return { source, started: true, workflowId, runId: handle.firstExecutionRunId }
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    const { runId } = await client.workflow.getHandle(workflowId).describe()
    return { source, started: false, workflowId, runId }
  }
}

/** The workflow that shows how far a reset is: the stream's own. */
export function resetProgressId(source: string, stream: string): string {
  return streamWorkflowId(source, stream)
}
