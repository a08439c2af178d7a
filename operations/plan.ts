/** `tributary plan`: what applying the workspace would change. */
import { latestRevision } from '../warehouse/revisions.js'
import type { Change } from '../workspace/change.js'
import { WORKSPACE_FILE, type WorkspaceFiles } from '../workspace/files.js'
import { planRevision } from '../workspace/plan.js'
import type { Problem } from '../workspace/problem.js'
import { revisionHash } from '../workspace/revision.js'
import { openWorkspace, readWorkspace, type Workspace } from '../workspace/workspace.js'
import { leftBehind } from './activations/held-records.js'
import type { OperationContext } from './context.js'
import { workspaceChecks } from './workspace-checks.js'

export type PlanContext = Pick<OperationContext, 'workspaceDir' | 'warehouse'>

export interface PlanResult {
  /** False: there are errors, and no changes are worked out. */
  readonly ok: boolean
  readonly changes: readonly Change[]
  readonly problems: readonly Problem[]
  /** Hash of the published revision that this is a plan against; null before the first. */
  readonly parent: string | null
}

/** Changes nothing. @throws when the folder cannot be read, or the warehouse not be reached */
export async function plan(context: PlanContext): Promise<PlanResult> {
  const { files, problems, workspace } = await readWorkspace(
    context.workspaceDir,
    workspaceChecks(context.workspaceDir),
  )
  const warehouse = await context.warehouse()
  const latest = await latestRevision(warehouse)
  const parent = latest?.revision ?? null
  if (!workspace) return { ok: false, changes: [], problems, parent }
  const renamed = renameProblem(latest?.files, workspace)
  if (renamed) return { ok: false, changes: [], problems: [...problems, renamed], parent }
  const changes =
    revisionHash(files) === parent
      ? []
      : planRevision(latest?.files, files, await leftBehind(warehouse, latest?.files, files))
  return { ok: true, changes, problems, parent }
}

/** A warehouse holds one workspace: under another name it would be taken apart without anybody meaning to. */
export function renameProblem(
  published: WorkspaceFiles | undefined,
  workspace: Workspace,
): Problem | undefined {
  const name = published && openWorkspace(published).name
  if (name === undefined || name === workspace.name) return undefined
  return {
    file: WORKSPACE_FILE,
    line: 1,
    column: 1,
    path: 'workspace',
    message: `this warehouse holds the workspace ${name}`,
    remedy: `write workspace: ${name}, or use another warehouse`,
    severity: 'error',
  }
}
