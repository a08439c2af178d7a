/** `tributary sync`: starts a run of a source, one at a time, and follows it to its report. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { type SyncSourceInput, syncScheduleId, TASK_QUEUE } from '../workflows/contract.js'
import type { OperationContext } from './context.js'
import { assertPolling } from './polling.js'
import { openRuns } from './running.js'
import { triggerByHand } from './schedules.js'
import { sourceAttributes } from './search-attributes.js'
import { assertStreams, knownSource } from './sources.js'

export type RunContext = Pick<OperationContext, 'temporal' | 'warehouse'>

export interface StartedRun {
  readonly source: string
  /** False: a run was going on already, and it is this one. */
  readonly started: boolean
  readonly workflowId: string
  readonly runId: string
}

/** A run of some streams was asked for while another run of the source goes on. */
export class SourceBusy extends Error {
  override readonly name = 'SourceBusy'
}

/** Runs of chosen streams share one id, so the server itself allows only one at a time. */
const manualRunId = (source: string): string => `${syncScheduleId(source)}-manual`

/**
 * Starts a run of the whole source through its schedule, or of some streams.
 * @throws SourceUnknown, StreamUnknown, NothingPolling; SourceBusy only when streams were chosen
 */
export async function startSync(
  context: RunContext,
  source: string,
  streams: readonly string[] = [],
): Promise<StartedRun> {
  const client = await context.temporal()
  const [known] = await Promise.all([knownSource(context, source), assertPolling(client)])
  assertStreams(known, streams)
  const [open] = await openRuns(client, source, ['syncSource'])
  if (streams.length === 0) {
    if (open) return { source, started: false, ...open }
    return { source, ...(await triggerByHand(client, source)) }
  }
  if (open) throw busy(source, open.workflowId)
  const input: SyncSourceInput = { source, reason: 'manual', streams }
  const workflowId = manualRunId(source)
  try {
    const handle = await client.workflow.start('syncSource', {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [input],
      staticSummary: `${source}: ${streams.join(', ')}, by hand`.slice(0, 190),
      typedSearchAttributes: sourceAttributes(source),
    })
    return { source, started: true, workflowId, runId: handle.firstExecutionRunId }
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) throw busy(source, workflowId)
    throw error
  }
}

function busy(source: string, workflowId: string): SourceBusy {
  return new SourceBusy(
    `syncing ${source}: ${workflowId} is running already; wait for it (tributary runs --source ${source} --follow), or cancel it (tributary cancel ${source})`,
  )
}
