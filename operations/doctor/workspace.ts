/** The workspace's files: valid, with connectors that load and secrets that are there. */
import { loadConnector, loadDestination } from '@tributary/connector-sdk'
import { referencedSecrets } from '../../runtime/secrets/provider.js'
import { isApplicable, type Problem, renderProblem } from '../../workspace/problem.js'
import { openWorkspace, readWorkspace, type Workspace } from '../../workspace/workspace.js'
import type { OperationContext } from '../context.js'
import { workspaceChecks } from '../workspace-checks.js'
import { type Check, failed, failedBy, passed } from './check.js'

export async function checkWorkspace({
  workspaceDir,
  secrets,
}: Pick<OperationContext, 'workspaceDir' | 'secrets'>): Promise<readonly Check[]> {
  try {
    const { files, problems } = await readWorkspace(workspaceDir, workspaceChecks(workspaceDir))
    const validity = validityCheck(problems)
    if (!isApplicable(problems)) return [validity]
    const workspace = openWorkspace(files)
    return [validity, await checkConnectors(workspace, workspaceDir), await checkSecrets(workspace, secrets)]
  } catch (error) {
    return [failedBy('workspace', error, 'run tributary init')]
  }
}

function validityCheck(problems: readonly Problem[]): Check {
  const errors = problems.filter(({ severity }) => severity === 'error')
  const warnings = problems.length - errors.length
  if (errors.length === 0)
    return passed('workspace', warnings === 0 ? 'valid' : `valid, ${warnings} warnings`)
  const first = renderProblem(errors[0]!).split('; ')[0]!
  const more = errors.length > 1 ? ` and ${errors.length - 1} more errors` : ''
  return failed('workspace', first + more, 'run tributary validate')
}

async function checkConnectors({ sources, destinations }: Workspace, workspaceDir: string): Promise<Check> {
  const namesOf = (files: Workspace['sources'] | Workspace['destinations']) => [
    ...new Set(files.map(({ definition }) => definition.connector)),
  ]
  const [from, to] = [namesOf(sources), namesOf(destinations)]
  const names = [...from, ...to].sort()
  const results = await Promise.allSettled([
    ...from.map((name) => loadConnector(name, workspaceDir)),
    ...to.map((name) => loadDestination(name, workspaceDir)),
  ])
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) return failedBy('connectors', failure.reason, 'run npm install in the workspace')
  return passed('connectors', names.length === 0 ? 'none is used' : names.join(', '))
}

async function checkSecrets(
  { sources, destinations }: Workspace,
  secrets: OperationContext['secrets'],
): Promise<Check> {
  const configs = [...sources, ...destinations].map(({ definition }) => definition.config)
  const names = [...new Set(configs.flatMap(referencedSecrets))].sort()
  try {
    const values = await Promise.all(names.map((name) => secrets.get(name)))
    const missing = names.filter((_name, index) => values[index] === undefined)
    if (missing.length === 0) return passed('secrets', `${names.length} referenced, all set`)
    return failed(
      'secrets',
      `missing: ${missing.join(', ')}`,
      `set them, e.g. tributary secrets set ${missing[0]}`,
    )
  } catch (error) {
    return failedBy('secrets', error, 'set TRIBUTARY_MASTER_KEY to the key that they were kept with')
  }
}
