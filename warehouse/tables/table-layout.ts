/**
 * How a stream's tables are stored, against what the settings say: codecs and the time to live are altered in place; the
 * order and the partitions of a table are for its life, so another one of these needs new tables.
 */
import type { Warehouse } from '../client.js'
import { selectRow, selectRows } from '../query.js'
import { quoteIdentifier } from '../types/identifiers.js'
import { defineTable } from './define-table.js'
import { createRowsTable, MODEL, type StreamTable } from './stream-table.js'

/** Only new tables can be as the settings say; the message names what changed and the remedy. */
export class LayoutConflict extends Error {
  override readonly name = 'LayoutConflict'
}

export interface LayoutPlan {
  /** Each an `ALTER TABLE` that may be repeated until the layout is planned anew. Columns must be there first. */
  readonly alterations: readonly string[]
  /** In words, e.g. `order_by from (id) to (at)`. */
  readonly conflicts: readonly string[]
}

interface Layout {
  readonly partition: string
  readonly order: string
  readonly ttl: string
  readonly codecs: ReadonlyMap<string, string>
}

/**
 * Compares the tables with the settings, both in the engine's own words: an empty table is made of the settings for it.
 * A default order is no wish, since it follows the key that a source names: `exact` asks for it too.
 */
export async function planLayout(
  warehouse: Warehouse,
  table: StreamTable,
  options: { readonly exact: boolean },
): Promise<LayoutPlan> {
  const wanted = await wantedLayout(warehouse, table)
  const rows = await readLayout(warehouse, table.source, `${table.stream}__rows`)
  const current = table.keyed
    ? await readLayout(warehouse, table.source, `${table.stream}__current`)
    : undefined
  const conflicts: string[] = []
  if (rows !== undefined && (options.exact || table.orderBy !== undefined) && rows.order !== wanted.order) {
    conflicts.push(`order_by from ${shown(rows.order)} to ${shown(wanted.order)}`)
  }
  if (rows !== undefined && rows.partition !== wanted.partition) {
    conflicts.push(`partition_by from ${rows.partition} to ${wanted.partition}`)
  }
  return {
    conflicts,
    alterations: [
      ...(rows ? alterations(table, '__rows', rows, wanted) : []),
      ...(current ? alterations(table, '__current', current, wanted) : []),
    ],
  }
}

/** @throws LayoutConflict */
export function refuseOtherLayout(table: StreamTable, { conflicts }: LayoutPlan): void {
  if (conflicts.length === 0) return
  throw new LayoutConflict(
    `changing ${conflicts.join(' and ')} of ${table.source}.${table.stream}: a table cannot be rearranged in place; run \`tributary reset\` to read the stream again into new tables, or set it back`,
  )
}

function alterations(table: StreamTable, suffix: string, from: Layout, to: Layout): string[] {
  const columns = table.columns.flatMap(({ name }) => {
    const codec = table.codecs?.[name]
    if ((from.codecs.get(name) ?? '') === (to.codecs.get(name) ?? '')) return []
    const change = codec === undefined ? 'REMOVE CODEC' : `CODEC(${codec})`
    return [`MODIFY COLUMN ${quoteIdentifier(name)} ${change}`]
  })
  const ttl = from.ttl === to.ttl ? [] : [table.ttl === undefined ? 'REMOVE TTL' : `MODIFY TTL ${table.ttl}`]
  const changes = [...columns, ...ttl]
  if (changes.length === 0) return []
  const target = `${quoteIdentifier(table.source)}.${quoteIdentifier(table.stream + suffix)}`
  return [`ALTER TABLE ${target} ${changes.join(', ')}`]
}

async function wantedLayout(warehouse: Warehouse, table: StreamTable): Promise<Layout> {
  const name = `${table.stream}${MODEL}`
  const model = `${quoteIdentifier(table.source)}.${quoteIdentifier(name)}`
  const drop = { query: `DROP TABLE IF EXISTS ${model} SYNC` }
  await warehouse.command(drop)
  await defineTable(warehouse, table, createRowsTable(table, model))
  const layout = await readLayout(warehouse, table.source, name)
  await warehouse.command(drop)
  if (layout === undefined)
    throw new Error(`reading the layout of ${table.source}.${table.stream}: it is gone`)
  return layout
}

async function readLayout(
  warehouse: Warehouse,
  database: string,
  table: string,
): Promise<Layout | undefined> {
  const row = await selectRow<{ partition_key: string; sorting_key: string; engine_full: string }>(
    warehouse,
    `SELECT partition_key, sorting_key, engine_full FROM system.tables
     WHERE database = {database:String} AND name = {table:String}`,
    { database, table },
  )
  if (row === undefined) return undefined
  const codecs = await selectRows<{ name: string; compression_codec: string }>(
    warehouse,
    `SELECT name, compression_codec FROM system.columns
     WHERE database = {database:String} AND table = {table:String} AND compression_codec != ''`,
    { database, table },
  )
  return {
    partition: listed(row.partition_key),
    order: listed(row.sorting_key),
    ttl: / TTL (.*) SETTINGS /s.exec(row.engine_full)?.[1] ?? '',
    codecs: new Map(codecs.map((column) => [column.name, column.compression_codec])),
  }
}

/** Engines differ in when they put a key in parentheses. */
const listed = (key: string): string => /^\((.*)\)$/s.exec(key)?.[1] ?? key

const shown = (order: string): string => (order === '' ? 'none' : order)
