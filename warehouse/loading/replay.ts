/**
 * Rejects that are tried again: read, and marked with the load that takes them in. A mark counts only once that load is
 * accepted, so a replay that fails leaves its rejects to the next one.
 */
import type { Warehouse } from '../client.js'
import type { StreamKey } from '../ledger/ledger.js'
import { selectRows } from '../query.js'

/** Stands in a reject for the value of a field that must not be kept in clear; such a record cannot be made whole. */
export const WITHHELD = '[withheld]'

export interface StoredReject {
  readonly loadId: string
  readonly ordinal: number
  readonly raw: string
}

/** At most this many at once: they are held in memory. */
const BATCH = 50_000

/**
 * Rejects of accepted loads that no accepted load has taken in since, oldest first. Rows that were loaded with a value left
 * out come only where `changed` says so: in a stream without a key, loading them again would double them.
 */
export async function rejectsToReplay(
  warehouse: Warehouse,
  key: StreamKey,
  options: { readonly changed: boolean },
): Promise<StoredReject[]> {
  return selectRows<StoredReject>(
    warehouse,
    `WITH valid AS (
       SELECT load_id FROM tributary.valid_loads(source = {source:String}, stream = {stream:String})
       WHERE event = 'accepted')
     SELECT DISTINCT toString(load_id) AS loadId, ordinal, raw FROM tributary.rejects
     WHERE source = {source:String} AND stream = {stream:String} AND load_id IN valid
       AND ({changed:Bool} OR NOT startsWith(reason, 'value '))
       AND (load_id, ordinal) NOT IN (
         SELECT reject_load_id, reject_ordinal FROM tributary.replays
         WHERE source = {source:String} AND stream = {stream:String} AND load_id IN valid)
     ORDER BY load_id, ordinal LIMIT ${BATCH}`,
    { ...key, changed: options.changed },
  )
}

/** Marks rejects with the load that takes them in, before that load can be accepted. */
export async function markReplayed(
  warehouse: Warehouse,
  key: StreamKey,
  rejects: readonly StoredReject[],
  loadId: string,
): Promise<void> {
  await warehouse.insert({
    table: 'tributary.replays',
    values: rejects.map((reject) => ({
      ...key,
      reject_load_id: reject.loadId,
      reject_ordinal: reject.ordinal,
      load_id: loadId,
    })),
    columns: ['source', 'stream', 'reject_load_id', 'reject_ordinal', 'load_id'],
    format: 'JSONEachRow',
  })
}
