/** Rejects with their replays, and entries of the audit log, that are older than they are kept: removed, or counted. */
import type { Warehouse } from '../client.js'
import { selectRow } from '../query.js'
import { countRows, deleteRows, type RowCount } from './delete-rows.js'

export type RecordKind = 'rejects' | 'audit'

/** What would go now. */
export async function countExpiredRecords(
  warehouse: Warehouse,
  kind: RecordKind,
  before: Date,
): Promise<RowCount> {
  return countRows(warehouse, tableOf(kind), await olderThan(warehouse, kind, before))
}

/** Removes them; resolves to what went. Repeatable. */
export async function expireRecords(
  warehouse: Warehouse,
  kind: RecordKind,
  before: Date,
  signal?: AbortSignal,
): Promise<RowCount> {
  const gone = await deleteRows(warehouse, tableOf(kind), await olderThan(warehouse, kind, before), signal)
  if (kind === 'rejects') await deleteReplays(warehouse, signal)
  return gone
}

const tableOf = (kind: RecordKind) => ({ database: 'tributary', table: kind })

async function olderThan(warehouse: Warehouse, kind: RecordKind, before: Date): Promise<string> {
  const older = `at < fromUnixTimestamp64Milli(${before.getTime()}, 'UTC')`
  if (kind !== 'rejects') return older
  const row = await selectRow<{ loads: string[] }>(
    warehouse,
    'SELECT groupArray(toString(load_id)) AS loads FROM tributary.undecided_loads',
  )
  const undecided = row?.loads ?? []
  return undecided.length === 0 ? older : `${older} AND load_id NOT IN (${undecided.join(', ')})`
}

/** A replay says of a reject that it is in; without the reject it says nothing. */
async function deleteReplays(warehouse: Warehouse, signal: AbortSignal | undefined): Promise<void> {
  await deleteRows(
    warehouse,
    { database: 'tributary', table: 'replays' },
    '(reject_load_id, reject_ordinal) NOT IN (SELECT load_id, ordinal FROM tributary.rejects)',
    signal,
  )
}
