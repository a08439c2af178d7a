/** One round: a source, three syncs, faults in the first two, a writer beside them; then everything is compared. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { apply } from '../../operations/apply.js'
import { selectRows } from '../../warehouse/query.js'
import type { TestStack } from '../support/stack.js'
import { retryWhileDown, syncUntilSucceeded } from '../support/sync.js'
import { readLedger } from './oracle.js'
import type { Mode, RoundPlan } from './round-plan.js'
import { openFolder, openTable, type Shop } from './shop.js'
import { strike } from './strike.js'
import { judgeRows, type VisibleRow } from './verdict.js'
import { viewOf, type Watched, watch } from './watcher.js'

export interface RoundResult {
  readonly kills: number
  readonly stalls: number
  readonly lost: number
  readonly duplicated: number
  readonly visibleEarly: number
  readonly cursorAhead: number
  /** Looks of the watcher. */
  readonly looks: number
  readonly examples: readonly string[]
}

export interface RoundPlace {
  readonly stack: TestStack
  readonly database: {
    readonly url: string
    readonly port: number
    readonly user: string
    readonly name: string
  }
}

/** Syncs of a round: the last one runs undisturbed, while nobody writes. */
const SYNCS = 3
/** An incremental sync of few rows takes about so long. */
const SHORT_SYNC_MS = 1500

export async function playRound(place: RoundPlace, plan: RoundPlan): Promise<RoundResult> {
  const { stack } = place
  const source = `round_${plan.seed}`
  const table = `rows_${plan.seed}`
  const isFiles = plan.mode === 'append files'
  const folder = join(stack.workspaceDir, 'data', source, 'rows')
  const shop = isFiles
    ? await openFolder(folder, plan.rows)
    : await openTable(tableOptions(place, plan, table))
  const watched: Watched = {
    source,
    stream: isFiles ? 'rows' : `public.${table}`,
    keyed: plan.mode === 'append_dedup incremental',
  }
  await stack.write({ [`sources/${source}.yaml`]: sourceFile(place, plan.mode, source, watched.stream) })
  await apply(stack.context, { author: 'crash' })
  const warehouse = await stack.context.warehouse()
  const watching = new AbortController()
  const sightings = watch(warehouse, watched, watching.signal)
  let cursorAhead = 0
  let reads = 0
  try {
    for (let sync = 0; sync < SYNCS; sync += 1) {
      reads += await playSync(place, plan, { shop, watched, sync })
      cursorAhead += await countAhead(stack, watched, shop)
    }
  } finally {
    watching.abort()
  }
  const seen = await sightings
  const rows = await selectRows<VisibleRow>(warehouse, `SELECT id, version, note FROM ${viewOf(watched)}`)
  const visible = rows.map((row) => ({ ...row, id: Number(row.id), version: Number(row.version) }))
  const { mode, rows: initialRows } = plan
  const verdict = judgeRows(visible, { mode, history: shop.history, initialRows, reads })
  await rm(join(stack.workspaceDir, `sources/${source}.yaml`))
  await warehouse.command({ query: `DROP DATABASE \`${source}\` SYNC` })
  return {
    kills: plan.faults.filter(({ kind }) => kind === 'kill').length,
    stalls: plan.faults.filter(({ kind }) => kind === 'stall').length,
    lost: verdict.lost + seen.vanished,
    duplicated: verdict.duplicated,
    visibleEarly: seen.visibleEarly,
    cursorAhead,
    looks: seen.looks,
    examples: [...verdict.examples, ...seen.examples],
  }
}

/** Runs one sync with its faults and, but for the last, its writer. Returns the complete reads: failed runs are none. */
async function playSync(
  { stack }: RoundPlace,
  plan: RoundPlan,
  { shop, watched, sync }: { readonly shop: Shop; readonly watched: Watched; readonly sync: number },
): Promise<number> {
  const ended = new AbortController()
  const whole = sync === 0 || plan.mode === 'overwrite' || plan.mode === 'append whole'
  const moment = {
    warehouse: await stack.context.warehouse(),
    stream: watched,
    expectedRows: whole ? plan.rows : undefined,
    durationMs: SHORT_SYNC_MS,
    ended: ended.signal,
  }
  const writing = sync < SYNCS - 1 ? shop.write(plan.random, ended.signal) : undefined
  const faults = plan.faults.filter((fault) => fault.sync === sync)
  const strikes = faults.map((fault) => strike(stack.workspaceDir, fault, moment))
  try {
    await syncUntilSucceeded(stack, watched.source)
  } finally {
    ended.abort()
    await Promise.all([writing, ...strikes])
  }
  return 1
}

/** Rows below the stream's position that are not there: what the next sync would never read. */
async function countAhead({ context }: TestStack, watched: Watched, shop: Shop): Promise<number> {
  const warehouse = await context.warehouse()
  return retryWhileDown(async () => {
    const ledger = await readLedger(warehouse, watched.source, watched.stream)
    const position = microseconds(ledger.cursor)
    if (position === undefined) return 0
    const rows = await selectRows<{ id: number }>(warehouse, `SELECT DISTINCT id FROM ${viewOf(watched)}`)
    const visible = new Set(rows.map(({ id }) => Number(id)))
    const cursors = await shop.untouchedCursors()
    return [...cursors].filter(([id, at]) => at < position && !visible.has(id)).length
  })
}

/** A timestamp as PostgreSQL writes it in UTC; undefined for positions of other kinds. */
function microseconds(cursor: string): bigint | undefined {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?/.exec(cursor)
  if (match === null) return undefined
  const [, day, time, fraction = ''] = match
  return BigInt(Date.parse(`${day}T${time}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0'))
}

function tableOptions({ database }: RoundPlace, { mode, rows }: RoundPlan, table: string) {
  return { url: database.url, table, rows, canUpdate: true, canDelete: mode === 'overwrite' }
}

const STREAMS: Readonly<Record<Mode, string>> = {
  overwrite: 'sync_mode: full_refresh, destination_sync_mode: overwrite',
  'append whole': 'sync_mode: full_refresh, destination_sync_mode: append',
  'append incremental': 'sync_mode: incremental, destination_sync_mode: append, cursor_field: updated_at',
  'append_dedup incremental':
    'sync_mode: incremental, destination_sync_mode: append_dedup, cursor_field: updated_at, primary_key: [id], lookback: 1m',
  'append files': 'sync_mode: incremental, destination_sync_mode: append',
}

function sourceFile({ database }: RoundPlace, mode: Mode, source: string, stream: string): string {
  const streams = `schedule: manual\nstreams: [{ name: ${stream}, ${STREAMS[mode]} }]\n`
  if (mode === 'append files') {
    return `connector: source-files
config: { location: { folder: ./data/${source} }, streams: [{ name: rows, glob: "rows/*.ndjson" }] }
${streams}`
  }
  const login = `user: ${database.user}, password: "\${secret:SHOP_PASSWORD}", ssl: { mode: disable }`
  return `connector: ./connectors/small-postgres
config: { host: 127.0.0.1, port: ${database.port}, database: ${database.name}, ${login} }
${streams}`
}
