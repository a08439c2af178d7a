/**
 * Removes what is older than the workspace keeps it: rows of streams, rejects, entries of the audit log. A kind that fails
 * stops no other. Whatever goes, goes once, however often it is run, and beside whatever else runs.
 */
import {
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.js'
import type { ErrorReport } from './contract.js'
import { describeFailure } from './failures.js'
import { finalizePolicy, planPolicy, recordPolicy, shortPolicy, withHeartbeat } from './policies.js'
import {
  type ApplyRetentionInput,
  momentBefore,
  RETAINED,
  RETENTION_FAILED,
  type RemovedKind,
  type Retained,
  type RetentionPlan,
  type RetentionReport,
} from './retention-contract.js'
import { retentionDetails, retentionSummary } from './retention-details.js'
import { failureTypeAttribute, revisionAttribute, syncOutcomeAttribute } from './search-attributes.js'
import { summary } from './summary.js'

const { loadRetention } = proxyActivities<Activities>(planPolicy)
const { recordRetention } = proxyActivities<Activities>(recordPolicy)
const { askForRefresh } = proxyActivities<Activities>(shortPolicy)

export async function applyRetention({ workspace }: ApplyRetentionInput): Promise<RetentionReport> {
  const startedAtMs = Date.now()
  const kinds: RemovedKind[] = []
  let plan: RetentionPlan | undefined
  let failure: unknown
  try {
    plan = await loadRetention({})
    upsertSearchAttributes([{ key: revisionAttribute, value: plan.revision }])
    for (const kind of RETAINED) {
      const length = plan.lengths[kind]
      if (length === undefined) continue
      kinds.push(await remove(plan, kind, length, startedAtMs))
      setCurrentDetails(retentionDetails(kinds))
    }
  } catch (error) {
    failure = error
  }
  const report = reportOf(workspace, plan, kinds, startedAtMs, failure)
  await CancellationScope.nonCancellable(() => conclude(report, plan?.feedsProfiles === true))
  if (failure !== undefined && isCancellation(failure)) throw failure
  if (report.outcome === 'succeeded') return report
  throw ApplicationFailure.create({
    type: RETENTION_FAILED,
    message: retentionSummary(report),
    nonRetryable: true,
    details: [report],
  })
}

/** Never throws but when it is cancelled: what failed of a kind is in its line. */
async function remove(
  plan: RetentionPlan,
  kind: Retained,
  length: string,
  nowMs: number,
): Promise<RemovedKind> {
  const before = momentBefore(length, nowMs)
  const { removeOld } = proxyActivities<Activities>({
    ...withHeartbeat(finalizePolicy, plan),
    summary: summary(`${kind} of before ${before.slice(0, 10)}`),
  })
  try {
    const removed = await removeOld({ revision: plan.revision, kind, before })
    return { kind, length, before, ...removed }
  } catch (error) {
    if (isCancellation(error)) throw error
    const nothing = { rows: 0, bytes: 0, streams: [], streamsInAll: 0 }
    return { kind, length, before, ...nothing, error: describeFailure(error) }
  }
}

function reportOf(
  workspace: string,
  plan: RetentionPlan | undefined,
  kinds: readonly RemovedKind[],
  startedAtMs: number,
  failure: unknown,
): RetentionReport {
  const { workflowId, runId } = workflowInfo()
  const failed = kinds.filter(({ error }) => error !== undefined)
  const error = failure === undefined ? (failed[0]?.error ?? streamError(kinds)) : describeFailure(failure)
  return {
    workspace,
    workflowId,
    runId,
    revision: plan?.revision ?? '',
    outcome:
      failure !== undefined || (failed.length > 0 && failed.length === kinds.length)
        ? 'failed'
        : error === undefined
          ? 'succeeded'
          : 'partial',
    now: new Date(startedAtMs).toISOString(),
    rows: kinds.reduce((sum, { rows }) => sum + rows, 0),
    bytes: kinds.reduce((sum, { bytes }) => sum + bytes, 0),
    seconds: (Date.now() - startedAtMs) / 1000,
    kinds,
    ...(error && { error }),
  }
}

/** The first stream that failed, where the others went on. */
function streamError(kinds: readonly RemovedKind[]): ErrorReport | undefined {
  const stream = kinds.flatMap(({ streams }) => streams).find(({ error }) => error !== undefined)
  return stream && { type: 'StreamFailed', message: `${stream.name}: ${stream.error}` }
}

async function conclude(report: RetentionReport, feedsProfiles: boolean): Promise<void> {
  setCurrentDetails(`${retentionSummary(report)}\n\n${retentionDetails(report.kinds)}`)
  upsertSearchAttributes([
    { key: syncOutcomeAttribute, value: report.outcome },
    { key: failureTypeAttribute, value: report.error?.type ?? null },
  ])
  await recordRetention(report)
  // What rows said of people goes with them.
  const rowsWent = report.kinds.some(({ kind, rows, error }) => kind === 'raw' && (rows > 0 || error))
  if (feedsProfiles && rowsWent) await askForRefresh({ workspace: report.workspace })
}
