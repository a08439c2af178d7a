/**
 * Deletes rows for good: the parts that hold them are written anew, so that nothing of them stays on disk. One deletion of
 * a table at a time; one that a crash left unfinished is waited for, since the engine goes on with it by itself.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Warehouse } from '../client.js'
import { selectRow } from '../query.js'
import { quoteIdentifier } from '../types/identifiers.js'

export interface TableName {
  readonly database: string
  readonly table: string
}

/** Rows, and what they take on disk: the mean of the table's rows. */
export interface RowCount {
  readonly rows: number
  readonly bytes: number
}

export const NO_ROWS: RowCount = { rows: 0, bytes: 0 }

const FIRST_WAIT_MS = 20
const MAX_WAIT_MS = 2_000

/** Counts the rows for which a condition (SQL with literals) holds. */
export async function countRows(
  warehouse: Warehouse,
  { database, table }: TableName,
  condition: string,
): Promise<RowCount> {
  const row = await selectRow<{ found: string; row_bytes: number }>(
    warehouse,
    `SELECT (SELECT count() FROM ${quoteIdentifier(database)}.${quoteIdentifier(table)} WHERE ${condition}) AS found,
       (SELECT sum(bytes_on_disk) / greatest(sum(rows), 1) FROM system.parts
        WHERE database = {database:String} AND table = {table:String} AND active) AS row_bytes`,
    { database, table },
  )
  const rows = Number(row?.found ?? 0)
  return { rows, bytes: Math.round(rows * (row?.row_bytes ?? 0)) }
}

/**
 * Deletes the rows for which a condition holds, and resolves when they are gone: to how many there were. Repeatable.
 * @throws with the engine's reason where it cannot
 */
export async function deleteRows(
  warehouse: Warehouse,
  name: TableName,
  condition: string,
  signal?: AbortSignal,
): Promise<RowCount> {
  await settleDeletions(warehouse, name, signal)
  const count = await countRows(warehouse, name, condition)
  if (count.rows === 0) return NO_ROWS
  signal?.throwIfAborted()
  await warehouse.command({
    query: `ALTER TABLE ${quoteIdentifier(name.database)}.${quoteIdentifier(name.table)} DELETE WHERE ${condition}`,
    // It may take longer than a request may.
    clickhouse_settings: { mutations_sync: '0' },
    ...(signal && { abort_signal: signal }),
  })
  await settleDeletions(warehouse, name, signal)
  return count
}

/** Waits until nothing of the table is being written anew. */
export async function settleDeletions(
  warehouse: Warehouse,
  { database, table }: TableName,
  signal?: AbortSignal,
): Promise<void> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, MAX_WAIT_MS)) {
    signal?.throwIfAborted()
    const row = await selectRow<{ left: string; reason: string }>(
      warehouse,
      `SELECT count() AS left, anyIf(latest_fail_reason, latest_fail_reason != '') AS reason FROM system.mutations
       WHERE database = {database:String} AND table = {table:String} AND NOT is_done`,
      { database, table },
    )
    if (row === undefined || row.left === '0') return
    if (row.reason !== '') {
      throw new Error(
        `deleting rows of ${database}.${table}: ClickHouse could not: ${row.reason}; see system.mutations, and KILL MUTATION where it cannot be mended`,
      )
    }
    await sleep(waitMs, undefined, signal ? { signal } : {})
  }
}
