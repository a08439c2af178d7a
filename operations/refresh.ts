/** `tributary refresh`: brings people, traits and segments up to what is loaded, and reports what changed. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, WorkflowUpdateHandle } from '@temporalio/client'
import { selectRows } from '../warehouse/query.js'
import { listRefreshes } from '../warehouse/refreshes.js'
import { latestRevision } from '../warehouse/revisions.js'
import { TASK_QUEUE } from '../workflows/contract.js'
import {
  profilesWorkflowId,
  REFRESH_DELAY_MS,
  type RefreshProfilesInput,
  type RefreshProgress,
  type RefreshReport,
  type RefreshRequest,
  refreshProgressQuery,
  refreshUpdate,
  type SegmentLine,
  type StepReport,
} from '../workflows/refresh-contract.js'
import { openWorkspace } from '../workspace/workspace.js'
import type { OperationContext } from './context.js'
import { orAborted } from './or-aborted.js'
import { assertPolling } from './polling.js'
import { sourceAttributes } from './search-attributes.js'

export type RefreshContext = Pick<OperationContext, 'temporal' | 'warehouse'>

/** The published workspace maps no stream: there is nobody to find. */
export class NothingMapped extends Error {
  override readonly name = 'NothingMapped'
}

export interface SegmentChange {
  readonly name: string
  readonly size: number
  readonly entered: number
  readonly left: number
  readonly seconds: number
  /** Why it keeps its last good members. */
  readonly error?: string
}

export interface RefreshResult {
  readonly outcome: RefreshReport['outcome']
  readonly profiles: number
  readonly identifiers: number
  readonly merged: number
  readonly split: number
  /** Links that a limit refused. */
  readonly conflicts: number
  readonly segments: readonly SegmentChange[]
  readonly seconds: number
  readonly workflowId: string
  readonly runId: string
  readonly revision: string
  /** ISO 8601: the moment that it was for. */
  readonly now: string
  readonly steps: readonly StepReport[]
  readonly error?: { readonly type: string; readonly message: string }
}

export interface StartedRefresh {
  readonly workflowId: string
  readonly runId: string
  /** The result, however the round ends; following it may stop, the round goes on. */
  result(options?: FollowRefreshOptions): Promise<RefreshResult>
}

export interface FollowRefreshOptions {
  /** Told about twice a second where the round stands. */
  readonly onProgress?: (progress: RefreshProgress) => void
  readonly signal?: AbortSignal
}

/**
 * Asks for a round at once: from everything that is loaded at this moment. One that goes on is waited for, and another
 * begins after it.
 * @throws NothingMapped, NothingPolling
 */
export async function startRefresh(
  context: RefreshContext,
  request: RefreshRequest = {},
): Promise<StartedRefresh> {
  const [client, warehouse] = await Promise.all([context.temporal(), context.warehouse()])
  const latest = await latestRevision(warehouse)
  const workspace = latest && openWorkspace(latest.files)
  if (!workspace || workspace.mappings.length === 0) {
    throw new NothingMapped(
      'refreshing: no stream is mapped; write mappings/<name>.yaml and identity.yaml, then run tributary apply',
    )
  }
  await assertPolling(client)
  const update = await ask(client, workspace.name, request)
  return {
    workflowId: update.workflowId,
    runId: update.workflowRunId ?? '',
    async result(options = {}) {
      const ended = new AbortController()
      const watching = watch(client, update.workflowId, options, ended.signal)
      try {
        const report = await orAborted(update.result(), options.signal)
        return refreshResult(report, await segmentLines(context, report))
      } finally {
        ended.abort()
        await watching
      }
    },
  }
}

/** Reports of the newest rounds, newest first; segments as the report keeps them, failed ones and the most changed. */
export async function refreshes(
  { warehouse }: Pick<RefreshContext, 'warehouse'>,
  limit = 20,
): Promise<readonly RefreshResult[]> {
  const reports = await listRefreshes<RefreshReport>(await warehouse(), limit)
  return reports.map((report) => refreshResult(report, report.segments))
}

async function ask(
  client: Client,
  workspace: string,
  request: RefreshRequest,
): Promise<WorkflowUpdateHandle<RefreshReport>> {
  // Loaded when it is needed: whoever only reads people and segments starts without it.
  const { WithStartWorkflowOperation, WorkflowUpdateStage } = await import('@temporalio/client')
  const input: RefreshProfilesInput = { workspace, delayMs: REFRESH_DELAY_MS }
  const startWorkflowOperation = new WithStartWorkflowOperation('refreshProfiles', {
    workflowId: profilesWorkflowId(workspace),
    taskQueue: TASK_QUEUE,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `profiles and segments of ${workspace}`,
    typedSearchAttributes: sourceAttributes('profiles'),
  })
  return client.workflow.startUpdateWithStart(refreshUpdate, {
    args: [request],
    waitForStage: WorkflowUpdateStage.ACCEPTED,
    startWorkflowOperation,
  })
}

const PROGRESS_MS = 500
/** A query waits for a worker; one that is busy or gone only costs a picture. */
const QUERY_TIMEOUT_MS = 2_000

async function watch(
  client: Client,
  workflowId: string,
  { onProgress }: FollowRefreshOptions,
  ended: AbortSignal,
): Promise<void> {
  const handle = client.workflow.getHandle(workflowId)
  while (onProgress && !ended.aborted) {
    const question = () => handle.query(refreshProgressQuery)
    const progress = await orAborted(
      client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, question),
      ended,
    ).catch(() => undefined)
    if (progress && !ended.aborted) onProgress(progress)
    await sleep(PROGRESS_MS, undefined, { signal: ended }).catch(() => undefined)
  }
}

/** Every segment of the round; the report itself keeps a few only. */
async function segmentLines(
  { warehouse }: Pick<RefreshContext, 'warehouse'>,
  report: RefreshReport,
): Promise<readonly SegmentLine[]> {
  if (report.segmentsLoad === undefined) return report.segments
  const rows = await selectRows<SegmentLine & { error: string }>(
    await warehouse(),
    `SELECT segment, toFloat64(size) AS size, toFloat64(entered) AS entered, toFloat64(left) AS left, seconds, error
     FROM cdp.segment_versions__rows
     WHERE _load_id = {load:UInt64} AND NOT startsWith(segment, '_') ORDER BY segment`,
    { load: report.segmentsLoad },
  )
  return rows.map(({ error, ...line }) => ({ ...line, ...(error !== '' && { error }) }))
}

function refreshResult(report: RefreshReport, lines: readonly SegmentLine[]): RefreshResult {
  const { outcome, profiles, identifiers, merged, split, conflicts, seconds, workflowId, runId } = report
  return {
    outcome,
    profiles,
    identifiers,
    merged,
    split,
    conflicts,
    segments: lines.map(({ segment, ...line }) => ({ name: segment, ...line })),
    seconds,
    workflowId,
    runId,
    revision: report.revision,
    now: report.now,
    steps: report.steps,
    ...(report.error && { error: report.error }),
  }
}
