/**
 * Removes what a stream no longer keeps, or counts it. Positions and states of the ledger stay, so a sync goes on where it
 * was; rows of a sync under way belong to loads that are not old. Repeatable, and safe to be cut off anywhere: what was
 * begun is looked at again until it is done.
 */
import type { Warehouse } from '../client.js'
import { newLoadId } from '../ledger/ids.js'
import type { StreamKey } from '../ledger/ledger.js'
import { dropReplaced } from '../loading/sweep.js'
import { selectRow, selectRows } from '../query.js'
import { quoteIdentifier } from '../types/identifiers.js'
import {
  countRows,
  deleteRows,
  NO_ROWS,
  type RowCount,
  settleDeletions,
  type TableName,
} from './delete-rows.js'
import { recordExpiration } from './expirations.js'
import {
  findOldRows,
  hiddenStates,
  keyColumns,
  type OldRows,
  ofLoads,
  replacedRows,
  type StreamMode,
} from './old-rows.js'

/** Replaced rows that are deleted at once: a set of their places is held in memory. */
const BATCH = 5_000_000
const DAY_MS = 24 * 3_600_000

/** Queries over whole streams spill to disk rather than fail. */
const SETTINGS = {
  max_bytes_before_external_sort: '1000000000',
  transform_null_in: 1,
} as const

/** What would go now: rows that people see, or that the history of a keyed stream has. */
export async function countExpired(
  warehouse: Warehouse,
  key: StreamKey,
  mode: StreamMode,
  beforeLoad: string,
): Promise<RowCount> {
  const old = await findOldRows(warehouse, key, mode, beforeLoad)
  if (old === undefined || old.loads.length === 0) return NO_ROWS
  if (old.kind === 'whole loads') return countRows(warehouse, rowsOf(key), ofLoads(old.generation, old.loads))
  const all = await countRows(warehouse, rowsOf(key), 'true')
  const found = await warehouse.query({
    query: `SELECT toFloat64(count()) AS rows FROM (${replacedRows(old, await keyColumns(warehouse, key))})`,
    format: 'JSONEachRow',
    clickhouse_settings: SETTINGS,
  })
  const rows = (await found.json<{ rows: number }>())[0]?.rows ?? 0
  return { rows, bytes: Math.round((rows * all.bytes) / Math.max(all.rows, 1)) }
}

/** Removes it; resolves to what went. */
export async function expireStream(
  warehouse: Warehouse,
  key: StreamKey,
  mode: StreamMode,
  beforeLoad: string,
  signal?: AbortSignal,
): Promise<RowCount> {
  const old = await findOldRows(warehouse, key, mode, beforeLoad)
  if (old === undefined) return NO_ROWS
  await dropReplaced(warehouse, key, old)
  if (old.voidLoads.length > 0) {
    await deleteRows(warehouse, rowsOf(key), `_load_id IN (${old.voidLoads.join(', ')})`, signal)
  }
  if (old.loads.length === 0) return NO_ROWS
  const step = { generation: old.generation, beforeLoad }
  // Whoever steps back or maps from here on knows that rows may be missing.
  await recordExpiration(warehouse, key, { ...step, event: 'begun', rows: 0 })
  const gone =
    old.kind === 'whole loads'
      ? await deleteRows(warehouse, rowsOf(key), ofLoads(old.generation, old.loads), signal)
      : await deleteReplaced(warehouse, old, signal)
  await recordExpiration(warehouse, key, { ...step, event: 'done', rows: gone.rows })
  return gone
}

async function deleteReplaced(
  warehouse: Warehouse,
  old: OldRows,
  signal: AbortSignal | undefined,
): Promise<RowCount> {
  const { key } = old
  const keys = await keyColumns(warehouse, key)
  await dropForgottenPlaces(warehouse)
  const current = { database: key.source, table: `${key.stream}__current` }
  await deleteFound(
    warehouse,
    current,
    { query: hiddenStates(old, keys), columns: [...keys, '_version'], among: `_fold = ${old.fold}` },
    signal,
  )
  return deleteFound(
    warehouse,
    rowsOf(key),
    {
      query: replacedRows(old, keys),
      columns: ['_load_id', '_ordinal'],
      among: ofLoads(old.generation, old.loads),
    },
    signal,
  )
}

/** Rows that a query finds by these columns. */
interface Found {
  readonly query: string
  readonly columns: readonly string[]
  /** Condition that holds for all of them. */
  readonly among: string
}

/** Their places are gathered first: the deletion looks each up, whatever is written meanwhile. */
async function deleteFound(
  warehouse: Warehouse,
  name: TableName,
  { query, columns, among }: Found,
  signal: AbortSignal | undefined,
): Promise<RowCount> {
  const list = columns.map(quoteIdentifier).join(', ')
  // What an attempt left goes on by itself.
  await settleDeletions(warehouse, name, signal)
  let gone = NO_ROWS
  for (;;) {
    signal?.throwIfAborted()
    const places = `tributary.${PLACES}${newLoadId()}`
    await warehouse.command({
      query: `CREATE TABLE ${places} ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM (${query}) LIMIT ${BATCH}`,
      clickhouse_settings: SETTINGS,
      ...(signal && { abort_signal: signal }),
    })
    const found = await selectRow<{ rows: string }>(warehouse, `SELECT count() AS rows FROM ${places}`)
    const rows = Number(found?.rows ?? 0)
    if (rows > 0) {
      const condition = `${among} AND (${list}) IN (SELECT ${list} FROM ${places})`
      const deleted = await deleteRows(warehouse, name, condition, signal)
      gone = { rows: gone.rows + deleted.rows, bytes: gone.bytes + deleted.bytes }
    }
    await warehouse.command({ query: `DROP TABLE IF EXISTS ${places} SYNC` })
    if (rows < BATCH) return gone
  }
}

const PLACES = 'expired_places_'

/** Drops what attempts left that died more than a day ago, unless a deletion still reads it. */
async function dropForgottenPlaces(warehouse: Warehouse): Promise<void> {
  const tables = await selectRows<{ name: string }>(
    warehouse,
    `SELECT name FROM system.tables WHERE database = 'tributary' AND startsWith(name, '${PLACES}')
       AND toUInt64OrDefault(extract(name, '[0-9]+$'), {before:UInt64}) < {before:UInt64}
       AND NOT arrayExists(command -> position(command, name) > 0,
         (SELECT groupArray(command) FROM system.mutations WHERE NOT is_done))`,
    { before: newLoadId(Date.now() - DAY_MS) },
  )
  for (const { name } of tables)
    await warehouse.command({ query: `DROP TABLE IF EXISTS tributary.${name} SYNC` })
}

const rowsOf = ({ source, stream }: StreamKey) => ({ database: source, table: `${stream}__rows` })
