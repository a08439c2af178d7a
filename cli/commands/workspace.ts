/** `init`, `setup`, `doctor`: from nothing to everything ready. */
import type { Command } from 'commander'
import { addCommand } from '../command.js'
import { ExitCode } from '../errors.js'
import { table } from '../format.js'

export function addWorkspaceCommands(program: Command): void {
  addCommand(
    program,
    {
      name: 'init [dir]',
      summary: 'write a workspace to start from',
      details: 'Files that exist are left as they are.',
      examples: ['init', 'init shop-data --name shop'],
    },
    async ({ workspaceDir, output }, [directory], options: { readonly name?: string }) => {
      const [{ init }, { resolve }] = await Promise.all([
        import('../../operations/init.js'),
        import('node:path'),
      ])
      const result = await init(resolve(workspaceDir, directory ?? '.'), options.name)
      output.result(result, () =>
        [
          ...result.written.map((path) => `wrote ${path}`),
          result.written.length === 0
            ? 'everything was there already'
            : 'next: tributary up --detach && tributary apply && tributary sync files --wait',
        ].join('\n'),
      )
    },
  ).option('--name <name>', "name of the workspace (default: the folder's)")

  addCommand(
    program,
    {
      name: 'setup',
      summary: 'make a Temporal server and a ClickHouse ready',
      details:
        "Registers the search attributes and creates Tributary's own tables. The local stack does it by itself.",
      examples: ['setup'],
    },
    async (invocation) => {
      const { setup } = await import('../../operations/setup.js')
      const result = await setup(await invocation.context())
      const { searchAttributes, migrations } = result
      invocation.output.result(result, () =>
        [
          `search attributes: ${searchAttributes.added.length} registered, ${searchAttributes.present.length} were there`,
          `warehouse: step ${migrations.from} → ${migrations.to}`,
        ].join('\n'),
      )
    },
  )

  addCommand(
    program,
    {
      name: 'doctor',
      summary: 'look at everything that is needed, and say what to do',
      details: 'Exits with 1 when something is not well.',
      examples: ['doctor', 'doctor --json'],
    },
    async (invocation) => {
      const { output } = invocation
      const { doctor } = await import('../../operations/doctor.js')
      const checks = await doctor(await invocation.context())
      output.result(checks, () =>
        table(
          [{ title: '' }, { title: 'check' }, { title: 'found' }],
          checks.map(({ ok, name, detail, remedy }) => [
            ok ? output.paint('green', '✓') : output.paint('red', '✗'),
            name,
            remedy === undefined ? detail : `${detail}: ${output.paint('yellow', remedy)}`,
          ]),
        ),
      )
      return checks.every(({ ok }) => ok) ? ExitCode.ok : ExitCode.failed
    },
  )
}
