/**
 * A segment that leaves for a destination: its plan is frozen, guarded and, beyond a guard, approved; then it is sent batch
 * by batch, each noted before the next. One run of an activation at a time: its id says so.
 */

import {
  ActivityCancellationType,
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  log,
  ParentClosePolicy,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  startChild,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import type { PlanSummary } from '@tributary/schemas'
import type { Activities } from '../activities/index.js'
import {
  ACTIVATION_FAILED,
  type ActivateSegmentInput,
  type ActivationOutcome,
  type ActivationReport,
  activationProgressQuery,
  againSignal,
  approvalUpdate,
  type RequestActivationInput,
} from './activation-contract.js'
import { activationDetails, activationSummary, reportDetails } from './activation-details.js'
import { ActivationRun, breachesOf } from './activation-run.js'
import type { ErrorReport } from './contract.js'
import { describeFailure, pausesSchedule } from './failures.js'
import { CLOSE_PLAN } from './patches.js'
import {
  activationPlanPolicy,
  deliveryPolicy,
  recordPolicy,
  requestActivationPolicy,
  shortPolicy,
  withHeartbeat,
} from './policies.js'
import {
  activationAttribute,
  connectorAttribute,
  failureTypeAttribute,
  revisionAttribute,
  rowsLoadedAttribute,
  rowsRejectedAttribute,
  segmentAttribute,
  syncOutcomeAttribute,
} from './search-attributes.js'
import { summary } from './summary.js'

const { recordActivation } = proxyActivities<Activities>(recordPolicy)
const { closePlan, holdActivation } = proxyActivities<Activities>(shortPolicy)

export async function activateSegment(input: ActivateSegmentInput): Promise<ActivationReport> {
  const run = new ActivationRun(input, Date.now())
  setHandler(activationProgressQuery, () => run.progress())
  setHandler(againSignal, ({ reason }) => run.askAgain(reason))
  setHandler(
    approvalUpdate,
    (request) => {
      run.decide(request, Date.now())
      return run.progress()
    },
    {
      validator: (request) => {
        const refusal = run.refusalOf(request)
        if (refusal !== undefined) throw ApplicationFailure.nonRetryable(refusal, 'NothingWaiting')
      },
    },
  )
  upsertSearchAttributes([{ key: activationAttribute, value: input.activation }])
  try {
    run.end(await perform(run))
  } catch (error) {
    if (isContinueAsNew(error)) throw error
    if (isCancellation(error)) run.end('cancelled')
    else run.end('failed', describeFailure(error))
  }
  const report = await CancellationScope.nonCancellable(() => conclude(run))
  const { again } = run
  // Who cancels wants it to end.
  if (again !== undefined && report.outcome !== 'cancelled') {
    await runAgain({ activation: input.activation, reason: again, after: workflowInfo().runId })
  }
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished))
  if (report.outcome === 'cancelled') await CancellationScope.current().cancelRequested
  if (report.outcome !== 'failed' && report.outcome !== 'stopped') return report
  throw ApplicationFailure.create({
    type: ACTIVATION_FAILED,
    message: activationSummary(report),
    nonRetryable: true,
    details: [report],
  })
}

/** What a schedule starts: asks for a run of the activation. */
export async function requestActivation(input: RequestActivationInput): Promise<void> {
  await proxyActivities<Activities>(requestActivationPolicy).askForActivation(input)
}

async function perform(run: ActivationRun): Promise<ActivationOutcome> {
  const { input } = run
  let plan = input.resumed?.plan
  if (plan === undefined) {
    const staged = await stage(run)
    if ('skipped' in staged) return 'skipped'
    plan = staged.plan
    show(run)
    const ended = await pass(run, plan)
    if (ended !== undefined) return ended
    // What is taken back would be sent again by the next run.
    if (input.undoes !== undefined) {
      const reason = `run ${input.undoes.slice(0, 8)} is taken back`
      await holdActivation({ activation: input.activation, reason, author: input.author ?? '' })
    }
  }
  await send(run, plan)
  return run.sentOutcome()
}

async function stage(run: ActivationRun) {
  const { activation, reason, revision, undoes } = run.input
  show(run)
  const { stageActivation } = proxyActivities<Activities>({
    ...activationPlanPolicy,
    summary: summary(`plan ${activation}`),
  })
  const staged = await stageActivation({
    activation,
    reason,
    run: runId(),
    ...(revision !== undefined && { revision }),
    ...(undoes !== undefined && { undoes }),
  })
  if ('plan' in staged) {
    run.planned(staged.plan)
    upsertSearchAttributes([
      { key: revisionAttribute, value: staged.plan.revision },
      { key: connectorAttribute, value: staged.plan.connector },
      { key: segmentAttribute, value: staged.plan.segment },
    ])
  } else {
    log.info('activation skipped', { activation, why: staged.skipped })
  }
  return staged
}

