/** State as the ledger tells it: where each stream stands, how it got there, and going back. */
import type { Warehouse } from '../client.js'
import { selectRow, selectRows } from '../query.js'
import type { StreamKey } from './ledger.js'

export interface StateRow {
  readonly stream: string
  readonly generation: number
  readonly sequence: number
  readonly loadId: string
  readonly cursor: string
  /** Rows accepted in this generation. */
  readonly rows: number
  /** ISO 8601. */
  readonly committedAt: string
}

/** The newest valid position of every stream of a source, by name. */
export async function showState(warehouse: Warehouse, source: string): Promise<StateRow[]> {
  const streams = await selectRows<{ stream: string }>(
    warehouse,
    'SELECT DISTINCT stream FROM tributary.loads WHERE source = {source:String} ORDER BY stream',
    { source },
  )
  const rows = await Promise.all(streams.map(({ stream }) => streamState(warehouse, { source, stream })))
  return rows.filter((row) => row !== undefined)
}

interface NewestStep {
  current_generation: number
  newest_sequence: number
  newest_load: string
  newest_cursor: string
  total_rows: string
  committed_at: string
}

async function streamState(warehouse: Warehouse, key: StreamKey): Promise<StateRow | undefined> {
  const row = await selectRow<NewestStep>(
    warehouse,
    `WITH
      valid AS (
        SELECT lane, event, epoch, sequence, generation, load_id, any(cursor) AS cursor, any(rows) AS rows,
          min(at) AS committed
        FROM tributary.valid_loads(source = {source:String}, stream = {stream:String})
        GROUP BY lane, event, epoch, sequence, generation, load_id),
      (SELECT argMax(generation, (epoch, sequence)) FROM valid WHERE event = 'published' AND lane = 'live') AS current
     SELECT
       current AS current_generation,
       argMaxIf(sequence, (epoch, sequence), lane = 'live') AS newest_sequence,
       argMaxIf(load_id, (epoch, sequence), lane = 'live' AND event = 'accepted') AS newest_load,
       argMaxIf(cursor, (epoch, sequence), lane = 'live') AS newest_cursor,
       sumIf(rows, event = 'accepted') AS total_rows,
       formatDateTime(max(committed), '%Y-%m-%dT%H:%i:%S.%fZ') AS committed_at
     FROM valid WHERE generation = current HAVING count() > 0`,
    { ...key },
  )
  return (
    row && {
      stream: key.stream,
      generation: row.current_generation,
      sequence: row.newest_sequence,
      loadId: row.newest_load,
      cursor: row.newest_cursor,
      rows: Number(row.total_rows),
      committedAt: row.committed_at,
    }
  )
}

/** One step of a stream's history. */
export interface StateStep {
  readonly sequence: number
  readonly event: 'accepted' | 'published'
  readonly generation: number
  readonly loadId: string
  readonly cursor: string
  readonly state: string
  readonly rows: number
  readonly at: string
}

/** The valid steps of the live lane, newest first. */
export async function stateHistory(warehouse: Warehouse, key: StreamKey, limit = 100): Promise<StateStep[]> {
  const rows = await selectRows<Omit<StateStep, 'rows'> & { rows: string }>(
    warehouse,
    `SELECT steps.sequence AS sequence, any(steps.event) AS event, any(steps.generation) AS generation,
       toString(any(steps.load_id)) AS loadId, any(steps.cursor) AS cursor, any(steps.state) AS state,
       any(steps.rows) AS rows, formatDateTime(min(steps.at), '%Y-%m-%dT%H:%i:%S.%fZ') AS at
     FROM (SELECT * FROM tributary.valid_loads(source = {source:String}, stream = {stream:String})
       WHERE lane = 'live') AS steps
     GROUP BY steps.epoch, steps.sequence ORDER BY steps.epoch DESC, steps.sequence DESC LIMIT {limit:UInt32}`,
    { ...key, limit },
  )
  return rows.map((row) => ({ ...row, rows: Number(row.rows) }))
}
