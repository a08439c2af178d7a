/**
 * Which rows of a stream are older than it keeps them, told by its ledger: never a row of a load that is not decided.
 * - A stream that only grows (append): the rows of accepted loads that were registered before the moment.
 * - One that keeps a row a key (append_dedup): of these only what newer rows of them have replaced. What stands at the
 *   moment, and every step after it, can still be told from what stays.
 * - One that is read as a whole (overwrite): nothing of what people see; it is what the source shows now.
 * What nobody can see goes from all: rows of void loads, and of generations that were replaced.
 */
import type { Warehouse } from '../client.js'
import type { StreamKey } from '../ledger/ledger.js'
import { selectRow, selectRows } from '../query.js'
import { standing } from '../tables/set-aside.js'
import { currentTable, rowsTable } from '../tables/stream-table.js'
import { quoteIdentifier, quoteString } from '../types/identifiers.js'
import { expiredOf } from './expirations.js'

/** How a stream is written, as its source's file says. */
export type StreamMode = 'append' | 'append_dedup' | 'overwrite'

export interface OldRows {
  readonly key: StreamKey
  readonly generation: number
  readonly fold: number
  /** The moment, as an id of a load. */
  readonly beforeLoad: string
  readonly kind: 'whole loads' | 'replaced rows' | 'nothing visible'
  /** Accepted loads of the generation that are old; empty where none became so since the last time. Decimal text. */
  readonly loads: readonly string[]
  /** Those of them that became so since. */
  readonly newlyOld: readonly string[]
  /** Old loads that were never accepted, or stepped back from. */
  readonly voidLoads: readonly string[]
}

/** Undefined where nothing of the stream may be touched: it is being read anew into other tables, or has none. */
export async function findOldRows(
  warehouse: Warehouse,
  key: StreamKey,
  mode: StreamMode,
  beforeLoad: string,
): Promise<OldRows | undefined> {
  if ((await standing(warehouse, key)) !== 'own') return undefined
  const stream = { source: key.source, stream: key.stream }
  const current = await selectRow<{ generation: number; fold: number; tables: string }>(
    warehouse,
    `SELECT generation, fold,
       (SELECT count() FROM system.tables WHERE database = {source:String} AND name = concat({stream:String}, '__rows')) AS tables
     FROM tributary.current_generation(source = {source:String}, stream = {stream:String})`,
    stream,
  )
  if (current === undefined || current.generation === 0 || current.tables === '0') return undefined
  const { generation, fold } = current
  const kind = fold > 0 ? 'replaced rows' : mode === 'append' ? 'whole loads' : 'nothing visible'
  const { done } = await expiredOf(warehouse, key, generation)
  const accepted =
    kind === 'nothing visible'
      ? []
      : await selectRows<{ load: string }>(
          warehouse,
          `SELECT DISTINCT toString(load_id) AS load
           FROM tributary.valid_loads(source = {source:String}, stream = {stream:String})
           WHERE event = 'accepted' AND generation = {generation:UInt32} AND load_id < {beforeLoad:UInt64}
           ORDER BY load_id`,
          { ...stream, generation, beforeLoad },
        )
  const loads = accepted.map(({ load }) => load)
  const newlyOld = loads.filter((load) => BigInt(load) >= BigInt(done))
  const hidden = await selectRows<{ load: string }>(
    warehouse,
    `SELECT DISTINCT toString(load_id) AS load
     FROM tributary.hidden_loads(source = {source:String}, stream = {stream:String})
     WHERE load_id < {beforeLoad:UInt64} AND load_id NOT IN (SELECT load_id FROM tributary.undecided_loads)`,
    { ...stream, beforeLoad },
  )
  return {
    key,
    generation,
    fold,
    beforeLoad,
    kind,
    loads: newlyOld.length === 0 ? [] : loads,
    newlyOld,
    voidLoads: hidden.map(({ load }) => load),
  }
}

/** Condition on `<stream>__rows`: rows of these loads of the current generation. */
export const ofLoads = (generation: number, loads: readonly string[]): string =>
  `_generation = ${generation} AND _load_id IN (${loads.join(', ')})`

/** Helper columns; no column of a stream can be named so by a person's mistake. */
const PLACE = quoteIdentifier(':place')
const NEWEST = quoteIdentifier(':newest')

/**
 * SELECT of `_load_id` and `_ordinal` of the rows that newer ones among the old loads have replaced.
 * @param keys columns of the key
 */
export function replacedRows(old: OldRows, keys: readonly string[]): string {
  const { source, stream } = old.key
  const list = keys.map(quoteIdentifier)
  const versions = `SELECT load_id, any(epoch) AS epoch, any(sequence) AS sequence
    FROM tributary.valid_loads(source = ${quoteString(source)}, stream = ${quoteString(stream)})
    WHERE event = 'accepted' AND load_id IN (${old.loads.join(', ')}) GROUP BY load_id`
  return `SELECT _load_id, _ordinal FROM (
      SELECT old_rows._load_id AS _load_id, old_rows._ordinal AS _ordinal,
        row_number() OVER (PARTITION BY ${list.map((name) => `old_rows.${name}`).join(', ')}
          ORDER BY versions.epoch DESC, versions.sequence DESC, old_rows._ordinal DESC) AS ${PLACE}
      FROM (
        SELECT ${list.join(', ')}, _load_id, _ordinal FROM ${rowsTable(old.key)}
        WHERE ${ofLoads(old.generation, old.loads)} AND ${touched(old, list)}
      ) AS old_rows
      INNER JOIN (${versions}) AS versions ON old_rows._load_id = versions.load_id
    ) WHERE ${PLACE} > 1`
}

/** SELECT of key and `_version` of states that newer ones in the current table hide until the engine merges them away. */
export function hiddenStates(old: OldRows, keys: readonly string[]): string {
  const list = keys.map(quoteIdentifier)
  return `SELECT ${list.join(', ')}, _version FROM (
      SELECT ${list.join(', ')}, _version, max(_version) OVER (PARTITION BY ${list.join(', ')}) AS ${NEWEST}
      FROM ${currentTable(old.key)} WHERE _fold = ${old.fold} AND ${touched(old, list)}
    ) WHERE _version < ${NEWEST}`
}

/** Condition: the key is that of a load that has become old since. Only of such a key can a row be replaced by an old one now. */
function touched(old: OldRows, list: readonly string[]): string {
  const tuple = list.length === 1 ? list[0]! : `(${list.join(', ')})`
  return `${tuple} IN (SELECT ${list.join(', ')} FROM ${rowsTable(old.key)} WHERE ${ofLoads(old.generation, old.newlyOld)})`
}

/** The columns by which a keyed stream's rows replace each other. */
export async function keyColumns(warehouse: Warehouse, { source, stream }: StreamKey): Promise<string[]> {
  const rows = await selectRows<{ name: string }>(
    warehouse,
    `SELECT name FROM system.columns
     WHERE database = {source:String} AND table = concat({stream:String}, '__current') AND is_in_sorting_key
     ORDER BY position`,
    { source, stream },
  )
  return rows.map(({ name }) => name)
}
