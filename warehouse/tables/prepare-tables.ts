/**
 * Makes a stream's tables fit for a run: creates what is missing, changes columns as the stream's contract allows, and
 * points the view at the result. Idempotent.
 */
import { createHash } from 'node:crypto'
import { ClickHouseError } from '@clickhouse/client'
import type { Warehouse } from '../client.js'
import { selectRow, selectRows } from '../query.js'
import { quoteIdentifier, quoteString } from '../types/identifiers.js'
import { isReservedName } from '../types/reserved-names.js'
import { planSchemaChange, type SchemaChangePlan, type SchemaContract } from '../types/schema-change.js'
import { defineTable } from './define-table.js'
import { dropAside, standing } from './set-aside.js'
import {
  createCurrentTable,
  createRowsTable,
  createStreamView,
  currentTable,
  KEYED_COLUMNS,
  rowsTable,
  type StreamTable,
  type TableColumn,
} from './stream-table.js'
import { LayoutConflict, planLayout, refuseOtherLayout } from './table-layout.js'

/** The warehouse cannot take the stream's new shape; the message names the columns and the remedy. */
export class SchemaConflict extends Error {
  override readonly name = 'SchemaConflict'
}

export interface PreparedTables {
  /** The table with the columns that it has now, wider ones kept. */
  readonly table: StreamTable
  /** Under a discard contract: columns whose values may not fit the existing type, and fields without a column. */
  readonly change: Pick<SchemaChangePlan, 'restrict' | 'discard'>
}

/**
 * Throws SchemaConflict where the contract forbids the change and LayoutConflict where new tables are needed, before
 * anything was altered; TableRefused where ClickHouse cannot take the table's settings.
 * @param exactLayout also refuse a layout that is only by default another one
 */
export async function prepareTables(
  warehouse: Warehouse,
  wanted: StreamTable,
  contract: SchemaContract,
  exactLayout = false,
): Promise<PreparedTables> {
  const existing = await readColumns(warehouse, wanted)
  if (existing.length === 0) {
    await createTables(warehouse, wanted)
    return { table: wanted, change: { restrict: [], discard: [] } }
  }
  const own = existing.filter((column) => !isReservedName(column.name))
  const plan = planSchemaChange({
    existing: own,
    wanted: wanted.columns,
    contract,
    keys: sortingColumns(wanted),
  })
  if (plan.conflicts.length > 0) {
    const conflicts = plan.conflicts.map((c) => `${c.name}: ${c.from} to ${c.to}; ${c.remedy}`).join('; ')
    throw new SchemaConflict(`changing the table of ${wanted.source}.${wanted.stream}: ${conflicts}`)
  }
  await refuseOtherKey(warehouse, wanted)
  const table = { ...wanted, columns: mergeColumns(own, plan) }
  const prepared = { table, change: { restrict: plan.restrict, discard: plan.discard } }
  if (!exactLayout && (await readMark(warehouse, table)) === markOf(table)) return prepared
  const layout = await planLayout(warehouse, table, { exact: exactLayout })
  refuseOtherLayout(table, layout)
  if (table.keyed) await addColumns(warehouse, rowsTable(table), existing, KEYED_COLUMNS)
  await alterColumns(warehouse, table, plan)
  for (const alteration of layout.alterations) await defineTable(warehouse, table, alteration)
  await createTables(warehouse, table)
  return prepared
}

/** Rows were merged by the key that the table was made with; by another one they would be merged wrongly from now on. */
async function refuseOtherKey(warehouse: Warehouse, table: StreamTable): Promise<void> {
  if (!table.keyed) return
  const rows = await selectRows<{ name: string }>(
    warehouse,
    `SELECT name FROM system.columns
     WHERE database = {database:String} AND table = {table:String} AND is_in_sorting_key ORDER BY position`,
    { database: table.source, table: `${table.stream}__current` },
  )
  const existing = rows.map(({ name }) => name)
  if (existing.length === 0 || existing.toSorted().join('\0') === table.key.toSorted().join('\0')) return
  throw new LayoutConflict(
    `changing the key of ${table.source}.${table.stream} from ${existing.join(', ')} to ${table.key.join(', ')}: rows were merged by the old one; run \`tributary reset\` to read the stream again into new tables`,
  )
}

function sortingColumns(table: StreamTable): readonly string[] {
  return [...new Set([...(table.orderBy ?? []), ...table.key])]
}

