/**
 * Folding: an accepted load of a keyed stream enters `<stream>__current`. Only accepted rows may: an uncommitted version
 * there would shadow the committed one. Repeating a fold is harmless, since versions are a function of the load.
 */
import type { Warehouse } from '../client.js'
import { type LoadOrigin, type Position, recordFold, type StreamKey } from '../ledger/ledger.js'
import { selectRows } from '../query.js'
import { currentTable, rowsTable, type StreamTable } from '../tables/stream-table.js'
import { quoteIdentifier } from '../types/identifiers.js'

interface PendingFold {
  lane: string
  epoch: string
  base: number
  sequence: number
  load_id: string
  generation: number
  fold: number
}

/**
 * Folds every valid load of this generation that is not folded yet, oldest first: normally the one just accepted, and
 * after a crash what the run before left. Returns how many.
 */
export async function foldPending(
  warehouse: Warehouse,
  table: StreamTable,
  position: Position,
  origin: LoadOrigin,
  abortSignal?: AbortSignal,
): Promise<number> {
  const key: StreamKey = { source: table.source, stream: table.stream }
  const pending = await selectRows<PendingFold>(
    warehouse,
    `SELECT DISTINCT lane, epoch, base, sequence, load_id, generation, fold
     FROM tributary.valid_loads(source = {source:String}, stream = {stream:String})
     WHERE event = 'accepted' AND generation = {generation:UInt32} AND fold = {fold:UInt32}
       AND load_id NOT IN (
         SELECT load_id FROM tributary.loads
         WHERE source = {source:String} AND stream = {stream:String} AND event = 'folded' AND fold = {fold:UInt32})
     ORDER BY epoch, sequence`,
    { ...key, generation: position.generation, fold: position.fold },
  )
  for (const load of pending) {
    await foldLoad(warehouse, table, load, abortSignal)
    await recordFold(
      warehouse,
      key,
      { ...position, ...load },
      { loadId: load.load_id, sequence: load.sequence },
      origin,
    )
  }
  return pending.length
}

/**
 * Builds a new fold from all valid loads of a generation: what a rollback leaves. The rows of a void load are not read.
 */
export async function rebuildFold(
  warehouse: Warehouse,
  table: StreamTable,
  options: { readonly generation: number; readonly toSequence: number; readonly fold: number },
  abortSignal?: AbortSignal,
): Promise<void> {
  const loads = await selectRows<PendingFold>(
    warehouse,
    `SELECT DISTINCT lane, epoch, base, sequence, load_id, generation, fold
     FROM tributary.valid_loads(source = {source:String}, stream = {stream:String})
     WHERE event = 'accepted' AND generation = {generation:UInt32}
       AND (lane != 'live' OR sequence <= {toSequence:UInt32})
     ORDER BY epoch, sequence`,
    {
      source: table.source,
      stream: table.stream,
      generation: options.generation,
      toSequence: options.toSequence,
    },
  )
  for (const load of loads) await foldLoad(warehouse, table, { ...load, fold: options.fold }, abortSignal)
}

async function foldLoad(
  warehouse: Warehouse,
  table: StreamTable,
  load: PendingFold,
  abortSignal: AbortSignal | undefined,
): Promise<void> {
  const columns = table.columns.map((column) => quoteIdentifier(column.name)).join(', ')
  await warehouse.command({
    query: `INSERT INTO ${currentTable(table)} (${columns}, _extracted_at, _version, _deleted, _fold)
      SELECT ${columns}, _extracted_at,
        bitShiftLeft(toUInt128({epoch:UInt64}), 64) + bitShiftLeft(toUInt128({sequence:UInt32}), 32) + _ordinal,
        _deleted, {fold:UInt32}
      FROM ${rowsTable(table)}
      WHERE _load_id = {loadId:UInt64} AND _generation = {generation:UInt32}`,
    query_params: {
      epoch: load.epoch,
      sequence: load.sequence,
      fold: load.fold,
      loadId: load.load_id,
      generation: load.generation,
    },
    ...(abortSignal && { abort_signal: abortSignal }),
  })
}
