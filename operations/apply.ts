/** `tributary apply`: publishes the workspace as a revision and brings the schedules in line with it. */
import { type Client, WithStartWorkflowOperation, WorkflowUpdateFailedError } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import type { Warehouse } from '../warehouse/client.js'
import { latestRevision, readRevision, stageRevision } from '../warehouse/revisions.js'
import { TASK_QUEUE } from '../workflows/contract.js'
import {
  type ApplyInput,
  type ApplyResult,
  applyUpdate,
  PARENT_OUTDATED,
  type ScheduleCounts,
  workspaceWorkflowId,
} from '../workflows/workspace-contract.js'
import type { Change } from '../workspace/change.js'
import { isKnownFile, readFiles, WORKSPACE_FILE, type WorkspaceFiles } from '../workspace/files.js'
import { planRevision } from '../workspace/plan.js'
import { isApplicable, type Problem, renderProblem } from '../workspace/problem.js'
import { revisionHash } from '../workspace/revision.js'
import { checkWorkspace, openWorkspace, readWorkspace } from '../workspace/workspace.js'
import { EtagMismatch, etagOf, FileNameInvalid } from '../workspace/write-file.js'
import { leftBehind } from './activations/held-records.js'
import type { OperationContext } from './context.js'
import { findRevision, RevisionUnknown } from './find-revision.js'
import { renameProblem } from './plan.js'
import { assertPolling } from './polling.js'
import { workspaceChecks } from './workspace-checks.js'

export type ApplyContext = Pick<OperationContext, 'workspaceDir' | 'warehouse' | 'temporal'>

export interface ApplyOptions {
  /** Who applies, as it stands in the history. */
  readonly author: string
  /** Why, in one line. @default empty */
  readonly message?: string
  /** Hash of a published revision, or its beginning, to apply instead of the files: rolling back. */
  readonly revision?: string
  /** Paths: only these drafts are published, over what is published already. @default every file */
  readonly files?: readonly string[]
  /** Etags of drafts that were looked at, by path; null: there was none any more. Others than these are not published. @default none */
  readonly seen?: Readonly<Record<string, string | null>>
  /** The revision that the change was planned against, or its beginning. @default the newest one */
  readonly parent?: string | null
  /** Apply whatever is current, and whatever its workspace's name: after the warehouse was emptied or restored. @default false */
  readonly force?: boolean
}

export interface ApplyOperationResult {
  readonly revision: string
  readonly number: number
  /** False when this content was current already. */
  readonly changed: boolean
  readonly changes: readonly Change[]
  readonly schedules: ScheduleCounts
  /** Warnings. */
  readonly problems: readonly Problem[]
  readonly seconds: number
}

/** The workspace has errors; nothing was applied. */
export class WorkspaceInvalid extends Error {
  override readonly name = 'WorkspaceInvalid'
  constructor(readonly problems: readonly Problem[]) {
    const errors = problems.filter(({ severity }) => severity === 'error')
    super(
      `applying: ${errors.length} ${errors.length === 1 ? 'error' : 'errors'}; ${errors.slice(0, 3).map(renderProblem).join('; ')}`,
    )
  }
}

