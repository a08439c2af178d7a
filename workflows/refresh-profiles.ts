/**
 * Facts, people, traits and segments, brought up to what is loaded: one round for all syncs that ended within the delay,
 * and another as long as something changed meanwhile. A mapping or a segment that fails keeps what it had and says so; the
 * others are refreshed. What a step wrote is accepted only once this workflow has seen it end.
 */
import {
  type ActivityOptions,
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  log,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.js'
import { describeFailure } from './failures.js'
import { ACTIVATE_AFTER_REFRESH } from './patches.js'
import { planPolicy, profilesPolicy, recordPolicy, shortPolicy, withHeartbeat } from './policies.js'
import {
  markDirtySignal,
  REFRESH_FAILED,
  type RefreshPlan,
  type RefreshProfilesInput,
  type RefreshReport,
  type RequestRefreshInput,
  refreshProgressQuery,
  refreshUpdate,
  type StepInput,
  type StepResult,
} from './refresh-contract.js'
import { refreshSummary, reportDetails, roundDetails } from './refresh-details.js'
import { RefreshRequests } from './refresh-requests.js'
import { RefreshRound } from './refresh-round.js'
import {
  failureTypeAttribute,
  revisionAttribute,
  rowsLoadedAttribute,
  sourceAttribute,
  syncOutcomeAttribute,
} from './search-attributes.js'
import { summary } from './summary.js'

const { loadRefreshPlan } = proxyActivities<Activities>(planPolicy)
const { recordRefresh } = proxyActivities<Activities>(recordPolicy)

export async function refreshProfiles(input: RefreshProfilesInput): Promise<RefreshReport | undefined> {
  const requests = new RefreshRequests(input.resumed?.rounds ?? 0)
  let round: RefreshRound | undefined
  setHandler(markDirtySignal, () => requests.ask())
  setHandler(refreshUpdate, (request) =>
    CancellationScope.nonCancellable(async () => {
      const wanted = requests.askNow(request)
      await condition(() => requests.rounds >= wanted || requests.closed)
      if (requests.rounds >= wanted) return requests.report!
      throw ApplicationFailure.nonRetryable('refreshing: cancelled before this round began', 'Cancelled')
    }),
  )
  setHandler(refreshProgressQuery, () => ({
    workspace: input.workspace,
    rounds: requests.rounds,
    waiting: round === undefined,
    steps: round?.steps() ?? [],
  }))
  upsertSearchAttributes([{ key: sourceAttribute, value: 'profiles' }])

  while (requests.pending) {
    setCurrentDetails(roundDetails([], true))
    await condition(() => requests.urgent, input.delayMs)
    const { full } = requests.begin()
    round = new RefreshRound(input.workspace, Date.now(), full)
    const report = await runRound(round)
    requests.end(report)
    if (!isCancelled() && isRefreshed(report) && patched(ACTIVATE_AFTER_REFRESH)) await activate()
    if (!isCancelled()) await sweep()
    if (isCancelled()) break
    if (workflowInfo().continueAsNewSuggested && requests.pending && !requests.urgent) {
      await condition(allHandlersFinished)
      await continueAsNew<typeof refreshProfiles>({ ...input, resumed: { rounds: requests.rounds } })
    }
    // Whoever asked during the round waits for the next one.
    await condition(() => requests.pending || allHandlersFinished())
  }
  requests.closed = true
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished))
  if (isCancelled()) await CancellationScope.current().cancelRequested
  return conclude(requests.report)
}

const isCancelled = (): boolean => CancellationScope.current().consideredCancelled

/** What the schedule starts: asks the workspace's one refresh for a round. */
export async function requestRefresh(input: RequestRefreshInput): Promise<void> {
  await proxyActivities<Activities>(shortPolicy).askForRefresh(input)
}

/** Never throws: how it ended is in the report, which is recorded whatever happens. */
async function runRound(round: RefreshRound): Promise<RefreshReport> {
  let cancelled = false
  try {
    const plan = await loadRefreshPlan({})
    round.begin(plan)
    upsertSearchAttributes([{ key: revisionAttribute, value: plan.revision }])
    await runSteps(round, plan)
  } catch (error) {
    cancelled = isCancellation(error)
    round.fail(describeFailure(error), Date.now())
  }
  return CancellationScope.nonCancellable(async () => {
    const { workflowId, runId } = workflowInfo()
    const report = round.report({ workflowId, runId }, cancelled, Date.now())
    setCurrentDetails(reportDetails(report))
    upsertSearchAttributes([
      { key: syncOutcomeAttribute, value: report.outcome },
      { key: rowsLoadedAttribute, value: report.steps.reduce((rows, step) => rows + step.rows, 0) },
      { key: failureTypeAttribute, value: report.error?.type ?? null },
    ])
    await recordRefresh(report)
    return report
  })
}

