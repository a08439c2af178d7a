/** An error as scripts read it: the one JSON document that a command prints with --json when it fails. */
import { CommanderError } from 'commander'
import { ExitCode, errorSentence, exitCodeOf } from './errors.js'

export interface ErrorDocument {
  readonly error: {
    /** Stable: the type of the failure, e.g. `SourceUnknown`, `ConfigInvalid`. */
    readonly code: string
    /** What was done, and what happened. */
    readonly message: string
    /** What to do, where that is known. */
    readonly remedy?: string
    /** What is wrong with the files of a workspace, one by one. */
    readonly problems?: readonly unknown[]
  }
}

/** True where the arguments ask for JSON, also where they make no sense otherwise. */
export function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return (end === -1 ? args : args.slice(0, end)).includes('--json')
}

export function errorDocument(error: unknown): ErrorDocument {
  const problems = error instanceof Error && 'problems' in error ? error.problems : undefined
  return {
    error: {
      code: codeOf(error),
      ...parts(error instanceof CommanderError ? usage(error) : errorSentence(error)),
      ...(Array.isArray(problems) && { problems }),
    },
  }
}

/** Codes of errors that have no type of their own. */
const GENERAL: Readonly<Record<number, string>> = {
  [ExitCode.usage]: 'UsageError',
  [ExitCode.unreachable]: 'Unreachable',
  [ExitCode.interrupted]: 'Interrupted',
}

/** Failures that carry the type of another. */
const CARRIERS = new Set(['ApplyFailed', 'TaskFailed', 'ApplicationFailure'])
/** Classes that say nothing of what failed. */
const NAMELESS = new Set(['Error', 'TypeError', 'RangeError', 'SyntaxError'])

function codeOf(error: unknown): string {
  if (error instanceof CommanderError) return 'UsageError'
  if (!(error instanceof Error)) return 'Failed'
  if (error.name === 'ConnectorError' && 'kind' in error) return String(error.kind)
  if (CARRIERS.has(error.name) && 'type' in error) return String(error.type)
  if (error.constructor.name === 'ClickHouseError') return 'StatementFailed'
  if (error.name === 'ServiceError') return 'TemporalFailed'
  return NAMELESS.has(error.name) ? (GENERAL[exitCodeOf(error)] ?? 'Failed') : error.name
}

/** Every message of this project ends with what to do, behind its last semicolon. */
function parts(sentence: string): { readonly message: string; readonly remedy?: string } {
  const at = sentence.lastIndexOf('; ')
  return at === -1
    ? { message: sentence }
    : { message: sentence.slice(0, at), remedy: sentence.slice(at + 2) }
}

/** What commander says, as one sentence. */
function usage({ code, message }: CommanderError): string {
  if (code === 'commander.help') return 'reading the arguments: there is no command; see --help'
  const [what, suggestion] = message.replace(/^error: /, '').split('\n')
  const hint = suggestion?.replace(/^\(D/, 'd').replace(/\)$/, '') ?? 'see --help'
  return `reading the arguments: ${what?.replace(/\.$/, '')}; ${hint}`
}
