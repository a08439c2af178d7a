/** A run's report for people: a line of totals, a table of streams, and what went wrong. */
import { formatBytes, formatCount, formatSeconds, table } from './format.js'
import type { Paint } from './output.js'
import { statusWord } from './progress.js'

interface ErrorWords {
  readonly type: string
  readonly message: string
}

/** The part of a run's report that is shown. */
export interface Report {
  readonly source: string
  readonly outcome: string
  readonly workflowId: string
  readonly rows: number
  readonly bytes: number
  readonly rejects: number
  readonly seconds: number
  readonly streams: readonly {
    readonly name: string
    readonly outcome: string
    readonly rows: number
    readonly bytes: number
    readonly rejects: number
    readonly seconds: number
    readonly cursor: string | null
    readonly error?: ErrorWords
  }[]
  readonly error?: ErrorWords
}

export function reportWords(report: Report, paint: Paint): string {
  const head = `${statusWord(report.outcome, paint)}  ${report.source}: ${formatCount(report.rows)} rows, ${formatBytes(report.bytes)} in ${formatSeconds(report.seconds)}  ${paint('dim', report.workflowId)}`
  const columns = [
    { title: 'stream' },
    { title: 'outcome' },
    ...['rows', 'bytes', 'rejects', 'time'].map((title) => ({ title, align: 'right' as const })),
    { title: 'cursor' },
  ]
  const rows = report.streams.map((stream) => [
    stream.name,
    statusWord(stream.outcome, paint),
    formatCount(stream.rows),
    formatBytes(stream.bytes),
    formatCount(stream.rejects),
    formatSeconds(stream.seconds),
    stream.cursor ?? '',
  ])
  const errors = [
    ...(report.error ? [`${report.error.type}: ${report.error.message}`] : []),
    ...report.streams.flatMap(({ name, error }) =>
      error ? [`${name}: ${error.type}: ${error.message}`] : [],
    ),
  ]
  const rejects =
    report.rejects > 0
      ? [`${formatCount(report.rejects)} rejects: tributary rejects list ${report.source}`]
      : []
  return [
    head,
    ...(rows.length > 0 ? [table(columns, rows)] : []),
    ...errors.map((line) => paint('red', line)),
    ...rejects.map((line) => paint('yellow', line)),
  ].join('\n')
}
