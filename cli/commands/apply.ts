/** `validate`, `plan`, `apply`: from the files of a workspace to a published revision. */
import { userInfo } from 'node:os'
import type { Command } from 'commander'
import type { ApplyOperationResult } from '../../operations/apply.js'
import type { PlanResult } from '../../operations/plan.js'
import { addCommand, type Invocation } from '../command.js'
import { ExitCode } from '../errors.js'
import type { Paint } from '../output.js'
import { problemLine } from '../problems.js'

type Change = PlanResult['changes'][number]

export function addApplyCommands(program: Command): void {
  addCommand(
    program,
    {
      name: 'validate',
      summary: "check the workspace's files",
      details: 'Needs no server. Exits with 1 when there are errors.',
      examples: ['validate', 'validate --json'],
    },
    async ({ workspaceDir, output }) => {
      const { validate } = await import('../../operations/validate.js')
      const result = await validate({ workspaceDir })
      output.result(result, () =>
        [
          ...result.problems.map((problem) => problemLine(problem, output.paint)),
          result.ok ? 'valid' : 'not valid',
        ].join('\n'),
      )
      return result.ok ? ExitCode.ok : ExitCode.failed
    },
  )

  addCommand(
    program,
    {
      name: 'plan',
      summary: 'show what apply would change',
      examples: ['plan'],
    },
    async (invocation) => {
      const { output } = invocation
      const { plan } = await import('../../operations/plan.js')
      const result = await plan(await invocation.context())
      output.result(result, () =>
        [
          ...result.problems.map((problem) => problemLine(problem, output.paint)),
          ...(result.ok ? changeLines(result.changes, output.paint) : ['not valid; nothing can be applied']),
        ].join('\n'),
      )
      return result.ok ? ExitCode.ok : ExitCode.failed
    },
  )

  addCommand(
    program,
    {
      name: 'apply',
      summary: 'publish the workspace and bring the schedules in line',
      details: 'Applying twice changes nothing.',
      examples: ['apply --message "add the shop"', 'apply --revision 3f2a91c  # back to an older revision'],
    },
    apply,
  )
    .option('--message <text>', 'why, for the history', '')
    .option('--author <name>', 'who, for the history')
    .option('--revision <hash>', 'publish an older revision again instead of the files; 7 digits may do')
    .option('--parent <hash>', 'refuse unless this revision is current')
    .option('--force', 'apply whatever is current: after the warehouse was emptied or restored')
}

async function apply(
  invocation: Invocation,
  _args: readonly string[],
  options: {
    readonly message?: string
    readonly author?: string
    readonly revision?: string
    readonly parent?: string
    readonly force?: boolean
  },
): Promise<number> {
  const { output } = invocation
  const operation = await import('../../operations/apply.js')
  try {
    const result = await operation.apply(await invocation.context(), {
      author: options.author ?? userInfo().username,
      message: options.message ?? '',
      ...(options.revision !== undefined && { revision: options.revision }),
      ...(options.parent !== undefined && { parent: options.parent }),
      ...(options.force && { force: true }),
    })
    output.result(result, () => applyWords(result, output.paint))
    return ExitCode.ok
  } catch (error) {
    if (!(error instanceof operation.WorkspaceInvalid)) throw error
    for (const problem of error.problems) output.note(problemLine(problem, output.paintNote))
    throw error
  }
}

function applyWords(result: ApplyOperationResult, paint: Paint): string {
  const { created, updated, removed, unchanged } = result.schedules
  return [
    ...result.problems.map((problem) => problemLine(problem, paint)),
    ...(result.changed ? changeLines(result.changes, paint) : []),
    `${result.changed ? paint('green', 'published') : 'no change:'} revision ${result.number} (${result.revision.slice(0, 12)})`,
    `schedules: ${created} created, ${updated} updated, ${removed} removed, ${unchanged} unchanged`,
  ].join('\n')
}

function changeLines(changes: readonly Change[], paint: Paint): string[] {
  if (changes.length === 0) return ['no changes']
  return changes.map(({ kind, message }) => {
    if (kind.endsWith('_added')) return paint('green', `+ ${message}`)
    return kind.endsWith('_removed') ? paint('red', `- ${message}`) : paint('yellow', `~ ${message}`)
  })
}
