/**
 * The sweep: removes what nobody can see, rows of void loads and generations that were replaced. It never decides what
 * is visible; the ids of void loads stay in the ledger, so a late writer remains hidden. Idempotent.
 */
import type { Warehouse } from '../client.js'
import type { StreamKey } from '../ledger/ledger.js'
import { selectRow, selectRows } from '../query.js'
import { currentTable, rowsTable, type StreamTable } from '../tables/stream-table.js'

export interface SweepResult {
  /** Loads whose rows were deleted. */
  readonly voidLoads: number
  /** Partitions of replaced generations and folds that were dropped. */
  readonly droppedPartitions: number
}

/**
 * Call it when no run of the stream is under way but the caller's own: `keepGeneration` is the generation that the
 * caller is writing, if any.
 */
export async function sweepStream(
  warehouse: Warehouse,
  table: StreamTable,
  keepGeneration?: number,
): Promise<SweepResult> {
  const current = await selectRow<{ generation: number; fold: number }>(
    warehouse,
    'SELECT generation, fold FROM tributary.current_generation(source = {source:String}, stream = {stream:String})',
    { source: table.source, stream: table.stream },
  )
  const keep = [current?.generation ?? 0, keepGeneration ?? 0]
  let droppedPartitions = await dropPartitions(warehouse, table, '__rows', (own) => !keep.includes(own))
  if (table.keyed && keepGeneration === undefined) {
    droppedPartitions += await dropPartitions(
      warehouse,
      table,
      '__current',
      (own) => own !== (current?.fold ?? 0),
    )
  }
  return { voidLoads: await deleteVoidRows(warehouse, table, current?.generation ?? 0), droppedPartitions }
}

/**
 * Drops the partitions of generations and folds before these, whatever run is under way: it writes these or later ones.
 * Returns how many.
 */
export async function dropReplaced(
  warehouse: Warehouse,
  stream: StreamKey,
  current: { readonly generation: number; readonly fold: number },
): Promise<number> {
  const rows = await dropPartitions(warehouse, stream, '__rows', (own) => own < current.generation)
  return rows + (await dropPartitions(warehouse, stream, '__current', (own) => own < current.fold))
}

/** Partitions are led by the generation (rows) or are the fold (current). */
async function dropPartitions(
  warehouse: Warehouse,
  table: Pick<StreamTable, 'source' | 'stream'>,
  suffix: '__rows' | '__current',
  isOld: (own: number) => boolean,
): Promise<number> {
  const partitions = await selectRows<{ partition_id: string; partition: string }>(
    warehouse,
    `SELECT DISTINCT partition_id, partition FROM system.parts
     WHERE database = {database:String} AND table = {table:String} AND active`,
    { database: table.source, table: table.stream + suffix },
  )
  const old = partitions.filter(({ partition }) => isOld(leadingNumber(partition)))
  const target = suffix === '__rows' ? rowsTable(table) : currentTable(table)
  for (const { partition_id } of old) {
    await warehouse.command({
      query: `ALTER TABLE ${target} DROP PARTITION ID {id:String}`,
      query_params: { id: partition_id },
    })
  }
  return old.length
}

/** `7`, or `(7,202611)` where the stream has a partition expression of its own. */
function leadingNumber(partition: string): number {
  return Number(/\d+/.exec(partition)?.[0] ?? -1)
}

async function deleteVoidRows(warehouse: Warehouse, table: StreamTable, generation: number): Promise<number> {
  const found = await selectRows<{ load_id: string }>(
    warehouse,
    `SELECT DISTINCT _load_id AS load_id FROM ${rowsTable(table)}
     WHERE _generation = {generation:UInt32} AND _load_id IN (
       SELECT load_id FROM tributary.hidden_loads(source = {source:String}, stream = {stream:String}))`,
    { source: table.source, stream: table.stream, generation },
  )
  if (found.length === 0) return 0
  await warehouse.command({
    query: `DELETE FROM ${rowsTable(table)} WHERE _load_id IN {ids:Array(UInt64)}`,
    query_params: { ids: found.map((row) => BigInt(row.load_id)) },
  })
  return found.length
}
