/** The markdown of a refresh that operators read in the Temporal UI: bounded, no personal data. */
import { fenceFor, formatCount } from './details.js'
import type { RefreshReport, SegmentLine, StepReport } from './refresh-contract.js'

/** The UI shows more than anyone reads. */
const MAX_LINES = 60

const ICONS: Readonly<Record<StepReport['status'], string>> = {
  waiting: '⏳',
  running: '▶️',
  done: '✅',
  'nothing new': '✅',
  failed: '❌',
}

/** One line under 200 bytes. */
export function refreshSummary(report: RefreshReport): string {
  const failed = report.segmentsFailed > 0 ? `, ${report.segmentsFailed} failed` : ''
  return `${report.workspace}: ${report.outcome}, ${formatCount(report.profiles)} profiles, ${report.segmentsTotal} segments${failed} in ${report.seconds.toFixed(1)} s`
}

/** Details while a round goes on. */
export function roundDetails(steps: readonly StepReport[], waiting: boolean): string {
  if (waiting) return 'waits for more syncs to end, then refreshes once for all of them'
  if (steps.length === 0) return 'reads the workspace'
  return stepTable(steps).join('\n')
}

/** Details of a round that has ended. */
export function reportDetails(report: RefreshReport): string {
  const people = `${formatCount(report.profiles)} profiles of ${formatCount(report.identifiers)} identifiers`
  const changes = `${formatCount(report.merged)} merged, ${formatCount(report.split)} split, ${formatCount(report.conflicts)} links refused`
  return [
    refreshSummary(report),
    '',
    `${people}; ${changes}`,
    '',
    ...stepTable(report.steps),
    ...segmentTable(report),
  ].join('\n')
}

function stepTable(steps: readonly StepReport[]): string[] {
  return [
    '| step | status | rows | seconds |',
    '|---|---|---:|---:|',
    ...steps
      .slice(0, MAX_LINES)
      .map(
        ({ name, status, rows, seconds }) =>
          `| ${name} | ${ICONS[status]} ${status} | ${formatCount(rows)} | ${seconds.toFixed(1)} |`,
      ),
    ...more(steps.length, 'steps'),
    ...steps.flatMap(({ name, error }) => {
      if (!error) return []
      const fence = fenceFor(error.message)
      return ['', `**${name}: ${error.type}**`, fence, error.message, fence]
    }),
  ]
}

function segmentTable(report: RefreshReport): string[] {
  if (report.segments.length === 0) return []
  return [
    '',
    '| segment | size | entered | left | seconds | |',
    '|---|---:|---:|---:|---:|---|',
    ...report.segments.slice(0, MAX_LINES).map(segmentLine),
    ...more(report.segmentsTotal, 'segments', Math.min(MAX_LINES, report.segments.length)),
  ]
}

function segmentLine({ segment, size, entered, left, seconds, error }: SegmentLine): string {
  const note =
    error === undefined ? '' : `❌ keeps its last members: ${error.replace(/[|\r\n`]/g, ' ').slice(0, 200)}`
  const counts = [size, entered, left].map(formatCount).join(' | ')
  return `| ${segment} | ${counts} | ${seconds.toFixed(1)} | ${note} |`
}

function more(total: number, what: string, shown = MAX_LINES): string[] {
  return total > shown ? ['', `… and ${total - shown} more ${what}`] : []
}
