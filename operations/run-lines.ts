/** Everything that ran and runs in one list: syncs, backfills, resets, refreshes and activations, with where to see more. */
import { type RecordedKind, type RecordedReport, recordedRuns } from '../warehouse/recorded-runs.js'
import type { ActivationReport } from '../workflows/activation-contract.js'
import type { RunReport } from '../workflows/contract.js'
import type { RefreshReport } from '../workflows/refresh-contract.js'
import { answered, answeringTemporal } from './answering.js'
import type { OperationContext } from './context.js'
import { closedTasks, openRunLines } from './open-run-lines.js'
import type { RunKind, RunLine, RunOutcome } from './run-line.js'
import { type RunAddress, runAddresses } from './temporal-ui.js'

export type RunLinesContext = Pick<
  OperationContext,
  'workspaceDir' | 'temporal' | 'temporalConfig' | 'warehouse'
>

export interface RunLinesOptions {
  readonly kind?: RunKind
  /** Of one source or activation. */
  readonly subject?: string
  readonly outcome?: RunOutcome
  /** Where the page before ended. */
  readonly after?: string
  /** Runs that have ended, at most. @default 50 */
  readonly limit?: number
}

export interface RunLines {
  /** What goes on first, then what has ended, newest first. What goes on is on the first page only. */
  readonly runs: readonly RunLine[]
  /** For the next page; null: there is none. */
  readonly next: string | null
}

/** Without Temporal only what was recorded. */
export async function listRunLines(
  context: RunLinesContext,
  options: RunLinesOptions = {},
): Promise<RunLines> {
  const { limit = 50 } = options
  const [client, addressOf] = await Promise.all([answeringTemporal(context), runAddresses(context)])
  const isFirst = options.after === undefined
  const [open = [], recorded, tasks = []] = await Promise.all([
    isFirst ? answered(client, (open) => openRunLines(open, addressOf)) : undefined,
    recordedLines(context, options, addressOf),
    isFirst ? answered(client, (open) => closedTasks(open, limit, addressOf)) : undefined,
  ])
  const ended = recorded.slice(0, limit)
  const known = new Set(ended.map(({ runId }) => runId))
  const others = [...open.filter(({ runId }) => !known.has(runId)), ...tasks].filter((line) =>
    isAsked(line, options),
  )
  const last = ended.at(-1)
  // Tasks are only remembered by Temporal, for a while: they are shown where their time is on this page.
  const oldest = recorded.length > limit ? (last?.endedAt ?? '') : ''
  const runs = [...others.filter(({ endedAt }) => endedAt === null || endedAt >= oldest), ...ended]
  return {
    runs: runs.sort(byEnd),
    next: recorded.length > limit && last ? `${last.endedAt}~${last.run}` : null,
  }
}

async function recordedLines(
  { warehouse }: Pick<OperationContext, 'warehouse'>,
  { kind, subject, outcome, after, limit = 50 }: RunLinesOptions,
  addressOf: RunAddress,
): Promise<readonly RunLine[]> {
  if (kind === 'backfill' || kind === 'reset') return []
  if (outcome === 'running' || outcome === 'waiting for approval') return []
  const [endedAt, run] = after?.split('~') ?? []
  const found = await recordedRuns(await warehouse(), {
    ...(kind && { kind }),
    ...(subject !== undefined && { subject }),
    ...(outcome && { outcome }),
    ...(endedAt !== undefined && run !== undefined && { after: { endedAt, run } }),
    limit: limit + 1,
  })
  return found.map((report) => recordedLine(report, addressOf))
}

function isAsked(line: RunLine, { kind, subject, outcome }: RunLinesOptions): boolean {
  return (
    [undefined, line.kind].includes(kind) &&
    [undefined, line.subject].includes(subject) &&
    [undefined, line.outcome].includes(outcome)
  )
}

/** What goes on first, the newest first. */
function byEnd(a: RunLine, b: RunLine): number {
  const [left, right] = [a, b].map(({ endedAt, startedAt }) => (endedAt === null ? `~${startedAt}` : endedAt))
  return left! < right! ? 1 : left! > right! ? -1 : 0
}

/** A report as a line of the list. */
export function recordedLine(recorded: RecordedReport, addressOf: RunAddress): RunLine {
  const { kind, workflowId, runId, run, subject, startedAt, endedAt } = recorded
  const report = JSON.parse(recorded.report) as Report
  return {
    kind,
    workflowId,
    runId,
    run,
    subject,
    about: '',
    outcome: recorded.outcome as RunOutcome,
    reason: 'reason' in report ? report.reason : null,
    startedAt,
    endedAt,
    seconds: report.seconds,
    counts: countsOf(kind, report),
    error: errorOf(report),
    temporalUrl: addressOf({ workflowId, runId }),
  }
}

type Report = RunReport | RefreshReport | ActivationReport

function countsOf(kind: RecordedKind, report: Report): Record<string, number> {
  const names = COUNTS[kind]
  // The names of a kind are those of its report's counts; a report of another kind has not all of them.
  const numbers = report as unknown as Readonly<Record<string, number>>
  return Object.fromEntries(names.map((name) => [name, numbers[name] ?? 0]))
}

const COUNTS: Readonly<Record<RecordedKind, readonly string[]>> = {
  sync: ['rows', 'bytes', 'rejects'],
  refresh: ['profiles', 'identifiers', 'merged', 'split', 'conflicts'],
  activation: ['adds', 'changes', 'removes', 'rejects', 'acknowledged'],
}

function errorOf(report: Report): string | null {
  const parts = 'streams' in report ? report.streams : 'steps' in report ? report.steps : []
  return (report.error ?? parts.find(({ error }) => error)?.error)?.message ?? null
}