/** The workspace workflow refused or failed: `type` says why, e.g. ParentOutdated. */
export class ApplyFailed extends Error {
  override readonly name = 'ApplyFailed'
  constructor(
    message: string,
    readonly type: string,
    options: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** Whoever publishes some drafts meets only those who publish at the same moment, and one of them is through each time. */
const MOST_TRIES = 20

/**
 * Idempotent: applied again without a change, it publishes nothing and only mends schedules. Some drafts are published over
 * whatever others published meanwhile, unless a parent is named.
 * @throws WorkspaceInvalid, ApplyFailed, NothingPolling, RevisionUnknown, RevisionAmbiguous, FileNameInvalid, EtagMismatch
 */
export async function apply(context: ApplyContext, options: ApplyOptions): Promise<ApplyOperationResult> {
  const { revision, files, parent } = options
  const goesOverOthers = revision === undefined && files !== undefined && parent === undefined
  for (let tries = 1; ; tries += 1) {
    try {
      return await applyOnce(context, options)
    } catch (error) {
      const overtaken = error instanceof ApplyFailed && error.type === PARENT_OUTDATED
      if (!overtaken || !goesOverOthers || tries === MOST_TRIES) throw error
    }
  }
}

async function applyOnce(context: ApplyContext, options: ApplyOptions): Promise<ApplyOperationResult> {
  const started = performance.now()
  const { files, problems } = await contentOf(context, options)
  const [warehouse, client] = await Promise.all([context.warehouse(), context.temporal()])
  const latest = await latestRevision(warehouse)
  const renamed = renameProblem(latest?.files, openWorkspace(files))
  if (renamed && !options.force) throw new WorkspaceInvalid([...problems, renamed])
  const revision = revisionHash(files)
  const changes =
    revision === latest?.revision
      ? []
      : planRevision(latest?.files, files, await leftBehind(warehouse, latest?.files, files))
  await assertPolling(client)
  await stageRevision(warehouse, { revision, files })
  const parent = await parentOf(warehouse, options.parent, latest?.revision ?? null)
  const result = await update(client, openWorkspace(files).name, {
    revision,
    parent,
    author: options.author,
    message: options.message ?? '',
    force: options.force ?? false,
  })
  const seconds = Math.round(performance.now() - started) / 1000
  return { ...result, changes, problems, seconds }
}

/** One that was never published stays as it is: it is refused as not current. */
async function parentOf(
  warehouse: Warehouse,
  asked: string | null | undefined,
  latest: string | null,
): Promise<string | null> {
  if (asked === undefined) return latest
  if (asked === null) return null
  return findRevision(warehouse, asked).catch((error: unknown) => {
    if (error instanceof RevisionUnknown) return asked
    throw error
  })
}

interface Content {
  readonly files: WorkspaceFiles
  readonly problems: readonly Problem[]
}

async function contentOf(
  context: ApplyContext,
  { revision, files: chosen, seen = {} }: ApplyOptions,
): Promise<Content> {
  if (revision === undefined && chosen) return chosenContent(context, chosen, seen)
  if (revision === undefined) {
    const read = await readWorkspace(context.workspaceDir, workspaceChecks(context.workspaceDir))
    if (!read.workspace) throw new WorkspaceInvalid(read.problems)
    return read
  }
  const warehouse = await context.warehouse()
  const published = await readRevision(warehouse, await findRevision(warehouse, revision))
  if (!published)
    throw new RevisionUnknown(`applying revision ${revision}: it was never published; check the hash`)
  return { files: published.files, problems: [] }
}

/** The drafts of others may be half written: they stay as they are published. */
async function chosenContent(
  context: ApplyContext,
  chosen: readonly string[],
  seen: NonNullable<ApplyOptions['seen']>,
): Promise<Content> {
  const strange = chosen.find((file) => !isKnownFile(file))
  if (strange !== undefined)
    throw new FileNameInvalid(`applying ${strange}: a workspace has no such file; see its list of files`)
  const [{ files: drafts, problems: unread }, latest] = await Promise.all([
    readFiles(context.workspaceDir),
    latestRevision(await context.warehouse()),
  ])
  const taken = latest ? chosen : [WORKSPACE_FILE, ...chosen]
  // What cannot be read is not gone.
  const unreadable = unread.filter(({ file }) => taken.includes(file))
  if (unreadable.length > 0) throw new WorkspaceInvalid(unreadable)
  assertAsSeen(drafts, seen)
  const kept = Object.entries(latest?.files ?? {}).filter(([file]) => !taken.includes(file))
  const files = Object.fromEntries([
    ...kept,
    ...taken.flatMap((file) => (drafts[file] === undefined ? [] : [[file, drafts[file]]])),
  ]) as WorkspaceFiles
  const problems = await checkWorkspace(files, workspaceChecks(context.workspaceDir))
  if (!isApplicable(problems)) throw new WorkspaceInvalid(problems)
  return { files, problems }
}

/** Nobody publishes what somebody else wrote meanwhile. @throws EtagMismatch */
function assertAsSeen(drafts: WorkspaceFiles, seen: NonNullable<ApplyOptions['seen']>): void {
  for (const [file, expected] of Object.entries(seen)) {
    const text = drafts[file]
    const current = text === undefined ? undefined : { text, etag: etagOf(text) }
    if ((current?.etag ?? null) !== expected) throw new EtagMismatch(file, current)
  }
}

async function update(client: Client, workspace: string, change: ApplyInput): Promise<ApplyResult> {
  const startWorkflowOperation = new WithStartWorkflowOperation('workspace', {
    workflowId: workspaceWorkflowId(workspace),
    taskQueue: TASK_QUEUE,
    args: [{ workspace }],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `History of workspace ${workspace}`,
  })
  try {
    return await client.workflow.executeUpdateWithStart(applyUpdate, {
      args: [change],
      startWorkflowOperation,
    })
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error
    const cause = applicationFailure(error)
    throw new ApplyFailed(cause?.message ?? error.message, cause?.type ?? error.name, { cause: error })
  }
}

/** What an activity or the workflow said, without the wrappers of update and activity around it. */
function applicationFailure(error: Error): ApplicationFailure | undefined {
  if (error instanceof ApplicationFailure) return error
  return error.cause instanceof Error ? applicationFailure(error.cause) : undefined
}
