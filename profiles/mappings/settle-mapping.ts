/**
 * Takes facts away that an accepted load said no longer hold. Until then they are still seen beside the new ones, so it
 * comes before anything that reads facts.
 */
import { type Position, recordFold } from '../../warehouse/ledger/ledger.js'
import { selectRow, selectRows } from '../../warehouse/query.js'
import { DERIVED, type StepContext } from '../steps/derived-load.js'

type UnsettledLoad = Omit<Position, 'building'> & { readonly load_id: string }

/** Settles every accepted load of a mapping that is not settled yet, oldest first. Idempotent; returns how many. */
export async function settleMapping(
  { warehouse, origin, signal }: Pick<StepContext, 'warehouse' | 'origin' | 'signal'>,
  name: string,
): Promise<number> {
  const key = { source: DERIVED, stream: `mapping/${name}` }
  const loads = await selectRows<UnsettledLoad>(
    warehouse,
    `WITH valid AS (SELECT * FROM tributary.valid_loads(source = {source:String}, stream = {stream:String}))
     SELECT DISTINCT lane, toString(epoch) AS epoch, base, sequence, generation, fold, toString(load_id) AS load_id
     FROM valid
     WHERE event = 'accepted'
       AND generation = (SELECT argMax(generation, (epoch, sequence)) FROM valid WHERE event = 'published')
       AND load_id IN (SELECT DISTINCT _load_id FROM cdp.retracted__rows WHERE mapping = {name:String})
       AND load_id NOT IN (
         SELECT load_id FROM tributary.loads
         WHERE source = {source:String} AND stream = {stream:String} AND event = 'folded')
     ORDER BY sequence`,
    { ...key, name },
  )
  for (const { lane, epoch, base, sequence, generation, fold, load_id: loadId } of loads) {
    // Of the loads before it by name, never of all others: a late repetition must not touch what came since.
    const retracted = `mapping = {name:String} AND _generation = {generation:UInt32}
      AND row IN (SELECT row FROM cdp.retracted__rows WHERE _load_id = {loadId:UInt64})
      AND _load_id IN (
        SELECT load_id FROM tributary.valid_loads(source = {source:String}, stream = {stream:String})
        WHERE event = 'accepted' AND generation = {generation:UInt32} AND sequence < {sequence:UInt32})`
    const params = { ...key, name, generation, loadId, sequence }
    for (const table of ['events', 'trait_facts', 'links']) {
      signal.throwIfAborted()
      const some = await selectRow(
        warehouse,
        `SELECT 1 FROM cdp.${table}__rows WHERE ${retracted} LIMIT 1`,
        params,
      )
      if (some === undefined) continue
      await warehouse.command({
        query: `DELETE FROM cdp.${table}__rows WHERE ${retracted}`,
        query_params: params,
        clickhouse_settings: { lightweight_deletes_sync: '2' },
        abort_signal: signal,
      })
    }
    const position: Position = { lane, epoch, base, sequence, generation, fold, building: false }
    await recordFold(warehouse, key, position, { loadId, sequence }, origin)
  }
  return loads.length
}
