/** The markdown of a removal of old data that operators read in the Temporal UI: bounded, no personal data. */
import { fenceFor, formatBytes, formatCount } from './details.js'
import type { RemovedKind, Retained, RetentionReport } from './retention-contract.js'

/** The UI shows more than anyone reads. */
const MAX_LINES = 60

const WORDS: Readonly<Record<Retained, string>> = {
  raw: 'rows of sources',
  rejects: 'rejected rows',
  audit: 'log of changes',
}

/** One line under 200 bytes. */
export function retentionSummary(report: RetentionReport): string {
  const error = report.error ? `; ${report.error.type}` : ''
  return `${report.workspace}: ${report.outcome}, ${formatCount(report.rows)} rows removed (${formatBytes(report.bytes)}) in ${report.seconds.toFixed(1)} s${error}`
}

/** What went of each kind, and of which streams. */
export function retentionDetails(kinds: readonly RemovedKind[]): string {
  const streams = kinds.flatMap(({ streams }) => streams)
  const inAll = kinds.reduce((sum, { streamsInAll }) => sum + streamsInAll, 0)
  const shown = streams.slice(0, MAX_LINES)
  return [
    '| kept | for | removed before | rows | bytes |',
    '|---|---|---|---:|---:|',
    ...kinds.map(
      ({ kind, length, before, rows, bytes, error }) =>
        `| ${error ? '❌' : '✅'} ${WORDS[kind]} | ${length} | ${before} | ${formatCount(rows)} | ${formatBytes(bytes)} |`,
    ),
    ...(shown.length === 0 ? [] : ['', '| stream | rows | bytes | |', '|---|---:|---:|---|']),
    ...shown.map(
      ({ name, rows, bytes, error }) =>
        `| ${name.replace(/[|\r\n]/g, ' ')} | ${formatCount(rows)} | ${formatBytes(bytes)} | ${error === undefined ? '' : `❌ ${error.replace(/[|\r\n`]/g, ' ').slice(0, 200)}`} |`,
    ),
    ...(inAll > shown.length ? ['', `… and ${inAll - shown.length} more streams`] : []),
    ...kinds.flatMap(({ kind, error }) => {
      if (!error) return []
      const fence = fenceFor(error.message)
      return ['', `**${WORDS[kind]}: ${error.type}**`, fence, error.message, fence]
    }),
  ].join('\n')
}
