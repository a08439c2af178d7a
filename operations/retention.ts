/** `tributary retention`: how long data is kept, what would go by it, and removing it now. */
import { type Client, WorkflowFailedError } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { describeSchedule, ScheduleMissing } from '../runtime/schedules.js'
import { countOld } from '../warehouse/retention/remove-old.js'
import { listRetentions } from '../warehouse/retention/retention-runs.js'
import { TASK_QUEUE } from '../workflows/contract.js'
import {
  type ApplyRetentionInput,
  lengthsInForce,
  momentBefore,
  RETAINED,
  RETENTION_FAILED,
  type RemovedKind,
  type RetentionLengths,
  type RetentionReport,
  retentionScheduleId,
} from '../workflows/retention-contract.js'
import { streamModes } from '../workspace/stream-modes.js'
import { answered, answeringTemporal } from './answering.js'
import type { OperationContext } from './context.js'
import { taskFailure } from './follow-task.js'
import { orAborted } from './or-aborted.js'
import { assertPolling } from './polling.js'
import { type PublishedWorkspace, publishedRevision } from './published-workspace.js'
import { sourceAttributes } from './search-attributes.js'

export type RetentionContext = Pick<OperationContext, 'temporal' | 'warehouse'>

/** Nothing is published: there is nothing that says how long data is kept. */
export class NothingPublished extends Error {
  override readonly name = 'NothingPublished'
}

export interface RetentionView {
  /** As published; a kind that is absent is kept for ever. Null before the first revision. */
  readonly inForce: RetentionLengths | null
  /** What the newest run removed; null before the first. */
  readonly last: RetentionReport | null
  /** ISO 8601; null where no run is planned, or Temporal does not answer. */
  readonly nextRun: string | null
}

/** How long data is kept, and what became of what was older. */
export async function showRetention(context: RetentionContext): Promise<RetentionView> {
  const warehouse = await context.warehouse()
  const [published, [last], client] = await Promise.all([
    publishedRevision(warehouse),
    listRetentions<RetentionReport>(warehouse, 1),
    answeringTemporal(context),
  ])
  const nextRun = published && (await answered(client, (open) => nextRunOf(open, published.workspace.name)))
  return {
    inForce: published ? lengthsInForce(published.workspace.settings.retention) : null,
    last: last ?? null,
    nextRun: nextRun ?? null,
  }
}

async function nextRunOf(client: Client, workspace: string): Promise<string | undefined> {
  try {
    const { nextRuns, paused } = await describeSchedule(client, retentionScheduleId(workspace))
    return paused ? undefined : nextRuns[0]
  } catch (error) {
    if (error instanceof ScheduleMissing) return undefined
    throw error
  }
}

export interface RetentionPreview {
  readonly rows: number
  /** On disk, rough. */
  readonly bytes: number
  /** Of each kind with a length. */
  readonly kinds: readonly RemovedKind[]
}

/**
 * What would go now, counted and not touched.
 * @param lengths as if these were published @default what is published
 * @throws NothingPublished
 */
export async function previewRetention(
  { warehouse: open }: Pick<RetentionContext, 'warehouse'>,
  lengths?: RetentionLengths,
  now: Date = new Date(),
): Promise<RetentionPreview> {
  const warehouse = await open()
  const { workspace } = await published({ warehouse: open })
  const inForce = lengthsInForce(lengths ?? workspace.settings.retention)
  const kinds: RemovedKind[] = []
  for (const kind of RETAINED) {
    const length = inForce[kind]
    if (length === undefined) continue
    const before = momentBefore(length, now.getTime())
    const counts = await countOld(warehouse, {
      kind,
      before: new Date(before),
      modeOf: streamModes(workspace),
    })
    kinds.push({ kind, length, before, ...counts })
  }
  return {
    rows: kinds.reduce((sum, { rows }) => sum + rows, 0),
    bytes: kinds.reduce((sum, { bytes }) => sum + bytes, 0),
    kinds,
  }
}

async function published({ warehouse }: Pick<RetentionContext, 'warehouse'>): Promise<PublishedWorkspace> {
  const found = await publishedRevision(await warehouse())
  if (found) return found
  throw new NothingPublished('reading how long data is kept: nothing is published; run tributary apply')
}

export interface StartedRetention {
  readonly workflowId: string
  readonly runId: string
  /** The report, however the run ends; following it may stop, the run goes on. */
  result(options?: { readonly signal?: AbortSignal }): Promise<RetentionReport>
}

/** Removes what is old, at once. Started again while it runs, it is the same run. @throws NothingPublished, NothingPolling */
export async function applyRetention(context: RetentionContext): Promise<StartedRetention> {
  const [client, { workspace }] = await Promise.all([context.temporal(), published(context)])
  await assertPolling(client)
  const input: ApplyRetentionInput = { workspace: workspace.name }
  const workflowId = retentionScheduleId(workspace.name)
  const handle = await client.workflow.start('applyRetention', {
    workflowId,
    taskQueue: TASK_QUEUE,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: 'data that is older than it is kept, by hand',
    typedSearchAttributes: sourceAttributes('retention'),
  })
  const runId = handle.firstExecutionRunId
  return {
    workflowId,
    runId,
    async result({ signal } = {}) {
      try {
        const result = client.workflow.getHandle(workflowId, runId).result() as Promise<RetentionReport>
        return await orAborted(result, signal)
      } catch (error) {
        return reportIn(error)
      }
    },
  }
}

/** A run that fails says what it did. */
function reportIn(error: unknown): RetentionReport {
  const cause = error instanceof WorkflowFailedError ? error.cause : undefined
  const [report] =
    cause instanceof ApplicationFailure && cause.type === RETENTION_FAILED ? (cause.details ?? []) : []
  if (report === undefined) throw taskFailure(error)
  return report as RetentionReport
}
