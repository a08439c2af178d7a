/** Follows a backfill or a reset to its end, by the details that its workflow shows to operators. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, WorkflowFailedError } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import type { BackfillReport } from '../workflows/command-contract.js'
import type { StreamReport } from '../workflows/contract.js'
import type { OperationContext } from './context.js'
import { orAborted } from './or-aborted.js'
import type { OpenRun } from './running.js'

export interface FollowTaskOptions {
  /** Told in one line where it stands. */
  readonly onProgress?: (line: string) => void
  /** The workflow whose details are told. @default the one that is followed */
  readonly shownBy?: string
  /** Stops following; it goes on. */
  readonly signal?: AbortSignal
}

/** It did not reach its end; the message says why, `type` is that of the failure taxonomy. */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed'
  constructor(
    message: string,
    readonly type: string,
    options: ErrorOptions,
  ) {
    super(message, options)
  }
}

const PROGRESS_MS = 500
const QUERY_TIMEOUT_MS = 2_000
const METADATA_QUERY = '__temporal_workflow_metadata'

/** Its report. @throws TaskFailed; the signal's reason when it aborts */
export async function followTask(
  { temporal }: Pick<OperationContext, 'temporal'>,
  { workflowId, runId }: OpenRun,
  { onProgress, shownBy = workflowId, signal }: FollowTaskOptions = {},
): Promise<BackfillReport | StreamReport> {
  const client = await temporal()
  const ended = new AbortController()
  const watching = onProgress && watch(client, shownBy, onProgress, ended.signal)
  try {
    // A backfill goes on as new executions of the same id, which the result follows.
    return (await orAborted(client.workflow.getHandle(workflowId, runId).result(), signal)) as
      | BackfillReport
      | StreamReport
  } catch (error) {
    throw taskFailure(error)
  } finally {
    ended.abort()
    await watching
  }
}

/** What an activity said of a workflow that failed; any other error as it is. */
export function taskFailure(error: unknown): unknown {
  if (!(error instanceof WorkflowFailedError)) return error
  const cause = innermost(error)
  const type = cause instanceof ApplicationFailure ? (cause.type ?? cause.name) : cause.name
  return new TaskFailed(cause.message, type, { cause: error })
}

/** The first line of what a workflow shows to operators now; undefined where it shows nothing. */
export async function taskDetails(client: Client, workflowId: string): Promise<string | undefined> {
  const { currentDetails } = await client.workflow
    .getHandle(workflowId)
    .query<{ readonly currentDetails?: string }>(METADATA_QUERY)
  return currentDetails?.split('\n')[0]?.replace(/[*`]/g, '')
}

async function watch(
  client: Client,
  workflowId: string,
  onProgress: (line: string) => void,
  ended: AbortSignal,
): Promise<void> {
  while (!ended.aborted) {
    const line = await orAborted(
      client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, () => taskDetails(client, workflowId)),
      ended,
    ).catch(() => undefined)
    if (line && !ended.aborted) onProgress(line)
    await sleep(PROGRESS_MS, undefined, { signal: ended }).catch(() => undefined)
  }
}

function innermost(error: Error): Error {
  return error.cause instanceof Error ? innermost(error.cause) : error
}
