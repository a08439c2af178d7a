/**
 * How far the facts reach, and what came since: later steps keep the position that they have seen, and look at the loads
 * accepted after it. Never by time: a late row is news because its load is.
 */
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import { factNodes } from './nodes.js'

/** The newest accepted load by derived stream (`mapping/orders`, `identity`, `traits`, …). */
export type DerivedPosition = Readonly<
  Record<string, { readonly generation: number; readonly sequence: number }>
>

export interface News {
  /** Loads accepted since, decimal text. */
  readonly loadIds: readonly string[]
  /** A stream was rebuilt or is gone: what is new cannot be told from what was there; start from all facts. */
  readonly rebuilt: boolean
  /** Where the news end. */
  readonly position: DerivedPosition
}

/** What was accepted after a position in the derived streams whose name begins so; current generations only. */
export async function newsSince(warehouse: Warehouse, prefix: string, since: DerivedPosition): Promise<News> {
  const rows = await selectRows<{ stream: string; generation: number; sequence: number; loads: string[] }>(
    warehouse,
    `SELECT stream, generation, max(loads.sequence) AS sequence,
       arraySort(groupUniqArrayIf((loads.sequence, toString(load_id)), loads.sequence > {seen:Map(String, UInt64)}[stream])).2 AS loads
     FROM tributary.valid_loads_of(source = 'cdp') AS loads
     WHERE event = 'accepted' AND startsWith(stream, {prefix:String})
       AND (stream, generation) IN (SELECT stream, generation FROM cdp.current_generations)
     GROUP BY stream, generation ORDER BY stream`,
    { prefix, seen: new Map(Object.entries(since).map(([stream, { sequence }]) => [stream, sequence])) },
  )
  const position = Object.fromEntries(
    rows.map(({ stream, generation, sequence }) => [stream, { generation, sequence }]),
  )
  const rebuilt = Object.entries(since).some(
    ([stream, { generation }]) => position[stream]?.generation !== generation,
  )
  return { loadIds: rows.flatMap(({ loads }) => loads), rebuilt, position }
}

/** SQL: `node` of everybody about whom these mapping loads say something that holds. */
export function statedNodes(loadIds: readonly string[]): string {
  if (loadIds.length === 0) return NO_NODE
  return factNodes(() => `_load_id IN (${loadIds.join(', ')})`).join(' UNION DISTINCT ')
}

/** SQL: `node` of everybody of whom these mapping loads take something back. */
export function retractedNodes(loadIds: readonly string[]): string {
  if (loadIds.length === 0) return NO_NODE
  return `SELECT node FROM cdp.retracted__rows WHERE _load_id IN (${loadIds.join(', ')})`
}

const NO_NODE = 'SELECT toUInt32(0) AS node WHERE 0'
