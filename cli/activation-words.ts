/** Activations as people read them: what a plan would send, what became of a run, where one stands. Pure. */
import type { ActivationPlan } from '../operations/activations/plan.js'
import { formatCount, formatSeconds, formatTime, shorten, table } from './format.js'
import type { Paint } from './output.js'
import { valueWords } from './people.js'

type Report = Omit<ActivationPlan, 'sample'>
type Plan = NonNullable<Report['plan']>
type Sample = ActivationPlan['sample']

const right = (title: string) => ({ title, align: 'right' as const })

const OUTCOMES: Readonly<
  Record<string, readonly [mark: string, style: 'green' | 'red' | 'yellow' | 'cyan']>
> = {
  succeeded: ['✓', 'green'],
  planned: ['✓', 'green'],
  partial: ['!', 'yellow'],
  failed: ['✗', 'red'],
  stopped: ['✗', 'red'],
  expired: ['✗', 'red'],
  refused: ['■', 'yellow'],
  cancelled: ['■', 'yellow'],
  skipped: ['»', 'yellow'],
  running: ['▸', 'cyan'],
  'waiting for approval': ['?', 'yellow'],
  paused: ['»', 'yellow'],
}

/** `✓ succeeded`, coloured; other words as they are. */
export function outcomeWord(outcome: string, paint: Paint): string {
  const known = OUTCOMES[outcome]
  return known ? paint(known[1], `${known[0]} ${outcome}`) : outcome
}

/** `12 adds, 30 changes, 4 removes`. */
export function changesWords(counts: Pick<Report, 'adds' | 'changes' | 'removes'>): string {
  const parts = (['adds', 'changes', 'removes'] as const)
    .filter((name) => counts[name] > 0)
    .map((name) => counted(counts[name], name))
  return parts.join(', ') || 'no changes'
}

/** `1 record`, `2 records`. */
function counted(count: number, plural: string): string {
  return `${formatCount(count)} ${count === 1 ? plural.slice(0, -1) : plural}`
}

/** What was planned, and for whom it holds. */
export function planLines(plan: Plan, paint: Paint): string[] {
  const { counts, batches, estimatedSeconds, records } = plan
  const left = [
    ['unchanged', counts.unchanged],
    ['rejected', counts.rejects],
    ['without a value to match by', counts.unmatched],
    ['without consent', counts.withheld],
    ['held out', counts.heldOut],
    ['the same as another', counts.duplicates],
  ] as const
  const others = left.filter(([, count]) => count > 0).map(([what, count]) => `${formatCount(count)} ${what}`)
  // Mode full sends everybody, changed or not.
  const sent =
    records === 0
      ? 'nothing to send'
      : `${counted(records, 'records')} in ${formatCount(batches)} ${batches === 1 ? 'batch' : 'batches'}, about ${formatSeconds(estimatedSeconds)}`
  return [
    `${plan.segment} → ${plan.destination}/${plan.object} (${plan.mode}): ${changesWords(counts)}; ${sent}`,
    `${formatCount(counts.members)} members${others.length > 0 ? `: ${others.join(', ')}` : ''}`,
    ...plan.guards
      .filter(({ breached }) => breached)
      .map(({ message, final }) =>
        paint('red', `guard: ${message}${final ? ' (nobody may approve this)' : ''}`),
      ),
    ...(records > 0 ? undoWords(plan).map((line) => paint('dim', line)) : []),
    paint('dim', `plan ${plan.hash.slice(0, 12)} of revision ${plan.revision.slice(0, 12)}`),
  ]
}

function undoWords({ undo, repeatable }: Plan): string[] {
  return [
    ...(undo === 'none' ? ['this cannot be taken back'] : []),
    ...(repeatable ? ['after a crash the destination may see one batch twice'] : []),
  ]
}

/** Some records as they would be sent. */
export function sampleTable(sample: Sample): string {
  return table(
    ['change', 'match', 'fields', 'before'].map((title) => ({ title })),
    sample.map(({ change, match, fields, before }) => [
      change,
      shorten(recordWords(match), 40),
      shorten(recordWords(fields), 60),
      before === undefined ? '' : shorten(recordWords(before), 40),
    ]),
  )
}

/** `email ada@example.com, city Paris`. */
export function recordWords(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${valueWords(value)}`)
    .join(', ')
}

/** A run's report: one line, what was sent, what went wrong, what to do next. */
export function reportLines(report: Report, paint: Paint): string[] {
  const { activation, outcome, seconds, acknowledged, rejects, withheld, repeated, run } = report
  const sent = outcome === 'planned' ? '' : `, ${formatCount(acknowledged)} acknowledged`
  return [
    `${outcomeWord(outcome, paint)}  ${activation}: ${changesWords(report)}${sent} in ${formatSeconds(seconds)}  ${paint('dim', run)}`,
    ...(report.approval ? [approvalWords(report.approval)] : []),
    ...(withheld > 0 ? [`${formatCount(withheld)} without consent`] : []),
    ...(repeated > 0
      ? [
          paint(
            'yellow',
            `${formatCount(repeated)} ${repeated === 1 ? 'batch' : 'batches'} may have arrived twice`,
          ),
        ]
      : []),
    ...(rejects > 0
      ? [paint('yellow', `${counted(rejects, 'rejects')}: tributary activate rejects ${activation}`)]
      : []),
    ...(report.error ? [paint('red', `${report.error.type}: ${report.error.message}`)] : []),
  ]
}

function approvalWords({ by, at, approved, note }: NonNullable<Report['approval']>): string {
  const reason = note === undefined ? '' : `: ${note}`
  return `${approved ? 'approved' : 'refused'} by ${by}, ${formatTime(at)}${reason}`
}

/** What the run does now, in one line. */
export function progressLine({
  activation,
  phase,
  plan,
  progress,
  until,
}: {
  readonly activation: string
  readonly phase: string
  readonly plan?: Pick<Plan, 'records'>
  readonly progress: { readonly acknowledged: number; readonly rejected: number }
  readonly until?: string
}): string {
  const sent = formatCount(progress.acknowledged)
  const of = plan ? ` of ${formatCount(plan.records)}` : ''
  const rejected = progress.rejected > 0 ? `, ${formatCount(progress.rejected)} rejected` : ''
  const ends = until === undefined ? '' : ` until ${formatTime(until)}`
  const counts = ['planning', 'waiting for approval'].includes(phase)
    ? ''
    : `: ${sent}${of} acknowledged${rejected}`
  return `${activation}: ${phase}${ends}${counts}`
}

/** Runs one below the other, the newest first. */
export function historyTable(reports: readonly Report[], paint: Paint): string {
  if (reports.length === 0) return 'nothing has run yet'
  return table(
    [
      { title: 'started' },
      { title: 'activation' },
      { title: 'outcome' },
      { title: 'started by' },
      ...['adds', 'changes', 'removes', 'acknowledged', 'rejects', 'time'].map(right),
      { title: 'run' },
    ],
    reports.map((report) => [
      formatTime(report.startedAt),
      report.activation,
      outcomeWord(report.outcome, paint),
      report.undoes === undefined ? report.reason : `undo of ${report.undoes.slice(0, 13)}`,
      ...[report.adds, report.changes, report.removes, report.acknowledged, report.rejects].map(formatCount),
      formatSeconds(report.seconds),
      report.run,
    ]),
  )
}