async function alterColumns(
  warehouse: Warehouse,
  table: StreamTable,
  plan: { readonly modify: readonly TableColumn[]; readonly add: readonly TableColumn[] },
): Promise<void> {
  const alterations = [
    ...plan.add.map((column) => `ADD COLUMN IF NOT EXISTS ${quoteIdentifier(column.name)} ${column.type}`),
    ...plan.modify.map((column) => `MODIFY COLUMN ${quoteIdentifier(column.name)} ${column.type}`),
  ]
  if (alterations.length === 0) return
  const current = await selectRows(
    warehouse,
    'SELECT 1 FROM system.tables WHERE database = {database:String} AND name = {name:String}',
    { database: table.source, name: `${table.stream}__current` },
  )
  // The current table first: the rows table is what the next run compares with.
  for (const target of [...(current.length > 0 ? [currentTable(table)] : []), rowsTable(table)]) {
    try {
      await warehouse.command({ query: `ALTER TABLE ${target} ${alterations.join(', ')}` })
    } catch (error) {
      if (!(error instanceof ClickHouseError) || error.code !== ALTER_OF_COLUMN_IS_FORBIDDEN) throw error
      const columns = plan.modify.map(({ name, type }) => `${name} to ${type}`).join(', ')
      throw new LayoutConflict(
        `changing the table of ${table.source}.${table.stream}: ${columns}: it is partitioned or ordered by one of them; run \`tributary reset\` to read the stream again into new tables`,
        { cause: error },
      )
    }
  }
}

/** A column that a key of the table is computed from. */
const ALTER_OF_COLUMN_IS_FORBIDDEN = '524'

async function createTables(warehouse: Warehouse, table: StreamTable): Promise<void> {
  await warehouse.command({
    query: `CREATE DATABASE IF NOT EXISTS ${quoteIdentifier(table.source)} ENGINE = Atomic`,
  })
  await defineTable(warehouse, table, createRowsTable(table))
  if (table.keyed) await defineTable(warehouse, table, createCurrentTable(table))
  const stands = await standing(warehouse, table)
  // While others stand aside nobody sees these, before they are published.
  if (stands !== 'aside') await createView(warehouse, table)
  if (stands === 'replaced') await dropAside(warehouse, table)
}

async function createView(warehouse: Warehouse, table: StreamTable): Promise<void> {
  await warehouse.command({ query: `${createStreamView(table)} COMMENT ${quoteString(markOf(table))}` })
}

/** Shows people the tables that were built, once their generation is published; drops those that stood aside. Repeatable. */
export async function showTables(warehouse: Warehouse, table: StreamTable): Promise<void> {
  if ((await standing(warehouse, table)) !== 'replaced') return
  await createView(warehouse, table)
  await dropAside(warehouse, table)
}

/** The view's comment: of which definitions it was made. Equal marks mean that there is nothing to do. */
function markOf(table: StreamTable): string {
  const definitions = [createRowsTable(table), createCurrentTable(table), createStreamView(table)]
  return `tributary ${createHash('sha256').update(definitions.join('\n')).digest('hex').slice(0, 32)}`
}

async function readMark(warehouse: Warehouse, table: StreamTable): Promise<string | undefined> {
  const row = await selectRow<{ comment: string }>(
    warehouse,
    'SELECT comment FROM system.tables WHERE database = {database:String} AND name = {name:String}',
    { database: table.source, name: table.stream },
  )
  return row?.comment
}

async function addColumns(
  warehouse: Warehouse,
  target: string,
  existing: readonly TableColumn[],
  columns: readonly TableColumn[],
): Promise<void> {
  const missing = columns.filter((column) => !existing.some((known) => known.name === column.name))
  if (missing.length === 0) return
  const clauses = missing.map(
    (column) => `ADD COLUMN IF NOT EXISTS ${quoteIdentifier(column.name)} ${column.type}`,
  )
  await warehouse.command({ query: `ALTER TABLE ${target} ${clauses.join(', ')}` })
}

/** The columns of `<stream>__rows` in table order; empty where there is no table. */
export async function readColumns(
  warehouse: Warehouse,
  stream: Pick<StreamTable, 'source' | 'stream'>,
): Promise<TableColumn[]> {
  return selectRows<TableColumn>(
    warehouse,
    `SELECT name, type FROM system.columns
     WHERE database = {database:String} AND table = {table:String} ORDER BY position`,
    { database: stream.source, table: `${stream.stream}__rows` },
  )
}

/** Existing columns keep their place and, where wider, their type; gone ones stay; new ones follow. */
function mergeColumns(
  existing: readonly TableColumn[],
  plan: { readonly modify: readonly TableColumn[]; readonly add: readonly TableColumn[] },
): TableColumn[] {
  const kept = existing.map((column) => plan.modify.find((change) => change.name === column.name) ?? column)
  return [...kept, ...plan.add]
}