/** Whether the plan may be sent: the outcome where it may not. */
async function pass(run: ActivationRun, plan: PlanSummary): Promise<ActivationOutcome | undefined> {
  if (run.input.planOnly) return 'planned'
  const breaches = breachesOf(plan)
  if (breaches.length === 0) return undefined
  if (plan.onBreach === 'stop' || breaches.some(({ final }) => final)) return 'stopped'
  run.awaitApproval(new Date(Date.now() + plan.approvalMs).toISOString())
  upsertSearchAttributes([{ key: syncOutcomeAttribute, value: 'waiting for approval' }])
  show(run)
  const decided = await condition(() => run.approval !== undefined, plan.approvalMs, {
    summary: summary(`${plan.activation} waits for an approval`),
  })
  if (!decided) return 'expired'
  return run.approval?.approved ? undefined : 'refused'
}

async function send(run: ActivationRun, plan: PlanSummary): Promise<void> {
  for (;;) {
    run.send()
    show(run)
    const { progress } = run.progress()
    const { deliverBatches } = proxyActivities<Activities>({
      ...withHeartbeat(deliveryPolicy, plan),
      // Another run may begin only when this one can send nothing any more.
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      summary: summary(`${plan.activation} · from batch ${progress.batches + 1} of ${plan.batches}`),
    })
    const result = await deliverBatches({ run: runId(), plan, progress })
    run.advance(result)
    if (result.done) break
    await waitUntil(run, result.resumeAtMs)
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished)
      await continueAsNew<typeof activateSegment>({ ...run.input, resumed: run.resumed() })
    }
  }
  if (!plan.finishes) return
  run.finish()
  show(run)
  const { finishActivation } = proxyActivities<Activities>({
    ...withHeartbeat(deliveryPolicy, plan),
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: summary(`finish ${plan.activation}`),
  })
  await finishActivation({ run: runId(), plan })
}

/** A rate limit or a vendor's job is waited out on a durable timer: no slot is held and no attempt is used up. */
async function waitUntil(run: ActivationRun, atMs: number | undefined): Promise<void> {
  const waitMs = atMs === undefined ? 0 : atMs - Date.now()
  if (atMs === undefined || waitMs <= 0) return
  const until = new Date(atMs).toISOString()
  run.sleep(until)
  show(run)
  await sleep(waitMs, { summary: summary(`${run.input.activation} goes on at ${until}`) })
}

/** Never throws because of how the run ended: that is in the report, which is recorded whatever happens. */
async function conclude(run: ActivationRun): Promise<ActivationReport> {
  const { workflowId } = workflowInfo()
  await close(run)
  const report = run.report({ run: runId(), workflowId }, Date.now())
  setCurrentDetails(reportDetails(report))
  upsertSearchAttributes([
    { key: syncOutcomeAttribute, value: report.outcome },
    { key: rowsLoadedAttribute, value: report.acknowledged },
    { key: rowsRejectedAttribute, value: report.rejects },
    { key: failureTypeAttribute, value: report.error?.type ?? null },
  ])
  if (report.error && pausesSchedule(report.error)) await pause(report, report.error)
  await recordActivation(report)
  return report
}

/** A report that says less than was sent would hide what can be taken back, and what the destination may hold. */
async function close(run: ActivationRun): Promise<void> {
  const plan = run.cutShort
  if (plan === undefined || !patched(CLOSE_PLAN)) return
  try {
    run.advance({ progress: await closePlan({ run: runId(), plan }), done: false })
  } catch (error) {
    log.warn('what was sent could not be counted', { activation: plan.activation, error: String(error) })
  }
}

/** Only a person can mend it: until then runs that nobody asks for are skipped. */
async function pause({ activation }: ActivationReport, error: ErrorReport): Promise<void> {
  await holdActivation({ activation, reason: error.message, author: 'tributary' })
}

/** In a workflow of its own: this one's id is free only when it has ended. */
async function runAgain(input: RequestActivationInput): Promise<void> {
  try {
    await startChild(requestActivation, {
      args: [input],
      workflowId: `again/${input.activation}/${workflowInfo().runId}`,
      parentClosePolicy: ParentClosePolicy.ABANDON,
    })
  } catch (error) {
    log.warn('the next run could not be asked for', { error: String(error) })
  }
}

function show(run: ActivationRun): void {
  setCurrentDetails(activationDetails(run.progress()))
}

/** The same for every execution of a run. */
const runId = (): string => workflowInfo().firstExecutionRunId

function isContinueAsNew(error: unknown): boolean {
  return error instanceof Error && error.name === 'ContinueAsNew'
}
