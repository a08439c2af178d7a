/** Follows a run to its end: live progress while a worker lives, and the report even where the run failed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, WorkflowFailedError } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { listRuns } from '../warehouse/runs.js'
import { progressQuery, type RunReport, SYNC_FAILED, TASK_QUEUE } from '../workflows/contract.js'
import { type LiveProgress, liveProgress } from './live-progress.js'
import { orAborted } from './or-aborted.js'
import { lookAtPollers } from './pollers.js'
import type { OpenRun } from './running.js'
import type { RunContext } from './sync.js'

export interface FollowOptions<Picture = LiveProgress> {
  /** Told about twice a second where the run stands. */
  readonly onProgress?: (progress: Picture) => void
  /** Told once when no worker lives that could go on with the run. */
  readonly onNobody?: () => void
  /** Stops following; the run goes on. */
  readonly signal?: AbortSignal
}

const PROGRESS_MS = 500
/** A query waits for a worker; one that is busy or gone only costs a picture. */
const QUERY_TIMEOUT_MS = 2_000

/**
 * The report of a run of a source, whatever its outcome.
 * @throws the signal's reason when it aborts, and what keeps the run from being followed
 */
export async function followRun(
  context: RunContext,
  run: OpenRun & { readonly source: string },
  options: FollowOptions = {},
): Promise<RunReport> {
  const client = await context.temporal()
  const handle = client.workflow.getHandle(run.workflowId, run.runId)
  const picture = async () => liveProgress(client, run, await handle.query(progressQuery))
  return whileWatching(client, picture, options, async () => {
    try {
      return (await handle.result()) as RunReport
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error
      return reportIn(error) ?? (await recordedReport(context, run)) ?? lostReport(run, error)
    }
  })
}

/** Waits for a result while pictures of the progress are taken. @throws the signal's reason when it aborts */
export async function whileWatching<Picture, Result>(
  client: Client,
  picture: () => Promise<Picture>,
  options: FollowOptions<Picture>,
  wait: () => Promise<Result>,
): Promise<Result> {
  const { onProgress, signal } = options
  const ended = new AbortController()
  const watching = onProgress && watch(client, picture, { ...options, onProgress }, ended.signal)
  try {
    return await orAborted(wait(), signal)
  } finally {
    ended.abort()
    await watching
  }
}

async function watch<Picture>(
  client: Client,
  picture: () => Promise<Picture>,
  { onProgress, onNobody }: FollowOptions<Picture>,
  ended: AbortSignal,
): Promise<void> {
  const nobody = async () => (await lookAtPollers(client)).idle.includes(TASK_QUEUE)
  let isNobodyTold = false
  while (!ended.aborted) {
    const asked = <Answer>(question: () => Promise<Answer>) =>
      orAborted(client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, question), ended).catch(() => undefined)
    const progress = await asked(picture)
    if (progress && !ended.aborted) onProgress?.(progress)
    if (!progress && !isNobodyTold && (await asked(nobody))) {
      isNobodyTold = true
      onNobody?.()
    }
    await sleep(PROGRESS_MS, undefined, { signal: ended }).catch(() => undefined)
  }
}

function reportIn({ cause }: WorkflowFailedError): RunReport | undefined {
  if (!(cause instanceof ApplicationFailure) || cause.type !== SYNC_FAILED) return undefined
  return cause.details?.[0] as RunReport
}

/** A cancelled run has no result of its own; its report was recorded before it ended. */
async function recordedReport(
  { warehouse }: RunContext,
  { source, runId }: OpenRun & { readonly source: string },
): Promise<RunReport | undefined> {
  const runs = await listRuns<RunReport>(await warehouse(), { source, limit: 20 })
  const found = runs.find((report) => report.runId === runId)
  if (!found) return undefined
  const { startedAt: _startedAt, endedAt: _endedAt, ...report } = found
  return report
}

/** Terminated, or its worker code failed: the run left no report. */
function lostReport(run: OpenRun & { readonly source: string }, error: WorkflowFailedError): RunReport {
  const cause = error.cause
  return {
    source: run.source,
    outcome: 'failed',
    workflowId: run.workflowId,
    runId: run.runId,
    revision: '',
    reason: 'manual',
    rows: 0,
    bytes: 0,
    rejects: 0,
    seconds: 0,
    streams: [],
    error: { type: cause?.name ?? error.name, message: cause?.message ?? error.message },
  }
}
