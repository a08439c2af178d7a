/** One run as people look at it, in the same shape while it goes on and when it has ended. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, WorkflowExecutionDescription } from '@temporalio/client'
import { WorkflowNotFoundError } from '@temporalio/common'
import type { GuardReport } from '@tributary/schemas'
import { type RecordedReport, recordedRuns } from '../warehouse/recorded-runs.js'
import {
  type ActivationProgress,
  type ActivationReport,
  activationProgressQuery,
} from '../workflows/activation-contract.js'
import {
  progressQuery,
  type Remaining,
  type RunReport,
  type StreamReport,
  type StreamState,
  streamProgressQuery,
  streamWorkflowId,
} from '../workflows/contract.js'
import {
  type RefreshReport,
  refreshProgressQuery,
  type SegmentLine,
  type StepReport,
} from '../workflows/refresh-contract.js'
import { answeringTemporal } from './answering.js'
import { taskDetails, taskFailure } from './follow-task.js'
import { type LiveStream, liveProgress } from './live-progress.js'
import { taskLine } from './open-run-lines.js'
import { pendingActivities, type Retry } from './pending.js'
import type { RunLine } from './run-line.js'
import { type RunLinesContext, recordedLine } from './run-lines.js'
import { runAddresses } from './temporal-ui.js'

export interface RunView extends RunLine {
  /** Of syncs and resets. */
  readonly streams: readonly StreamView[]
  /** Of refreshes, in turn. */
  readonly steps: readonly StepReport[]
  /** Of refreshes: those that failed, then those that changed most. */
  readonly segments: readonly SegmentLine[]
  /** Of activations. */
  readonly activation: ActivationView | null
  /** What the run as a whole is tried again for; null where nothing is. */
  readonly retry: Retry | null
  /** One line more, for people; empty where there is none. */
  readonly note: string
}

export interface StreamView {
  readonly name: string
  readonly status: StreamState['status']
  readonly rows: number
  readonly bytes: number
  readonly rejects: number
  readonly slices: number
  /** Null while it goes on. */
  readonly seconds: number | null
  readonly cursor: string | null
  readonly remaining: Remaining | null
  /** ISO 8601: when a rate limit ends. */
  readonly resumeAt: string | null
  readonly retry: Retry | null
  readonly error: string | null
}

export interface ActivationView {
  readonly phase: ActivationProgress['phase']
  /** ISO 8601: when a rate limit, a pause or an approval ends. */
  readonly until: string | null
  readonly guards: readonly GuardReport[]
  readonly batches: number
  readonly batchesDone: number
}

/** No run has this id. */
export class RunUnknown extends Error {
  override readonly name = 'RunUnknown'
}

const QUERY_TIMEOUT_MS = 2_000
const LOOK_EVERY_MS = 500

/**
 * The run of a workflow: the one that goes on, or the newest that ended.
 * @param run one of the workflow's runs, as the list names it
 * @throws RunUnknown
 */
export async function runView(context: RunLinesContext, workflowId: string, run?: string): Promise<RunView> {
  const addressOf = await runAddresses(context)
  const recorded = async () => {
    const warehouse = await context.warehouse()
    const [found] = await recordedRuns(warehouse, { workflowId, ...(run !== undefined && { run }), limit: 1 })
    return found && recordedView(found, recordedLine(found, addressOf))
  }
  const ended = run === undefined ? undefined : await recorded()
  if (ended) return ended
  const client = await answeringTemporal(context)
  const described = client && (await describe(client, workflowId))
  if (client && described?.status.name === 'RUNNING') {
    return { ...viewOf(taskLine(described, addressOf)), ...(await liveParts(client, described)) }
  }
  // It may have ended between the two questions.
  const newest = await recorded()
  if (newest && (!described || newest.endedAt! >= described.startTime.toISOString())) return newest
  if (client && described)
    return { ...viewOf(taskLine(described, addressOf)), ...(await endedParts(client, described)) }
  // Temporal may know of it: then that it does not answer is what there is to say.
  if (!client) await context.temporal()
  throw new RunUnknown(`looking at the run ${workflowId}: there is none; see tributary runs`)
}

/** Views that differ, until the run has ended or the signal. Rejects at once for what is not there. @throws RunUnknown */
export async function watchRun(
  context: RunLinesContext,
  workflowId: string,
  run: string | undefined,
  signal: AbortSignal,
): Promise<AsyncIterable<RunView>> {
  const first = await runView(context, workflowId, run)
  return views(first)

  async function* views(begun: RunView): AsyncGenerator<RunView> {
    let shown = ''
    for (let view = begun; !signal.aborted; view = await runView(context, workflowId, run)) {
      const { seconds: _ticks, ...rest } = view
      const text = JSON.stringify(rest)
      if (text !== shown) yield view
      shown = text
      if (view.endedAt !== null) return
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
    }
  }
}

async function describe(
  client: Client,
  workflowId: string,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await client.workflow.getHandle(workflowId).describe()
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined
    throw error
  }
}

function viewOf(line: RunLine): RunView {
  return { ...line, streams: [], steps: [], segments: [], activation: null, retry: null, note: '' }
}

