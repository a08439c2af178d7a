/** Takes away trait values that nobody can see any more: of generations gone by, and of records written anew since. */
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow, selectRows } from '../../warehouse/query.js'
import { IS_CURRENT_VALUE, reloadRecordOf } from '../people/dictionaries.js'

export interface SweepOptions {
  /** Rows of the present generation go once more than this share of them is superseded. @default 0.3 */
  readonly share?: number
}

/**
 * What is current stays, whenever it dies or wakes up. Idempotent.
 */
export async function sweepTraits(warehouse: Warehouse, { share = 0.3 }: SweepOptions = {}): Promise<void> {
  const row = await selectRow<{ generation: number; newest: number }>(
    warehouse,
    `SELECT (SELECT max(generation) FROM cdp.current_generations WHERE stream = 'traits') AS generation,
      (SELECT max(sequence) FROM tributary.valid_loads(source = 'cdp', stream = 'traits') WHERE event = 'accepted') AS newest`,
  )
  const { generation, newest } = row!
  if (generation === 0) return
  // What is current is decided by the dictionary: an old one needs what is gone by, and does not know what came since.
  await reloadRecordOf(warehouse)
  const parts = await selectRows<{ partition: string }>(
    warehouse,
    `SELECT DISTINCT partition FROM system.parts
     WHERE database = 'cdp' AND table = 'trait_values__rows' AND active AND toUInt32(partition) < {generation:UInt32}`,
    { generation },
  )
  for (const { partition } of parts) {
    await warehouse.command({
      query: `ALTER TABLE cdp.trait_values__rows DROP PARTITION ${Number(partition)}`,
    })
  }
  const counts = await selectRow<{ all: string; superseded: string }>(
    warehouse,
    `SELECT count() AS all, countIf(NOT (${IS_CURRENT_VALUE})) AS superseded
     FROM cdp.trait_values__rows WHERE _generation = {generation:UInt32}`,
    { generation },
  )
  const worn = Number(counts!.superseded) > Number(counts!.all) * share
  if (!worn && parts.length === 0) return
  // By name, and only of loads that the dictionary knew: an attempt that was given up may wake up beside the next refresh.
  const known = `_load_id IN (SELECT load_id FROM tributary.valid_loads(source = 'cdp', stream = 'traits')
    WHERE event = 'accepted' AND sequence <= {newest:UInt32})`
  const query_params = { generation, newest }
  if (worn) {
    await warehouse.command({
      query: `DELETE FROM cdp.trait_values__rows
        WHERE _generation = {generation:UInt32} AND NOT (${IS_CURRENT_VALUE}) AND ${known}`,
      query_params,
    })
  }
  await warehouse.command({
    query: `DELETE FROM cdp.records__rows WHERE (_generation < {generation:UInt32} OR _generation = {generation:UInt32}
      AND _load_id != dictGetOrDefault('cdp.record_of', 'load_id', toUInt64(profile), toUInt64(0))) AND ${known}`,
    query_params,
  })
}
