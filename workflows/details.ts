/** The markdown that operators read in the Temporal UI: pure builders, bounded in size, no personal data. */
import type { RunReport, StreamState, SyncPlan, SyncReason } from './contract.js'

/** The UI shows more than anyone reads; a long table is cut and says so. */
const MAX_STREAMS = 60

const ICONS: Readonly<Record<StreamState['status'], string>> = {
  waiting: '⏳',
  running: '▶️',
  sleeping: '💤',
  succeeded: '✅',
  failed: '❌',
  cancelled: '⏹️',
  skipped: '⏭️',
}

export interface RunView {
  readonly source: string
  readonly reason?: SyncReason
  readonly plan?: SyncPlan
  readonly streams: readonly StreamState[]
  readonly startedAtMs: number
  readonly nowMs: number
}

/** Details of a run: a line of totals, a table of streams, and what to do about each failure. */
export function runDetails(view: RunView): string {
  const rows = sum(view.streams, (stream) => stream.rows)
  const head = view.plan
    ? `**${view.source}** by ${view.plan.connector} ${view.plan.connectorVersion} · revision \`${view.plan.revision.slice(0, 12)}\` · ${formatCount(rows)} rows · ${perSecond(rows, view.nowMs - view.startedAtMs)}`
    : `**${view.source}** · loading the plan`
  const started = view.reason === 'manual' ? ' · started by hand' : ''
  const table = [
    '| stream | status | rows | bytes | rejects | slices | cursor |',
    '|---|---|---:|---:|---:|---:|---|',
    ...view.streams.slice(0, MAX_STREAMS).map(streamLine),
  ]
  const more = view.streams.length - MAX_STREAMS
  return [
    head + started,
    '',
    ...table,
    ...(more > 0 ? ['', `… and ${more} more streams`] : []),
    ...view.streams.flatMap((stream) => failureLines(view.source, stream)),
  ].join('\n')
}

/** Details of one stream's workflow. */
export function streamDetails(
  source: string,
  state: StreamState,
  startedAtMs: number,
  nowMs: number,
): string {
  return [
    `**${source} · ${state.name}** · ${formatCount(state.rows)} rows · ${perSecond(state.rows, nowMs - startedAtMs)}`,
    '',
    '| stream | status | rows | bytes | rejects | slices | cursor |',
    '|---|---|---:|---:|---:|---:|---|',
    streamLine(state),
    ...failureLines(source, state),
  ].join('\n')
}

/** One line under 200 bytes: what the workflow list shows. */
export function runSummary(report: RunReport): string {
  const streams = `${report.streams.length} stream${report.streams.length === 1 ? '' : 's'}`
  return `${report.source}: ${report.outcome}, ${formatCount(report.rows)} rows of ${streams} in ${report.seconds.toFixed(1)} s`
}

function streamLine(stream: StreamState): string {
  const until = stream.resumeAt === undefined ? '' : ` until ${stream.resumeAt}`
  const cells = [
    code(stream.name),
    `${ICONS[stream.status]} ${stream.status}${until}`,
    formatCount(stream.rows),
    formatBytes(stream.bytes),
    formatCount(stream.rejects),
    String(stream.slices),
    stream.cursor === undefined ? '' : code(stream.cursor),
  ]
  return `| ${cells.join(' | ')} |`
}

function failureLines(source: string, stream: StreamState): string[] {
  if (stream.error === undefined) return []
  const fence = fenceFor(stream.error.message)
  return [
    '',
    `**${stream.name}: ${stream.error.type}**`,
    fence,
    stream.error.message,
    fence,
    `Next: \`${nextCommand(source, stream)}\``,
  ]
}

function nextCommand(source: string, stream: StreamState): string {
  switch (stream.error?.type) {
    case 'AuthExpired':
    case 'PermissionDenied':
      return `tributary secrets set … && tributary resume ${source}`
    case 'CursorLost':
    case 'SchemaIncompatible':
      return `tributary reset ${source} --stream ${stream.name}`
    case 'DestinationRejected':
      return `tributary rejects list ${source} --stream ${stream.name}`
    default:
      return `tributary sync ${source} --stream ${stream.name}`
  }
}

/** A fence longer than any run of backticks in the text, so that the text cannot leave it. */
export function fenceFor(text: string): string {
  const runs = text.match(/`+/g) ?? []
  return '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)))
}

function code(text: string): string {
  const plain = text.replace(/[|\r\n]/g, ' ')
  const fence = '`'.repeat(Math.max(1, ...(plain.match(/`+/g) ?? []).map((run) => run.length + 1)))
  return fence.length === 1 ? `\`${plain}\`` : `${fence} ${plain} ${fence}`
}

export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}

function perSecond(rows: number, elapsedMs: number): string {
  return elapsedMs <= 0 ? '' : `${formatCount(Math.round((rows * 1000) / elapsedMs))} rows/s`
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}
