/** What commands about people share: how records are signed, what became of a refresh, problems of drafts, identifiers. */
import { userInfo } from 'node:os'
import type { Command } from 'commander'
import type { AskedRefresh } from '../operations/people/ask-refresh.js'
import type { simulateDraft } from '../operations/people/profiles.js'
import type { Problem } from '../operations/validate.js'
import type { Invocation } from './command.js'
import { formatCount, table } from './format.js'
import { problemLine } from './problems.js'

export interface RecordFlags {
  readonly note?: string
  readonly author?: string
  /** `--no-refresh` makes it false. */
  readonly refresh: boolean
}

/** Adds the options of commands that keep a record. */
export function withRecordOptions(command: Command): Command {
  return command
    .option('--author <name>', 'who says so, for the record')
    .option('--no-refresh', 'leave it to the next refresh')
}

/** Who says so: the person at this machine where nobody is named. */
export function authorOf({ author }: { readonly author?: string }): string {
  return author ?? userInfo().username
}

/** Who says so, and whether a refresh is asked for. */
export function recordOptions({ note, refresh, ...flags }: RecordFlags): {
  readonly author: string
  readonly note: string
  readonly refresh: boolean
} {
  return { author: authorOf(flags), note: note ?? '', refresh }
}

/** What becomes of a record. */
export function refreshSentence(refresh: AskedRefresh): string {
  if (refresh.asked) return `a refresh was asked for (${refresh.workflowId}); see tributary refresh --wait`
  if (refresh.reason === 'not wanted') return 'it takes effect with the next refresh'
  return `it takes effect with the next refresh, which could not be asked for: ${refresh.reason}`
}

/** Runs work on drafts; what is wrong with their files is said one by one, as `validate` does. */
export async function sayingProblems<Result>(
  { output }: Invocation,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && error.name === 'DraftInvalid' && 'problems' in error) {
      for (const problem of error.problems as readonly Problem[]) {
        output.note(problemLine(problem, output.paintNote))
      }
    }
    throw error
  }
}

/** `email ada@example.com`, the values of a type behind each other. */
export function identifierWords(identifiers: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(identifiers)
    .map(([type, values]) => `${type} ${values.join(', ')}`)
    .join('; ')
}

/** Any JSON value in a cell. */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined) return '—'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Prints what depends on something. */
export function sayDependents(
  { output }: Invocation,
  name: string,
  dependents: readonly { readonly segment: string; readonly direct: boolean }[],
): void {
  output.result(dependents, () =>
    dependents.length === 0
      ? `no segment depends on ${name}`
      : dependents
          .map(({ segment, direct }) => (direct ? segment : `${segment} (through another segment)`))
          .join('\n'),
  )
}

/** What would become of people. */
export function simulationWords(simulated: Awaited<ReturnType<typeof simulateDraft>>): string {
  const { profilesBefore, profilesAfter, merged, split, segments } = simulated
  const right = (title: string) => ({ title, align: 'right' as const })
  return [
    `${formatCount(profilesBefore)} profiles would be ${formatCount(profilesAfter)}: ${formatCount(merged)} merged, ${formatCount(split)} split`,
    ...(segments.length === 0
      ? []
      : [
          '',
          table(
            [{ title: 'segment' }, ...['members', 'then', 'concerned', 'enter', 'leave'].map(right)],
            segments.map(({ segment, before, after, changed, enters, leaves }) => [
              segment,
              ...[before, after, changed, enters, leaves].map(formatCount),
            ]),
          ),
        ]),
  ].join('\n')
}
