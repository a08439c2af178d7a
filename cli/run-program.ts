/** Runs the program once: every way to end becomes an exit code, every error one line that says what to do, and a document too. */
import { type Command, CommanderError } from 'commander'
import { asksForJson, errorDocument } from './error-document.js'
import { ExitCode, exitCodeOf, renderError } from './errors.js'

/** Commander's codes for ends that are no mistake. */
const ASKED_FOR = new Set(['commander.helpDisplayed', 'commander.version'])

/** Parses and runs `argv`; the exit code. */
export async function runProgram(program: Command, argv: readonly string[]): Promise<number> {
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(ExitCode.ok)
    throw error
  })
  let exitCode: number = ExitCode.ok
  program.hook('postAction', (_program, command) => {
    exitCode = (command.getOptionValue('exitCode') as number | undefined) ?? ExitCode.ok
  })
  try {
    await program.parseAsync(argv)
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError && ASKED_FOR.has(error.code)) return ExitCode.ok
    if (asksForJson(argv.slice(2))) process.stdout.write(`${JSON.stringify(errorDocument(error))}\n`)
    if (error instanceof CommanderError) return ExitCode.usage
    process.stderr.write(`${renderError(error, process.env)}\n`)
    return exitCodeOf(error)
  }
}
