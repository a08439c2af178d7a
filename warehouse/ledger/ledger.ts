/**
 * The ledger: which loads count. An attempt registers its load before the first byte; nothing it writes is visible until
 * the workflow that saw it end has it accepted. Every function here is one appended row (or one read) and may be repeated.
 */
import type { Warehouse } from '../client.js'
import { selectRow } from '../query.js'
import { nextEpoch } from './ids.js'

export interface StreamKey {
  readonly source: string
  readonly stream: string
}

/** A run's coordinates in a stream's ledger. */
export interface Position {
  readonly lane: string
  readonly epoch: string
  readonly base: number
  readonly sequence: number
  readonly generation: number
  /** 0: the stream keeps no current table. */
  readonly fold: number
  /** True while the generation that is written is not the one that people see. */
  readonly building: boolean
}

export interface OpenOptions extends StreamKey {
  readonly lane: string
  /** The stream keeps one row a key (append_dedup). */
  readonly keyed: boolean
  /** Write a new generation beside the current one: overwrite, reset. */
  readonly newGeneration: boolean
  /** Fold the current generation anew beside the current fold: rollback. @default false */
  readonly newFold?: boolean
}

export interface OpenedStream {
  readonly position: Position
  /** Nothing of this stream was ever seen: publish the generation before its first load. */
  readonly first: boolean
  /** State of the newest valid load of this lane and generation; undefined where there is none. */
  readonly state?: string
  readonly cursor?: string
}

interface LedgerHead {
  newest_epoch: string
  newest_sequence: number
  newest_generation: number
  newest_fold: number
  generation: number
  fold: number
  state: string
  cursor: string
}

/**
 * Finds where a new run of a stream starts. Reads only: the epoch takes effect with the run's first row in the ledger.
 * The stream's own workflow calls it once a run; there is one such workflow at a time.
 */
export async function openPosition(warehouse: Warehouse, options: OpenOptions): Promise<OpenedStream> {
  const head = await readHead(warehouse, options)
  const first = head.generation === 0 && !options.newGeneration
  const kindChanged = head.generation > 0 && head.fold > 0 !== options.keyed
  const building = options.newGeneration || kindChanged
  const position: Position = {
    lane: options.lane,
    epoch: nextEpoch(head.newest_epoch),
    base: head.newest_sequence,
    sequence: head.newest_sequence,
    generation: building || first ? head.newest_generation + 1 : head.generation,
    fold: !options.keyed ? 0 : building || first || options.newFold ? head.newest_fold + 1 : head.fold,
    building,
  }
  if (building || first || head.state === '') return { position, first }
  return { position, first, state: head.state, cursor: head.cursor }
}

async function readHead(warehouse: Warehouse, options: OpenOptions): Promise<LedgerHead> {
  const row = await selectRow<LedgerHead>(
    warehouse,
    `WITH
      valid AS (SELECT * FROM tributary.valid_loads(source = {source:String}, stream = {stream:String})),
      ledger AS (SELECT * FROM tributary.loads WHERE source = {source:String} AND stream = {stream:String}),
      (SELECT (argMax(generation, (epoch, sequence)), argMax(fold, (epoch, sequence)))
        FROM valid WHERE event = 'published' AND lane = 'live') AS current,
      (SELECT argMax((state, cursor), (epoch, sequence))
        FROM valid WHERE lane = {lane:String} AND generation = current.1) AS newest
    SELECT
      (SELECT max(epoch) FROM ledger) AS newest_epoch,
      (SELECT max(sequence) FROM valid WHERE lane = {lane:String}) AS newest_sequence,
      (SELECT max(generation) FROM ledger) AS newest_generation,
      (SELECT max(fold) FROM ledger) AS newest_fold,
      current.1 AS generation, current.2 AS fold, newest.1 AS state, newest.2 AS cursor`,
    { source: options.source, stream: options.stream, lane: options.lane },
  )
  if (row === undefined) throw new Error('reading the ledger: the query returned no row')
  return row
}

export interface LoadOrigin {
  readonly revision: string
  readonly runId: string
}

/** Registers a load, before its first byte: from now on its rows are hidden unless it is accepted. */
export async function registerLoad(
  warehouse: Warehouse,
  key: StreamKey,
  position: Position,
  loadId: string,
  origin: LoadOrigin,
): Promise<void> {
  await appendRow(warehouse, {
    ...coordinates(key, position, origin),
    event: 'started',
    sequence: position.sequence + 1,
    load_id: loadId,
  })
}

/** What a load brought, as the workflow saw it end. */
export interface EndedLoad {
  readonly loadId: string
  readonly sequence: number
  readonly rows: number
  readonly bytes: number
  readonly rejects: number
  readonly state?: string
  readonly cursor?: string
  readonly cursorTime?: string
}

/**
 * Accepts a load: its rows become visible, its state is the stream's. One row, one part: atomic. Every repetition writes
 * the same row.
 */
export async function acceptLoad(
  warehouse: Warehouse,
  key: StreamKey,
  position: Position,
  load: EndedLoad,
  origin: LoadOrigin,
): Promise<void> {
  await appendRow(warehouse, {
    ...coordinates(key, position, origin),
    event: 'accepted',
    sequence: load.sequence,
    load_id: load.loadId,
    rows: load.rows,
    bytes: load.bytes,
    rejects: load.rejects,
    state: load.state ?? '',
    cursor: load.cursor ?? '',
    cursor_time: load.cursorTime ?? null,
  })
}

/**
 * Makes the position's generation the one that people see, as one more step of its epoch. Call it only after the source
 * said that the read is complete and every load was accepted. Repeatable.
 */
export async function publishGeneration(
  warehouse: Warehouse,
  key: StreamKey,
  position: Position,
  state: { readonly state?: string; readonly cursor?: string },
  origin: LoadOrigin,
): Promise<void> {
  await appendRow(warehouse, {
    ...coordinates(key, position, origin),
    event: 'published',
    sequence: position.sequence + 1,
    state: state.state ?? '',
    cursor: state.cursor ?? '',
  })
}

/** Records that an accepted load is in the current table. Repeatable. */
export async function recordFold(
  warehouse: Warehouse,
  key: StreamKey,
  position: Position,
  load: { readonly loadId: string; readonly sequence: number },
  origin: LoadOrigin,
): Promise<void> {
  await appendRow(warehouse, {
    ...coordinates(key, position, origin),
    event: 'folded',
    sequence: load.sequence,
    load_id: load.loadId,
  })
}

function coordinates(key: StreamKey, position: Position, origin: LoadOrigin) {
  return {
    source: key.source,
    stream: key.stream,
    lane: position.lane,
    epoch: position.epoch,
    base: position.base,
    generation: position.generation,
    fold: position.fold,
    revision: origin.revision,
    run_id: origin.runId,
  }
}

async function appendRow(warehouse: Warehouse, row: Record<string, unknown>): Promise<void> {
  await warehouse.insert({
    table: 'tributary.loads',
    values: [row],
    columns: Object.keys(row) as [string, ...string[]],
    format: 'JSONEachRow',
    clickhouse_settings: { date_time_input_format: 'best_effort' },
  })
}
