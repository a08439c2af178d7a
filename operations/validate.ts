/** `tributary validate`: reads the workspace's files and says everything that is wrong with them. */
import { isApplicable, type Problem } from '../workspace/problem.js'
import { readWorkspace } from '../workspace/workspace.js'
import type { OperationContext } from './context.js'
import { workspaceChecks } from './workspace-checks.js'

export type { Problem }

export type ValidateContext = Pick<OperationContext, 'workspaceDir'>

export interface ValidateResult {
  /** True when the workspace can be applied; there may be warnings. */
  readonly ok: boolean
  readonly problems: readonly Problem[]
}

/** Changes nothing and needs no server. @throws when the folder cannot be read */
export async function validate(context: ValidateContext): Promise<ValidateResult> {
  const { problems } = await readWorkspace(context.workspaceDir, workspaceChecks(context.workspaceDir))
  return { ok: isApplicable(problems), problems }
}
