/**
 * One run of a source: its streams as child workflows, a few at a time. A failing stream never stops another; at the end
 * the run's status is truthful, its report is recorded, and a schedule that only a person can mend is paused.
 */
import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.js'
import {
  progressQuery,
  type RunReport,
  requestedSignal,
  type StreamPlan,
  SYNC_FAILED,
  type SyncPlan,
  type SyncSourceInput,
  setParallelismUpdate,
  skipStreamUpdate,
  streamStateSignal,
} from './contract.js'
import { runDetails, runSummary } from './details.js'
import { describeFailure, pausesSchedule, reportOf } from './failures.js'
import { planPolicy, recordPolicy, shortPolicy } from './policies.js'
import {
  connectorAttribute,
  failureTypeAttribute,
  revisionAttribute,
  rowsLoadedAttribute,
  sourceAttribute,
  syncOutcomeAttribute,
} from './search-attributes.js'
import { SourceRun } from './source-run.js'
import { runStream } from './start-stream.js'

/** Failed runs in a row after which the schedule is paused. */
const MAX_FAILURES_IN_A_ROW = 5

const { loadPlan } = proxyActivities<Activities>(planPolicy)
const { pauseSchedule, askForRefresh } = proxyActivities<Activities>(shortPolicy)
const { recordRun } = proxyActivities<Activities>(recordPolicy)

export async function syncSource(input: SyncSourceInput): Promise<RunReport> {
  const run = new SourceRun(input, Date.now())
  const streamScopes = new Map<string, CancellationScope>()
  setUpHandlers(run, streamScopes)
  let cancelled = false
  try {
    const plan = await loadPlan(planInput(input))
    run.begin(plan)
    show(run)
    upsertSearchAttributes([
      { key: sourceAttribute, value: plan.source },
      { key: connectorAttribute, value: plan.connector },
      { key: revisionAttribute, value: plan.revision },
    ])
    await runStreams(run, plan, streamScopes)
  } catch (error) {
    cancelled = isCancellation(error)
    run.fail(describeFailure(error))
  }
  return CancellationScope.nonCancellable(() => conclude(run, cancelled))
}

function planInput(input: SyncSourceInput) {
  return {
    source: input.source,
    ...(input.revision !== undefined && { revision: input.revision }),
    ...(input.streams && { streams: input.streams }),
    ...(input.window && { window: input.window }),
  }
}

function setUpHandlers(run: SourceRun, streamScopes: ReadonlyMap<string, CancellationScope>): void {
  setHandler(progressQuery, () => run.progress())
  setHandler(requestedSignal, ({ reason }) => {
    run.reason = reason
    show(run)
  })
  setHandler(streamStateSignal, (state) => {
    run.hear(state)
    show(run)
  })
  setHandler(
    skipStreamUpdate,
    ({ stream }) => {
      const state = run.skip(stream)
      streamScopes.get(stream)?.cancel()
      return state
    },
    {
      validator: ({ stream }) => {
        if (!run.canSkip(stream))
          throw new Error(`skipping ${stream}: it is not a stream of this run that is still open`)
      },
    },
  )
  setHandler(
    setParallelismUpdate,
    ({ parallelism }) => {
      run.parallelism = parallelism
      return parallelism
    },
    {
      validator: ({ parallelism }) => {
        if (!Number.isInteger(parallelism) || parallelism < 1 || parallelism > 64) {
          throw new Error('setting the parallelism: a whole number from 1 to 64 is needed')
        }
      },
    },
  )
}

/** Starts streams in the plan's order, as many at once as the parallelism says at that moment. */
async function runStreams(
  run: SourceRun,
  plan: SyncPlan,
  streamScopes: Map<string, CancellationScope>,
): Promise<void> {
  let underWay = 0
  const ended: Promise<void>[] = []
  for (const stream of plan.streams) {
    try {
      await condition(() => underWay < run.parallelism)
    } catch (error) {
      // Cancelled while others wait for their turn: what is under way still says how it ended.
      await Promise.all(ended)
      throw error
    }
    if (run.isSkipped(stream.name)) {
      run.endFailed(
        stream.name,
        'skipped',
        { type: 'Skipped', message: 'skipped before it began' },
        Date.now(),
      )
      continue
    }
    underWay += 1
    const scope = new CancellationScope()
    streamScopes.set(stream.name, scope)
    ended.push(
      scope
        .run(() => endStream(run, plan, stream))
        .finally(() => {
          underWay -= 1
          show(run)
        }),
    )
  }
  await Promise.all(ended)
  if (CancellationScope.current().consideredCancelled) await CancellationScope.current().cancelRequested
}

/** Never throws: a stream's failure is a line of the report. */
async function endStream(run: SourceRun, plan: SyncPlan, stream: StreamPlan): Promise<void> {
  try {
    run.end(await runStream({ ...run.input, reason: run.reason }, plan, stream))
  } catch (error) {
    const skipped = run.isSkipped(stream.name)
    const outcome = !isCancellation(error) ? 'failed' : skipped ? 'skipped' : 'cancelled'
    run.endFailed(stream.name, outcome, describeFailure(error), Date.now(), reportOf(error))
  }
}

async function conclude(run: SourceRun, cancelled: boolean): Promise<RunReport> {
  const { workflowId, runId } = workflowInfo()
  const report = run.report({ workflowId, runId }, cancelled, Date.now())
  const errors = run.errors()
  show(run, report)
  upsertSearchAttributes([
    { key: syncOutcomeAttribute, value: report.outcome },
    { key: rowsLoadedAttribute, value: report.rows },
    { key: failureTypeAttribute, value: errors[0]?.type ?? null },
  ])
  const { failuresInARow } = await recordRun(report)
  const workspace = run.feedsProfilesOf()
  if (workspace !== undefined && report.rows > 0) await askForRefresh({ workspace })
  const blocking = errors.find(pausesSchedule)
  if (blocking) {
    await pauseSchedule({ source: report.source, note: `${blocking.type}: ${blocking.message}` })
  } else if (failuresInARow >= MAX_FAILURES_IN_A_ROW) {
    const last = errors[0]
    await pauseSchedule({
      source: report.source,
      note: `${failuresInARow} failed runs in a row; the last: ${last?.type}: ${last?.message}`,
    })
  }
  await condition(allHandlersFinished)
  if (report.outcome === 'failed' || report.outcome === 'partial') {
    throw ApplicationFailure.create({
      type: SYNC_FAILED,
      message: `${runSummary(report)}; ${errors[0]?.type}: ${errors[0]?.message}`,
      nonRetryable: true,
      details: [report],
    })
  }
  if (cancelled) await CancellationScope.current().cancelRequested
  return report
}

function show(run: SourceRun, report?: RunReport): void {
  const details = runDetails(run.view(Date.now()))
  setCurrentDetails(report === undefined ? details : `${runSummary(report)}\n\n${details}`)
}
