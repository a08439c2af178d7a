/** How every command is defined: the options that all share, an example in the help, and what its action is given. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { OperationContext } from '../operations/context.js'
import { Output } from './output.js'

/** One use of a command. */
export interface Invocation {
  /** Absolute. */
  readonly workspaceDir: string
  readonly output: Output
  /** Connections that open when they are first used, and are closed when the command ends. */
  context(): Promise<OperationContext>
}

export interface CommandDefinition {
  /** Name and arguments: `sync <source>`. */
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** Lines of examples, without `tributary`. */
  readonly examples: readonly string[]
  /** What the help says beyond the summary. */
  readonly details?: string
}

/** What a command does; its exit code, where it is not 0. */
export type Action<Options> = (
  invocation: Invocation,
  args: readonly string[],
  options: Options,
) => Promise<number | undefined> | Promise<void>

/** Adds a command to the program or to a group, and returns it for options of its own. */
export function addCommand<Options>(
  parent: Command,
  definition: CommandDefinition,
  action: Action<Options>,
): Command {
  const { name, summary, examples, details } = definition
  const command = parent
    .command(name)
    .summary(summary)
    .description(details ? `${summary}\n\n${details}` : summary)
  command
    .option('--workspace <dir>', 'folder of the workspace', '.')
    .option('--json', 'print JSON on stdout')
    .addHelpText('after', `\nExample:\n${examples.map((example) => `  tributary ${example}`).join('\n')}`)
    .action(async () => {
      command.setOptionValue('exitCode', await invoke(command, action))
    })
  return command
}

async function invoke<Options>(command: Command, action: Action<Options>): Promise<number | undefined> {
  const options = command.opts<{ workspace: string; json?: boolean }>()
  const workspaceDir = resolve(options.workspace)
  let context: OperationContext | undefined
  const invocation: Invocation = {
    workspaceDir,
    output: new Output(options.json === true),
    async context() {
      const { createContext } = await import('../operations/context.js')
      context ??= createContext(workspaceDir)
      return context
    },
  }
  try {
    const args = command.processedArgs.flat() as string[]
    return (await action(invocation, args, options as Options)) ?? undefined
  } finally {
    await context?.close()
  }
}

/** Collects an option that may be given several times. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value]
}
