/**
 * One stream of one run: slices until the source says that it is done. The only writer of its stream (its id says so).
 * A slice ends with a count in the warehouse; what it brought is accepted by the next activity, since only then is it
 * known which attempt won.
 */
import {
  ActivityCancellationType,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.js'
import {
  LIVE_LANE,
  type SliceResult,
  type StreamProgress,
  type StreamReport,
  type SyncStreamInput,
  streamProgressQuery,
  streamStateSignal,
} from './contract.js'
import { streamDetails } from './details.js'
import { describeFailure, streamFailure } from './failures.js'
import {
  finalizePolicy,
  openPolicy,
  priorityOf,
  slicePolicy,
  wholeStreamPolicy,
  withHeartbeat,
} from './policies.js'
import {
  cursorTimeAttribute,
  failureTypeAttribute,
  rowsLoadedAttribute,
  syncOutcomeAttribute,
} from './search-attributes.js'
import { StreamRun } from './stream-run.js'
import { summary } from './summary.js'

export async function syncStream(input: SyncStreamInput): Promise<StreamReport> {
  const run = new StreamRun(input.stream, input.resumed, Date.now())
  setHandler(streamProgressQuery, () => run.state())
  try {
    let progress = input.resumed ?? (await open(input, run))
    report(input, run)
    for (;;) {
      const slice = await readSlice(input, progress)
      progress = run.advance(progress, slice)
      report(input, run)
      if (slice.done) break
      await waitUntil(slice.resumeAtMs, input, run)
      if (workflowInfo().continueAsNewSuggested) {
        await continueAsNew<typeof syncStream>({ ...input, resumed: progress })
      }
    }
    await finalize(input, progress)
    run.end('succeeded')
    tagResult(run)
  } catch (error) {
    if (isContinueAsNew(error)) throw error
    run.end(isCancellation(error) ? 'cancelled' : 'failed', describeFailure(error))
    tagResult(run)
    report(input, run)
    throw isCancellation(error) ? error : streamFailure(error, run.report(Date.now()))
  }
  setCurrentDetails(streamDetails(input.source, run.state(), run.startedAtMs, Date.now()))
  return run.report(Date.now())
}

async function open(input: SyncStreamInput, run: StreamRun): Promise<StreamProgress> {
  const { openStream } = proxyActivities<Activities>({
    ...withHeartbeat(openPolicy, input.plan),
    summary: summary(`open ${input.stream}`),
  })
  const opened = await openStream({
    source: input.source,
    stream: input.stream,
    revision: input.revision,
    lane: input.lane ?? LIVE_LANE,
    reset: input.reset ?? false,
    ...windowOf(input),
  })
  return run.begin(opened)
}

async function readSlice(input: SyncStreamInput, progress: StreamProgress): Promise<SliceResult> {
  const policy = input.plan.resumable ? slicePolicy : wholeStreamPolicy
  const from = progress.cursor === undefined ? '' : ` · from ${progress.cursor}`
  const { syncSlice } = proxyActivities<Activities>({
    ...withHeartbeat(policy, input.plan),
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    priority: { priorityKey: priorityOf[input.reason], fairnessKey: input.source },
    summary: summary(`${input.stream} · slice ${progress.slices + 1}${from}`),
  })
  return syncSlice({
    source: input.source,
    stream: input.stream,
    revision: input.revision,
    position: progress.position,
    ...(progress.state !== undefined && { state: progress.state }),
    ...(progress.pending && { previous: progress.pending }),
    ...windowOf(input),
  })
}

function windowOf({ window, stretch }: SyncStreamInput): Pick<SyncStreamInput, 'window' | 'stretch'> {
  return { ...(window && { window }), ...(stretch && { stretch }) }
}

/** Nothing to accept, publish or close: nothing to do. */
function needsFinalize(input: SyncStreamInput, progress: StreamProgress): boolean {
  return (
    progress.pending !== undefined ||
    progress.position.building ||
    input.plan.syncMode === 'full_refresh' ||
    progress.position.lane !== LIVE_LANE
  )
}

async function finalize(input: SyncStreamInput, progress: StreamProgress): Promise<void> {
  if (!needsFinalize(input, progress)) return
  const { finalizeStream } = proxyActivities<Activities>({
    ...withHeartbeat(finalizePolicy, input.plan),
    // The stream is free for another run only when this one can publish nothing any more.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: summary(`finish ${input.stream}`),
  })
  await finalizeStream({
    source: input.source,
    stream: input.stream,
    revision: input.revision,
    position: progress.position,
    ...(progress.state !== undefined && { state: progress.state }),
    ...(progress.cursor !== undefined && { cursor: progress.cursor }),
    ...(progress.pending && { previous: progress.pending }),
    ...windowOf(input),
    complete: true,
  })
}

/** How operators find the stream's runs: outcome, rows, and how fresh its data is. */
function tagResult(run: StreamRun): void {
  const { status, rows, error } = run.state()
  upsertSearchAttributes([
    { key: syncOutcomeAttribute, value: status },
    { key: rowsLoadedAttribute, value: rows },
    ...(error ? [{ key: failureTypeAttribute, value: error.type }] : []),
    ...(run.cursorTime === undefined ? [] : [{ key: cursorTimeAttribute, value: new Date(run.cursorTime) }]),
  ])
}

/** A rate limit is waited out on a durable timer: no slot is held and no attempt is used up. */
async function waitUntil(atMs: number | undefined, input: SyncStreamInput, run: StreamRun): Promise<void> {
  const waitMs = atMs === undefined ? 0 : atMs - Date.now()
  if (atMs === undefined || waitMs <= 0) return
  log.info('stream waits for a rate limit', { stream: input.stream, waitMs })
  run.sleepUntil(new Date(atMs).toISOString())
  report(input, run)
  await sleep(waitMs, {
    summary: summary(`rate limit until ${new Date(atMs).toISOString()} of ${input.stream}`),
  })
  run.wake()
}

/** Shows where the stream stands: on its own page, and to the run that started it. */
function report(input: SyncStreamInput, run: StreamRun): void {
  setCurrentDetails(streamDetails(input.source, run.state(), run.startedAtMs, Date.now()))
  const parent = workflowInfo().parent
  if (parent === undefined || !run.shouldSignal(Date.now())) return
  // Nobody waits for it: the details are for people, and the parent may be gone already.
  getExternalWorkflowHandle(parent.workflowId, parent.runId)
    .signal(streamStateSignal, run.state())
    .catch((error: unknown) => log.warn('the run could not be told of its stream', { error: String(error) }))
}

function isContinueAsNew(error: unknown): boolean {
  return error instanceof Error && error.name === 'ContinueAsNew'
}
