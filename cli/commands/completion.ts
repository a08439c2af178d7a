/** `completion bash|zsh|fish`: the script that completes commands, options and names of sources. */
import { Argument, type Command } from 'commander'
import { completionScript, SHELLS, type Shell } from '../completion.js'

export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .summary('print the completion script of a shell')
    .description('print the completion script of a shell')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText('after', '\nExample:\n  eval "$(tributary completion bash)"')
    .action((shell: Shell) => {
      process.stdout.write(completionScript(program, shell))
    })
}
