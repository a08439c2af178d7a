/** Going back: a stream stands again where an earlier step of its current generation left it. Rows are not copied back. */
import type { Warehouse } from '../client.js'
import { rebuildFold } from '../loading/fold.js'
import { selectRow } from '../query.js'
import { expiredOf } from '../retention/expirations.js'
import type { StreamTable } from '../tables/stream-table.js'
import { newLoadId } from './ids.js'
import { type LoadOrigin, openPosition, publishGeneration, registerLoad, type StreamKey } from './ledger.js'

export class NoSuchStep extends Error {
  override readonly name = 'NoSuchStep'
}

export interface RolledBack {
  readonly stream: string
  readonly sequence: number
  readonly cursor: string
}

/**
 * Voids every step after `toSequence` by opening an epoch that continues from it; the next sync reads on from its cursor.
 * No run of the stream may be under way. Throws NoSuchStep where the step is not valid or its rows are gone.
 */
export async function rollback(
  warehouse: Warehouse,
  table: StreamTable,
  toSequence: number,
  origin: LoadOrigin,
  abortSignal?: AbortSignal,
): Promise<RolledBack> {
  const key = { source: table.source, stream: table.stream }
  // A fold cannot be undone in place, so the rows that stay are folded anew beside the old ones.
  const { position } = await openPosition(warehouse, {
    ...key,
    lane: 'live',
    keyed: table.keyed,
    newGeneration: false,
    newFold: true,
  })
  const step = await selectRow<{ generation: number; state: string; cursor: string }>(
    warehouse,
    `SELECT generation, state, cursor
     FROM tributary.valid_loads(source = {source:String}, stream = {stream:String})
     WHERE lane = 'live' AND sequence = {sequence:UInt32} ORDER BY epoch DESC LIMIT 1`,
    { ...key, sequence: toSequence },
  )
  if (step === undefined || step.generation !== position.generation) {
    throw new NoSuchStep(
      `rolling ${table.source}.${table.stream} back to step ${toSequence}: the current generation has no such step; see \`tributary state show ${table.source}\``,
    )
  }
  if (table.keyed) {
    const { generation, fold } = position
    await assertKept(warehouse, key, generation, toSequence)
    // Numbers of folds are never used twice: another attempt, to another step, must not find these rows.
    await registerLoad(warehouse, key, position, newLoadId(), origin)
    await rebuildFold(warehouse, table, { generation, toSequence, fold }, abortSignal)
    // Rows that began to go while they were read may be missing.
    await assertKept(warehouse, key, generation, toSequence)
  }
  const target = { ...position, base: toSequence, sequence: toSequence }
  await publishGeneration(warehouse, key, target, { state: step.state, cursor: step.cursor }, origin)
  return { stream: table.stream, sequence: toSequence, cursor: step.cursor }
}

/** Of old loads only the newest rows are kept: what stood between them cannot be told any more. */
async function assertKept(
  warehouse: Warehouse,
  key: StreamKey,
  generation: number,
  toSequence: number,
): Promise<void> {
  const { begun } = await expiredOf(warehouse, key, generation)
  const later = await selectRow(
    warehouse,
    `SELECT 1 FROM tributary.valid_loads(source = {source:String}, stream = {stream:String})
     WHERE event = 'accepted' AND lane = 'live' AND generation = {generation:UInt32}
       AND load_id < {begun:UInt64} AND sequence > {toSequence:UInt32} LIMIT 1`,
    { source: key.source, stream: key.stream, generation, begun, toSequence },
  )
  if (later === undefined) return
  throw new NoSuchStep(
    `rolling ${key.source}.${key.stream} back to step ${toSequence}: rows of that time are older than \`retention.raw\` keeps them; choose a later step`,
  )
}
