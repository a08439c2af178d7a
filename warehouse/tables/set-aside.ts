/**
 * A stream is read anew into tables of another shape while people go on seeing the old ones: these are cloned under other
 * names, one statement points the view at the clones, and they are dropped when the new read is published. The view alone
 * says where a stream stands, so a crash anywhere leaves either the old state or the new one, and no reader finds nothing.
 */
import type { Warehouse } from '../client.js'
import { selectRow, selectRows } from '../query.js'
import { quoteIdentifier, quoteString } from '../types/identifiers.js'
import { isReservedName } from '../types/reserved-names.js'
import { MODEL, type StreamTable, streamView } from './stream-table.js'

type StreamName = Pick<StreamTable, 'source' | 'stream'>

/**
 * - `own`: people see the stream's own tables.
 * - `aside`: they see what was set aside; the own tables hold at most a part of the new read.
 * - `replaced`: the same, but the new read is published: it is time to show it.
 */
export type Standing = 'own' | 'aside' | 'replaced'

const ASIDE = '__aside'
const SUFFIXES = ['__rows', '__current'] as const
/** The comment of a view of tables that stand aside, before the generation that it shows. */
const MARK = 'tributary aside '

export async function standing(warehouse: Warehouse, table: StreamName): Promise<Standing> {
  const view = await selectRow<{ comment: string }>(
    warehouse,
    'SELECT comment FROM system.tables WHERE database = {database:String} AND name = {name:String}',
    { database: table.source, name: table.stream },
  )
  if (!view?.comment.startsWith(MARK)) return 'own'
  const { generation } = await currentGeneration(warehouse, table)
  return generation > Number(view.comment.slice(MARK.length)) ? 'replaced' : 'aside'
}

/**
 * Makes room for tables of another shape. Where the old ones stand aside already, what was built since is dropped.
 * Repeatable after a crash at any statement.
 */
export async function setAside(warehouse: Warehouse, table: StreamName): Promise<void> {
  const stands = await standing(warehouse, table)
  if (stands === 'replaced') await createView(warehouse, table, '')
  if (stands !== 'aside') {
    await dropAside(warehouse, table)
    const present = await tablesOf(warehouse, table)
    for (const suffix of SUFFIXES) {
      if (present.has(table.stream + suffix)) await clone(warehouse, table, suffix)
    }
    await createView(warehouse, table, ASIDE)
  }
  // The rows last: while they are there, the next run finds the shape that it cannot use and comes here again.
  await dropUnseen(warehouse, table, [...SUFFIXES].reverse(), 'aside')
}

/** Removes what stood aside, or was left by a crash. Call it only where the view shows the stream's own tables. */
export async function dropAside(warehouse: Warehouse, table: StreamName): Promise<void> {
  await dropUnseen(warehouse, table, [...SUFFIXES.map((own) => own + ASIDE), MODEL], 'own')
}

/** Asked anew before each: an attempt that was given up may wake up when another one has gone on. */
async function dropUnseen(
  warehouse: Warehouse,
  table: StreamName,
  suffixes: readonly string[],
  only: Standing,
): Promise<void> {
  const present = await tablesOf(warehouse, table)
  for (const suffix of suffixes) {
    if (!present.has(table.stream + suffix)) continue
    if ((await standing(warehouse, table)) !== only) {
      throw new Error(`dropping old tables of ${table.source}.${table.stream}: another run has gone on`)
    }
    await warehouse.command({ query: `DROP TABLE IF EXISTS ${name(table, suffix)} SYNC` })
  }
}

/** Links the same files under another name; a rename would leave readers without a table for an instant. */
async function clone(warehouse: Warehouse, table: StreamName, suffix: string): Promise<void> {
  const [from, to] = [name(table, suffix), name(table, suffix + ASIDE)]
  await warehouse.command({ query: `CREATE TABLE ${to} AS ${from}` })
  await warehouse.command({ query: `ALTER TABLE ${to} ATTACH PARTITION ALL FROM ${from}` })
}

/** Points the view at tables as they are, and at the generation that is current now, whatever is published later. */
async function createView(warehouse: Warehouse, table: StreamName, end: '' | typeof ASIDE): Promise<void> {
  const stream = `source = ${quoteString(table.source)}, stream = ${quoteString(table.stream)}`
  const { generation, fold } = await currentGeneration(warehouse, table)
  const columns = await selectRows<{ name: string }>(
    warehouse,
    `SELECT name FROM system.columns
     WHERE database = {database:String} AND table = {table:String} ORDER BY position`,
    { database: table.source, table: `${table.stream}__rows${end}` },
  )
  const names = [
    ...columns.map((column) => column.name).filter((own) => !isReservedName(own)),
    '_extracted_at',
  ]
  const body =
    fold > 0
      ? `FROM ${name(table, `__current${end}`)} FINAL WHERE _fold = ${fold}
         SETTINGS do_not_merge_across_partitions_select_final = 1`
      : `FROM ${name(table, `__rows${end}`)} WHERE _generation = ${generation}
         AND _load_id NOT IN (SELECT load_id FROM tributary.hidden_loads(${stream}))`
  const comment = end === '' ? '' : ` COMMENT ${quoteString(MARK + generation)}`
  await warehouse.command({
    query: `CREATE OR REPLACE VIEW ${streamView(table)} AS SELECT ${names.map(quoteIdentifier).join(', ')} ${body}${comment}`,
  })
}

async function currentGeneration(
  warehouse: Warehouse,
  { source, stream }: StreamName,
): Promise<{ readonly generation: number; readonly fold: number }> {
  const row = await selectRow<{ generation: number; fold: number }>(
    warehouse,
    'SELECT generation, fold FROM tributary.current_generation(source = {source:String}, stream = {stream:String})',
    { source, stream },
  )
  return row ?? { generation: 0, fold: 0 }
}

async function tablesOf(warehouse: Warehouse, table: StreamName): Promise<ReadonlySet<string>> {
  const rows = await selectRows<{ name: string }>(
    warehouse,
    'SELECT name FROM system.tables WHERE database = {database:String} AND startsWith(name, {prefix:String})',
    { database: table.source, prefix: `${table.stream}__` },
  )
  return new Set(rows.map((row) => row.name))
}

function name(table: StreamName, suffix: string): string {
  return `${quoteIdentifier(table.source)}.${quoteIdentifier(table.stream + suffix)}`
}
