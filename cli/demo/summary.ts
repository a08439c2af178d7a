/** The end of a demo in words: what was loaded and how fast, which checks hold, and where to look on. Pure. */
import { formatBytes, formatCount, formatSeconds, table } from '../format.js'
import type { Paint } from '../output.js'
import type { Check } from './checks.js'
import type { DemoResult } from './demo.js'
import type { SourceLoad } from './loads.js'

const SYNC_WORDS: Readonly<Record<SourceLoad['sync'], string>> = {
  first: 'first sync, by schedule',
  changes: 'what changed',
  repeat: 'read again, worker killed',
}

export function summaryWords(result: DemoResult, paint: Paint): string {
  const { ok, loads, seconds, checks } = result
  const columns = [
    { title: 'sync' },
    { title: 'source' },
    ...['rows', 'bytes', 'time', 'rows/s'].map((title) => ({ title, align: 'right' as const })),
  ]
  const rows = loads.map((load) => [
    SYNC_WORDS[load.sync],
    load.sync === 'repeat' ? `${load.source}.${load.streams[0]?.name}` : load.source,
    formatCount(load.rows),
    formatBytes(load.bytes),
    formatSeconds(load.seconds),
    formatCount(load.rowsPerSecond),
  ])
  const failed = checks.filter((check) => !check.ok)
  const good = checks.length - failed.length
  return [
    ...(loads.length > 0 ? [table(columns, rows), ''] : []),
    ...peopleLines(result),
    ...deliveredLines(result),
    ...checkLines(checks, paint),
    '',
    paint(
      ok ? 'green' : 'red',
      `${good} of ${checks.length} checks hold; ${formatSeconds(seconds)} from nothing to here`,
    ),
  ].join('\n')
}

function peopleLines({ profiles, segments, person = [] }: DemoResult): readonly string[] {
  if (profiles === undefined || segments === undefined) return []
  const right = (title: string) => ({ title, align: 'right' as const })
  const rows = segments.map(({ name, ...counts }) => [
    name,
    ...[counts.size, counts.entered, counts.left].map(formatCount),
  ])
  return [
    table(
      [
        { title: `segment of ${formatCount(profiles)} people` },
        right('size'),
        right('entered'),
        right('left'),
      ],
      rows,
    ),
    '',
    ...person,
    '',
  ]
}

function deliveredLines({ delivered = [] }: DemoResult): readonly string[] {
  if (delivered.length === 0) return []
  const rows = delivered.map(({ activation, place, records }) => [activation, place, formatCount(records)])
  const columns = [{ title: 'activation' }, { title: 'to' }, { title: 'records', align: 'right' as const }]
  return [table(columns, rows), '']
}

/** What is shown of checks that say the same of several streams. */
const NAMES_SHOWN = 4

/** A line a check; good ones of one subject (`first sync: …`) share a line. */
function checkLines(checks: readonly Check[], paint: Paint): readonly string[] {
  const good = new Map<string, Check[]>()
  for (const check of checks.filter(({ ok }) => ok)) {
    const subject = check.name.split(': ', 1)[0]!
    good.set(subject, [...(good.get(subject) ?? []), check])
  }
  const lines = [...good].map(([subject, members]) => {
    const [first] = members
    if (first && members.length === 1) return `${first.name}: ${first.detail}`
    const names = members.map(({ name }) => name.slice(subject.length + 2))
    const more = names.length - NAMES_SHOWN
    const shown = more > 0 ? [...names.slice(0, NAMES_SHOWN), `${more} more`] : names
    return `${subject}: ${shown.join(', ')}`
  })
  const bad = checks.filter(({ ok }) => !ok)
  return [
    ...lines.map((line) => `${paint('green', '✓')} ${line}`),
    ...bad.map(({ name, detail }) => `${paint('red', '✗')} ${name}: ${detail}`),
  ]
}

export interface Addresses {
  /** As a person would type it. */
  readonly workspace: string
  /** Signs whoever opens it in, once. */
  readonly page: string
  readonly temporal: string
  readonly temporalUi: string | null
  readonly namespace: string
  readonly clickhouse: string
  readonly user: string
  readonly passwordFile: string
  readonly loyaltyApi: string
}

/** What to open and what to type while the demo stays up. */
export function addressWords(addresses: Addresses): string {
  const { workspace, temporal, temporalUi, namespace, clickhouse, user, passwordFile } = addresses
  const ui = temporalUi ? `${temporalUi}/namespaces/${namespace}/workflows` : temporal
  return [
    `The page     ${addresses.page}  (signs you in, once, within 15 minutes)`,
    `Runs         ${ui}`,
    `ClickHouse   ${clickhouse}  user ${user}, password in ${passwordFile}`,
    `Loyalty API  ${addresses.loyaltyApi}`,
    '',
    'Try, in another terminal:',
    `  npx tributary query "SELECT count(), sum(sales_value) FROM till.transactions" --workspace ${workspace}`,
    `  npx tributary runs --workspace ${workspace}`,
    `  npx tributary sync shop --wait --workspace ${workspace}`,
    `  npx tributary state show till --workspace ${workspace}`,
    `  npx tributary segment list --workspace ${workspace}`,
    `  npx tributary profile show household_id 8 --workspace ${workspace}`,
    `  npx tributary activate list --workspace ${workspace}`,
    `  npx tributary segment explain high-value household_id 8 --workspace ${workspace}`,
  ].join('\n')
}
