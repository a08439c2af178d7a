/**
 * Removes facts that nobody can see: those of generations that were replaced and of loads that were never accepted. It
 * never decides what is visible.
 */
import type { Warehouse } from '../../warehouse/client.js'
import { newLoadId } from '../../warehouse/ledger/ids.js'
import { selectRow, selectRows } from '../../warehouse/query.js'
import { dropForgottenTables } from './work-tables.js'

export interface SweptFacts {
  readonly droppedPartitions: number
  /** Loads whose rows were deleted. */
  readonly voidLoads: number
  /** What dead attempts had gathered. */
  readonly droppedTables: number
}

/** Longer than any step may take: a load that is still being written is never one of these. */
const FORGOTTEN_MS = 24 * 3_600_000
const FACTS = ['events', 'trait_facts', 'links']

/** Idempotent. @param nowMs for tests */
export async function sweepFacts(warehouse: Warehouse, nowMs: number = Date.now()): Promise<SweptFacts> {
  const before = newLoadId(nowMs - FORGOTTEN_MS)
  return {
    droppedPartitions: await dropOldGenerations(warehouse),
    voidLoads: await deleteVoidRows(warehouse, before),
    droppedTables: await dropForgottenTables(warehouse, before),
  }
}

async function dropOldGenerations(warehouse: Warehouse): Promise<number> {
  const old = await selectRows<{ table: string; partition_id: string }>(
    warehouse,
    `SELECT DISTINCT parts.table AS table, parts.partition_id AS partition_id
     FROM (
       SELECT table, partition_id, partition,
         concat('mapping/', extract(partition, '^\\\\(\\'(.*)\\',\\\\d+\\\\)$')) AS stream,
         toUInt32OrZero(extract(partition, ',(\\\\d+)\\\\)$')) AS generation
       FROM system.parts WHERE database = 'cdp' AND table IN ('events__rows', 'trait_facts__rows', 'links__rows') AND active
     ) AS parts
     INNER JOIN (SELECT stream, generation FROM cdp.current_generations) AS current ON parts.stream = current.stream
     WHERE parts.generation < current.generation`,
  )
  for (const { table, partition_id } of old) {
    await warehouse.command({
      query: `ALTER TABLE cdp.${table} DROP PARTITION ID {id:String}`,
      query_params: { id: partition_id },
    })
  }
  return old.length
}

async function deleteVoidRows(warehouse: Warehouse, before: string): Promise<number> {
  const found = new Set<string>()
  for (const table of [...FACTS, 'retracted', 'nodes']) {
    const row = await selectRow<{ loads: string[] }>(
      warehouse,
      `SELECT groupUniqArray(toString(_load_id)) AS loads FROM cdp.${table}__rows
       WHERE _load_id IN (SELECT load_id FROM cdp.hidden_loads WHERE load_id < {before:UInt64})`,
      { before },
    )
    const loads = row?.loads ?? []
    for (const load of loads) found.add(load)
    if (loads.length === 0) continue
    await warehouse.command({
      query: `DELETE FROM cdp.${table}__rows WHERE _load_id IN (${loads.join(', ')})`,
      clickhouse_settings: { lightweight_deletes_sync: '2' },
    })
  }
  return found.size
}
