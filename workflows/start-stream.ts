/** Starts a stream's workflow as a child and waits for its report. One writer per stream: a busy one is waited for. */

import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { ApplicationFailure, executeChild, ParentClosePolicy, sleep } from '@temporalio/workflow'
import {
  type BackfillStretch,
  type StreamPlan,
  type StreamReport,
  type SyncPlan,
  type SyncSourceInput,
  streamWorkflowId,
} from './contract.js'
import { sourceAttribute, streamAttribute, syncModeAttribute } from './search-attributes.js'
import { summary } from './summary.js'
import { syncStream } from './sync-stream.js'

/** A run that was terminated leaves its streams to end by themselves, at their next checkpoint. */
const BUSY_WAITS_S = [1, 2, 4, 8, 15, 30, 60] as const

export interface StreamRunOptions {
  readonly lane?: string
  readonly stretch?: BackfillStretch
  readonly reset?: boolean
}

/** Throws the child's failure; StreamBusy where another run keeps the stream for minutes. */
export async function runStream(
  input: SyncSourceInput,
  plan: SyncPlan,
  stream: StreamPlan,
  options: StreamRunOptions = {},
): Promise<StreamReport> {
  for (const waitSeconds of [...BUSY_WAITS_S, undefined]) {
    try {
      return await startStream(input, plan, stream, options)
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
      if (waitSeconds === undefined) break
      await sleep(waitSeconds * 1000, { summary: summary(`busy with another run: ${stream.name}`) })
    }
  }
  throw ApplicationFailure.nonRetryable(
    `starting ${stream.name}: ${streamWorkflowId(input.source, stream.name)} is still running; wait for it or cancel it`,
    'StreamBusy',
  )
}

function startStream(
  input: SyncSourceInput,
  plan: SyncPlan,
  stream: StreamPlan,
  options: StreamRunOptions,
): Promise<StreamReport> {
  return executeChild(syncStream, {
    workflowId: streamWorkflowId(input.source, stream.name),
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    staticSummary: summary(
      `${plan.title} · ${stream.name} · ${stream.syncMode} ${stream.destinationSyncMode}`,
    ),
    typedSearchAttributes: [
      { key: sourceAttribute, value: input.source },
      { key: streamAttribute, value: stream.name },
      { key: syncModeAttribute, value: stream.syncMode },
    ],
    args: [
      {
        source: input.source,
        stream: stream.name,
        revision: plan.revision,
        reason: input.reason,
        plan: stream,
        ...(options.lane !== undefined && { lane: options.lane }),
        ...(options.stretch && { stretch: options.stretch }),
        ...(options.reset && { reset: true }),
        ...(input.window && { window: input.window }),
      },
    ],
  })
}
