/** The markdown of an activation's run that operators read in the Temporal UI: bounded, no personal data. */
import type { GuardReport, PlanSummary } from '@tributary/schemas'
import type {
  ActivationOutcome,
  ActivationProgress,
  ActivationReport,
  DeliveryProgress,
} from './activation-contract.js'
import { fenceFor, formatCount } from './details.js'

const ICONS: Readonly<Record<ActivationOutcome, string>> = {
  succeeded: '✅',
  partial: '⚠️',
  failed: '❌',
  cancelled: '⏹️',
  planned: '📋',
  stopped: '🛑',
  refused: '🛑',
  expired: '⌛',
  skipped: '⏭️',
}

/** One line. */
export function activationSummary(report: ActivationReport): string {
  const { activation, outcome, acknowledged, rejects, seconds, error, guards } = report
  const breached = guards.find((guard) => guard.breached)
  const why = error
    ? `; ${error.type}: ${error.message}`
    : outcome === 'stopped' && breached
      ? `; ${breached.name}: ${breached.message}`
      : ''
  return `${activation}: ${outcome}, ${formatCount(acknowledged)} records acknowledged, ${formatCount(rejects)} rejected in ${seconds.toFixed(1)} s${why}`
}

/** Details while a run goes on. */
export function activationDetails({ activation, phase, plan, progress, until }: ActivationProgress): string {
  if (plan === undefined) return `**${activation}** · compares the segment with what the destination holds`
  const at = until === undefined ? '' : ` until ${until}`
  return [
    `**${activation}** · ${phase}${at} · ${place(plan)}`,
    '',
    ...counts(plan),
    '',
    ...sent(plan, progress),
    ...guardLines(plan.guards),
    ...(phase === 'waiting for approval' ? approvalLines(activation, plan) : []),
  ].join('\n')
}

/** Details of a run that has ended. */
export function reportDetails(report: ActivationReport): string {
  const { plan, error, approval, activation } = report
  const { acknowledged, withheld, repeated } = report
  const rejected = report.rejects - (plan?.counts.rejects ?? 0)
  const progress = { acknowledged, rejected, withheld, repeated }
  const fence = error ? fenceFor(error.message) : ''
  return [
    `${ICONS[report.outcome]} ${activationSummary(report)}`,
    ...(plan ? ['', place(plan), '', ...counts(plan), '', ...sent(plan, progress)] : []),
    ...guardLines(report.guards),
    ...(approval
      ? ['', `${approval.approved ? 'approved' : 'refused'} by ${approval.by} at ${approval.at}`]
      : []),
    ...(error ? ['', `**${error.type}**`, fence, error.message, fence] : []),
    ...(report.rejects > 0 ? ['', `Rejects: \`tributary activate rejects ${activation}\``] : []),
  ].join('\n')
}

const place = ({ segment, destination, object, connector, mode, revision }: PlanSummary): string =>
  `segment ${segment} → ${object} of ${destination} (${connector}) · ${mode} · revision \`${revision.slice(0, 12)}\``

function counts({ counts: planned }: PlanSummary): string[] {
  const columns = [
    ['members', planned.members],
    ['adds', planned.adds],
    ['changes', planned.changes],
    ['removes', planned.removes],
    ['unchanged', planned.unchanged],
    ['rejects', planned.rejects],
    ['unmatched', planned.unmatched],
    ['withheld', planned.withheld],
    ['held out', planned.heldOut],
    ['duplicates', planned.duplicates],
  ] as const
  return [
    `| ${columns.map(([name]) => name).join(' | ')} |`,
    `|${columns.map(() => '---:').join('|')}|`,
    `| ${columns.map(([, count]) => formatCount(count)).join(' | ')} |`,
  ]
}

type Sent = Omit<DeliveryProgress, 'batches' | 'job'> & {
  /** Absent: how many have ended is not known any more. */
  readonly batches?: number
}

function sent(plan: PlanSummary, { batches, acknowledged, rejected, withheld, repeated }: Sent): string[] {
  const of = batches === undefined ? '' : `${formatCount(batches)} of ${formatCount(plan.batches)} batches: `
  return [
    `${of}${formatCount(acknowledged)} acknowledged, ${formatCount(rejected)} rejected, ${formatCount(withheld)} withheld`,
    ...(repeated > 0
      ? [
          '',
          `⚠️ ${formatCount(repeated)} ${repeated === 1 ? 'batch' : 'batches'} may have arrived twice: a worker was lost between sending and noting the answer`,
        ]
      : []),
  ]
}

function guardLines(guards: readonly GuardReport[]): string[] {
  return guards
    .filter(({ breached }) => breached)
    .flatMap(({ name, message }) => ['', `🛑 **${name}**: ${message}`])
}

function approvalLines(activation: string, { hash }: PlanSummary): string[] {
  const short = hash.slice(0, 12)
  return [
    '',
    `Plan \`${short}\`: \`tributary activate approve ${activation} --hash ${short}\`, or \`tributary activate refuse ${activation} --hash ${short}\``,
  ]
}
