/** The rows of a stream that a mapping has to look at, each once: the newest of those with the same key. */

import type { Warehouse } from '../../warehouse/client.js'
import { selectRow } from '../../warehouse/query.js'
import { streamView } from '../../warehouse/tables/stream-table.js'
import { quoteIdentifier } from '../../warehouse/types/identifiers.js'
import { lookupJoins } from './lookups.js'
import { contentColumns, type MappingPlan, RECEIVED, ROW } from './plan-mapping.js'
import type { WorkTables } from './work-tables.js'

/** SELECT of a stream's rows with the helper columns; only those whose key a query gives, where there is one. */
export function streamRows(plan: MappingPlan, keys?: string, end = ''): string {
  const among = keys === undefined ? '' : ` WHERE ${tuple(plan.key)} IN (${keys})`
  const columns = plan.columns.map(quoteIdentifier)
  return `SELECT ${[...contentColumns(plan), `${plan.row} AS ${ROW}`, `_extracted_at AS ${RECEIVED}`].join(', ')}
    FROM (SELECT ${[...columns, '_extracted_at'].join(', ')} FROM ${streamView(plan.stream)}${among}${end}) AS stream_rows
    ${lookupJoins(plan.lookups)}`
}

/** SELECT of the keys that rows of these loads have or had: what they say now is to be looked at again. */
export function touchedKeys(plan: MappingPlan, loadIds: readonly string[], generation: number): string {
  const { source, stream, keyed, key: primaryKey } = plan.stream
  const rows = `${quoteIdentifier(source)}.${quoteIdentifier(`${stream}__rows`)}`
  const loaded = (columns: readonly string[]) =>
    `SELECT ${list(columns)} FROM ${rows} WHERE _generation = ${generation} AND _load_id IN (${loadIds.join(', ')})`
  const isPrimary =
    plan.key.length === primaryKey.length && plan.key.every((name) => primaryKey.includes(name))
  if (!keyed || isPrimary) return loaded(plan.key)
  // A row may have had another message id before: the loads of old have it.
  return `SELECT ${list(plan.key)} FROM ${rows}
    WHERE _generation = ${generation} AND ${tuple(primaryKey)} IN (${loaded(primaryKey)})`
}

/** SELECT of the same keys as numbers. */
export const rowsOfKeys = (plan: MappingPlan, keys: string): string =>
  `SELECT DISTINCT ${plan.row} AS ${ROW} FROM (${keys})`

/**
 * Copies rows into a table of the attempt, so that all that follows sees the same, and resolves to a SELECT of them
 * without repetitions.
 */
export async function gatherRows(work: WorkTables, plan: MappingPlan, keys?: string): Promise<string> {
  const table = await work.create('rows', streamRows(plan, keys))
  return withoutRepetitions(work.warehouse, plan, `SELECT * FROM ${table}`, (query) =>
    work.create('repeated', query),
  )
}

async function withoutRepetitions(
  warehouse: Warehouse,
  plan: MappingPlan,
  rows: string,
  keep: (query: string) => Promise<string>,
): Promise<string> {
  const { keyed, key: primaryKey } = plan.stream
  if (keyed && primaryKey.every((name) => plan.key.includes(name))) return rows
  const repeated = await keep(`SELECT ${ROW} FROM (${rows}) GROUP BY ${ROW} HAVING count() > 1`)
  const count = await selectRow<{ count: string }>(warehouse, `SELECT count() AS count FROM ${repeated}`)
  if (count?.count === '0') return rows
  const within = `${ROW} IN (SELECT ${ROW} FROM ${repeated})`
  // Rows of one extraction are told apart by what they hold: any choice will do that is always the same.
  const content = `toString(tuple(${contentColumns(plan).join(', ')}))`
  return `SELECT * FROM (${rows}) WHERE NOT ${within}
    UNION ALL
    SELECT * FROM (
      SELECT * FROM (${rows}) WHERE ${within} ORDER BY ${RECEIVED} DESC, ${content} DESC LIMIT 1 BY ${ROW})`
}

const list = (columns: readonly string[]): string => columns.map(quoteIdentifier).join(', ')

const tuple = (columns: readonly string[]): string =>
  columns.length === 1 ? list(columns) : `(${list(columns)})`