/** What no worker can tell now stays empty, and the note says so. */
async function liveParts(
  client: Client,
  { workflowId, runId, type }: WorkflowExecutionDescription,
): Promise<Partial<RunView>> {
  const handle = client.workflow.getHandle(workflowId, runId)
  const ask = <Answer>(question: () => Promise<Answer>) =>
    client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, question)
  try {
    if (type === 'syncSource') {
      const asked = await ask(() => handle.query(progressQuery))
      const {
        source,
        reason = null,
        streams,
        retry,
      } = await liveProgress(client, { workflowId, runId }, asked)
      return {
        subject: source,
        reason,
        streams: streams.map(liveStream),
        counts: totals(streams),
        retry: retry ?? null,
      }
    }
    if (type === 'refreshProfiles') {
      const { steps, waiting } = await ask(() => handle.query(refreshProgressQuery))
      return { steps, note: waiting ? 'waits for syncs that end one after another' : '' }
    }
    if (type === 'resetStream') {
      const [, source = '', stream = ''] = /^reset\/([^/]+)\/(.*)$/.exec(workflowId) ?? []
      const reading = client.workflow.getHandle(streamWorkflowId(source, stream))
      const state = await ask(() => reading.query(streamProgressQuery))
      return { streams: [liveStream(state)], counts: totals([state]) }
    }
    if (type === 'backfillSource') return { note: (await ask(() => taskDetails(client, workflowId))) ?? '' }
    if (type === 'activateSegment') {
      const [progress, activities] = await Promise.all([
        ask(() => handle.query(activationProgressQuery)),
        ask(() => pendingActivities(client, workflowId, runId)),
      ])
      const retry = activities.find((activity) => activity.retry)?.retry ?? null
      return { ...activationParts(progress), retry }
    }
    return {}
  } catch {
    return { note: 'no worker tells now how far it is' }
  }
}

function activationParts({ phase, plan, progress, until }: ActivationProgress): Partial<RunView> {
  const { adds = 0, changes = 0, removes = 0 } = plan?.counts ?? {}
  return {
    ...(phase === 'waiting for approval' && { outcome: 'waiting for approval' as const }),
    counts: { adds, changes, removes, rejects: progress.rejected, acknowledged: progress.acknowledged },
    activation: {
      phase,
      until: until ?? null,
      guards: plan?.guards ?? [],
      batches: plan?.batches ?? 0,
      batchesDone: progress.batches,
    },
  }
}

/** Backfills and resets are not recorded, and what was terminated could not record itself. */
async function endedParts(
  client: Client,
  { workflowId, runId, type }: WorkflowExecutionDescription,
): Promise<Partial<RunView>> {
  try {
    const result: unknown = await client.workflow.getHandle(workflowId, runId, { followRuns: false }).result()
    if (type === 'resetStream') {
      const report = result as StreamReport
      return { streams: [endedStream(report)], counts: totals([report]) }
    }
    if (type !== 'backfillSource') return {}
    const { rows, windows, note = '' } = result as { rows: number; windows: number; note?: string }
    return { counts: { rows, windows }, note }
  } catch (error) {
    const failure = taskFailure(error)
    return { error: failure instanceof Error ? failure.message : String(failure) }
  }
}

function recordedView(recorded: RecordedReport, line: RunLine): RunView {
  const view = viewOf(line)
  if (recorded.kind === 'sync') {
    const { streams } = JSON.parse(recorded.report) as RunReport
    return { ...view, streams: streams.map(endedStream) }
  }
  if (recorded.kind === 'refresh') {
    const { steps, segments } = JSON.parse(recorded.report) as RefreshReport
    return { ...view, steps, segments }
  }
  const { guards, plan } = JSON.parse(recorded.report) as ActivationReport
  const batches = plan?.batches ?? 0
  return { ...view, activation: { phase: 'ended', until: null, guards, batches, batchesDone: batches } }
}

function liveStream({ name, status, rows, bytes, rejects, slices, ...stream }: LiveStream): StreamView {
  return {
    name,
    status,
    rows,
    bytes,
    rejects,
    slices,
    seconds: null,
    cursor: stream.cursor ?? null,
    remaining: stream.remaining ?? null,
    resumeAt: stream.resumeAt ?? null,
    retry: stream.retry ?? null,
    error: stream.error?.message ?? null,
  }
}

function endedStream({
  name,
  outcome,
  rows,
  bytes,
  rejects,
  slices,
  seconds,
  cursor,
  error,
}: StreamReport): StreamView {
  return {
    name,
    status: outcome,
    rows,
    bytes,
    rejects,
    slices,
    seconds,
    cursor,
    remaining: null,
    resumeAt: null,
    retry: null,
    error: error?.message ?? null,
  }
}

type Counted = Pick<StreamReport, 'rows' | 'bytes' | 'rejects'>

function totals(streams: readonly Counted[]): Record<string, number> {
  const total = (key: keyof Counted) => streams.reduce((sum, stream) => sum + stream[key], 0)
  return { rows: total('rows'), bytes: total('bytes'), rejects: total('rejects') }
}