/** People and segments are newer than before. */
const isRefreshed = ({ outcome }: RefreshReport): boolean => outcome === 'succeeded' || outcome === 'partial'

/** Those that could not be asked for now are asked for after the next round. */
async function activate(): Promise<void> {
  const { askForActivations } = proxyActivities<Activities>({
    ...shortPolicy,
    summary: 'ask for activations',
  })
  try {
    await askForActivations({})
  } catch (error) {
    if (!isCancellation(error)) {
      log.warn('asking for activations after a refresh failed', { error: describeFailure(error) })
    }
  }
}

/** Whoever waits for the round has the answer by now. What could not be cleared away is nobody's failure: the next sweep will. */
async function sweep(): Promise<void> {
  const { sweepRefreshed } = proxyActivities<Activities>({ ...profilesPolicy, summary: 'clear away' })
  try {
    await sweepRefreshed({})
  } catch (error) {
    if (!isCancellation(error)) log.warn('sweeping after a refresh failed', { error: describeFailure(error) })
  }
}

/** In turn: each step reads what the one before has had accepted. */
async function runSteps(round: RefreshRound, plan: RefreshPlan): Promise<void> {
  const step: StepInput = { revision: plan.revision, now: round.now, ...(round.full && { full: true }) }
  const running = { round, step, policy: withHeartbeat(profilesPolicy, plan) }
  for (const mapping of plan.mappings) {
    await runMapping(running, mapping, (activities) => activities.stageMapping({ ...step, mapping }))
  }
  for (const mapping of plan.gone) {
    await runMapping(running, mapping, (activities) => activities.stageMappingGone({ ...step, mapping }))
  }
  round.resolved(await runStep(running, 'identity', (activities) => activities.stageIdentity(step)))
  await runStep(running, 'traits', (activities) => activities.stageTraits(step))
  round.evaluated(await runStep(running, 'segments', (activities) => activities.stageSegments(step)))
}

interface Running {
  readonly round: RefreshRound
  readonly step: StepInput
  readonly policy: ActivityOptions
}

type Stage<Result> = (activities: ReturnType<typeof proxyActivities<Activities>>) => Promise<Result>

/**
 * A mapping that cannot be staged keeps the facts that it had; the others go on. One that cannot be accepted ends the round:
 * nobody knows whether its facts count by now, so nothing may read facts or number identifiers.
 */
async function runMapping(running: Running, mapping: string, stage: Stage<StepResult>): Promise<void> {
  const name = `mapping ${mapping}`
  let result: StepResult
  try {
    result = await stageStep(running, name, stage)
  } catch (error) {
    if (isCancellation(error)) throw error
    running.round.endFailed(name, describeFailure(error), Date.now())
    return
  }
  await endStep(running, name, result)
}

async function runStep<Result extends StepResult>(
  running: Running,
  name: string,
  stage: Stage<Result>,
): Promise<Result> {
  const result = await stageStep(running, name, stage)
  await endStep(running, name, result)
  return result
}

function stageStep<Result>({ round, policy }: Running, name: string, stage: Stage<Result>): Promise<Result> {
  round.start(name, Date.now())
  setCurrentDetails(roundDetails(round.steps(), false))
  return stage(proxyActivities<Activities>({ ...policy, summary: summary(name) }))
}

async function endStep(
  { round, step: { revision }, policy }: Running,
  name: string,
  result: StepResult,
): Promise<void> {
  if (result.staged) {
    const accept = proxyActivities<Activities>({ ...policy, summary: summary(`accept ${name}`) })
    await accept.acceptRefreshStep({ revision, staged: result.staged })
  }
  round.end(name, result, Date.now())
}

function conclude(report: RefreshReport | undefined): RefreshReport | undefined {
  if (report === undefined || report.outcome === 'succeeded') return report
  throw ApplicationFailure.create({
    type: REFRESH_FAILED,
    message: `${refreshSummary(report)}${report.error ? `; ${report.error.type}: ${report.error.message}` : ''}`,
    nonRetryable: true,
    details: [report],
  })
}
