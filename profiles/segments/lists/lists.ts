/**
 * Static lists: identifiers that somebody put on a list and took off again. Every change is a record that stays; the newest one
 * says whether an identifier is on the list.
 */
import type { IdentityFile } from '@tributary/schemas'
import type { Warehouse } from '../../../warehouse/client.js'
import { selectRow, selectRows } from '../../../warehouse/query.js'
import { normaliseValues } from '../../people/normalise.js'

export interface ListEntry {
  /** Type of the identifier. */
  readonly type: string
  readonly value: string
}

export interface ListChange {
  readonly list: string
  readonly entries: readonly ListEntry[]
  /** Who does it, for the record. */
  readonly author: string
}

export interface ListChangeResult {
  /** Entries that changed the list. */
  readonly changed: number
  /** Entries that it had, or lacked, before. */
  readonly unchanged: number
  /** Values that identify nobody: blocked, or not well-formed. */
  readonly refused: readonly ListEntry[]
}

/** Puts identifiers on a list, as identity.yaml normalises them. Idempotent. @throws where a type is unknown */
export function addToList(
  warehouse: Warehouse,
  identity: IdentityFile,
  change: ListChange,
): Promise<ListChangeResult> {
  return changeList(warehouse, identity, change, 'added')
}

/** Takes identifiers off a list. Idempotent. @throws where a type is unknown */
export function removeFromList(
  warehouse: Warehouse,
  identity: IdentityFile,
  change: ListChange,
): Promise<ListChangeResult> {
  return changeList(warehouse, identity, change, 'removed')
}

export interface ListSummary {
  readonly list: string
  readonly entries: number
  /** ISO 8601: the newest change. */
  readonly changedAt: string
}

/** All lists that ever had an entry, by name. */
export async function listLists(warehouse: Warehouse): Promise<ListSummary[]> {
  const rows = await selectRows<{ list: string; entries: string; changedAt: string }>(
    warehouse,
    `SELECT list, countIf(newest = 'added') AS entries, formatDateTime(max(last), '%FT%T.%fZ') AS changedAt
     FROM (SELECT list, type, value, argMax(change, (at, change)) AS newest, max(at) AS last
       FROM cdp.list_records GROUP BY list, type, value)
     GROUP BY list ORDER BY list`,
  )
  return rows.map((row) => ({ ...row, entries: Number(row.entries) }))
}

/** What is on a list, by type and value. @default limit 1000, offset 0 */
export async function showList(
  warehouse: Warehouse,
  list: string,
  { limit = 1000, offset = 0 }: { readonly limit?: number; readonly offset?: number } = {},
): Promise<ListEntry[]> {
  return selectRows<ListEntry>(
    warehouse,
    `SELECT type, value FROM cdp.list_records WHERE list = {list:String}
     GROUP BY type, value HAVING argMax(change, (at, change)) = 'added'
     ORDER BY type, value LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
    { list, limit, offset },
  )
}

/** How many entries one insert has. */
const AT_ONCE = 5_000

async function changeList(
  warehouse: Warehouse,
  identity: IdentityFile,
  { list, entries, author }: ListChange,
  change: 'added' | 'removed',
): Promise<ListChangeResult> {
  const refused: ListEntry[] = []
  const wanted = new Map<string, ListEntry>()
  for (const type of new Set(entries.map((entry) => entry.type))) {
    const ofType = entries.filter((entry) => entry.type === type)
    const values = await normaliseValues(
      warehouse,
      identity,
      type,
      ofType.map(({ value }) => value),
    )
    ofType.forEach((entry, index) => {
      const value = values[index]
      if (value === undefined) refused.push(entry)
      else wanted.set(JSON.stringify([type, value]), { type, value })
    })
  }
  const all = [...wanted.values()]
  let changed = 0
  for (let from = 0; from < all.length; from += AT_ONCE) {
    changed += await record(warehouse, list, author, all.slice(from, from + AT_ONCE), change)
  }
  return { changed, unchanged: all.length - changed, refused }
}

async function record(
  warehouse: Warehouse,
  list: string,
  author: string,
  entries: readonly ListEntry[],
  change: 'added' | 'removed',
): Promise<number> {
  const pairs = JSON.stringify(entries.map(({ type, value }) => [type, value]))
  const wanted = `SELECT pair.1 AS type, pair.2 AS value FROM (
    SELECT arrayJoin(JSONExtract({pairs:String}, 'Array(Tuple(String, String))')) AS pair)`
  const known = await selectRows<ListEntry & { added: number }>(
    warehouse,
    `SELECT type, value, argMax(change, (at, change)) = 'added' AS added FROM cdp.list_records
     WHERE list = {list:String} AND (type, value) IN (${wanted}) GROUP BY type, value`,
    { list, pairs },
  )
  const isOn = new Map(known.map(({ type, value, added }) => [JSON.stringify([type, value]), added === 1]))
  const changes = entries.filter(
    ({ type, value }) => (isOn.get(JSON.stringify([type, value])) ?? false) !== (change === 'added'),
  )
  if (changes.length === 0) return 0
  // Later than every record before it, whatever this machine's clock says: the newest record is the one that counts.
  const last = await selectRow<{ last: string }>(
    warehouse,
    'SELECT toUnixTimestamp64Milli(max(at)) AS last FROM cdp.list_records WHERE list = {list:String}',
    { list },
  )
  const at = new Date(Math.max(Date.now(), Number(last?.last ?? 0) + 1)).toISOString()
  await warehouse.insert({
    table: 'cdp.list_records',
    values: changes.map(({ type, value }) => ({ list, type, value, change, author, at })),
    format: 'JSONEachRow',
    clickhouse_settings: { date_time_input_format: 'best_effort' },
  })
  return changes.length
}
