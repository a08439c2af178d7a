/** What a person did, newest first, in pages however much there is. */
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import type { FactsSnapshot } from '../facts/snapshot.js'
import { VALUE_KINDS } from '../facts/values.js'
import type { ShownValue } from './shown-value.js'

export interface ShownEvent {
  readonly event: string
  /** ISO 8601 in UTC. */
  readonly at: string
  readonly source: string
  readonly message_id: string
  readonly properties: Readonly<Record<string, ShownValue>>
}

export interface TimelineOptions {
  readonly limit: number
  /** The `next` of the page before. @default the newest */
  readonly cursor?: string
  /** Only events of this name. */
  readonly event?: string
  readonly signal?: AbortSignal
}

export interface Timeline {
  readonly events: readonly ShownEvent[]
  /** Names the page after this one; absent where there is none. */
  readonly next?: string
}

/** The text is no cursor of a timeline. */
export class CursorInvalid extends Error {
  override readonly name = 'CursorInvalid'
}

/**
 * Events of these nodes. A page begins where the one before ended, also where events came meanwhile.
 * @throws CursorInvalid
 */
export async function readTimeline(
  warehouse: Warehouse,
  { facts }: FactsSnapshot,
  nodes: readonly number[],
  { limit, cursor, event, signal }: TimelineOptions,
): Promise<Timeline> {
  const after = cursor === undefined ? undefined : parseCursor(cursor)
  const conditions = [
    facts,
    'node IN {nodes:Array(UInt32)}',
    ...(event === undefined ? [] : ['event = {event:String}']),
    // The bound on the time alone lets the engine leave out what is newer.
    ...(after === undefined
      ? []
      : [
          `ts <= fromUnixTimestamp64Milli({ts:Int64}) AND (${PLACE}) < ({ts:Int64}, {row:UInt64}, {tie:UInt64})`,
        ]),
  ]
  const rows = await selectRows<Record<string, unknown> & Place>(
    warehouse,
    `SELECT *, ${PLACE_COLUMNS} FROM cdp.events__rows WHERE ${conditions.join(' AND ')}
     ORDER BY (${PLACE}) DESC LIMIT {limit:UInt32} SETTINGS date_time_output_format = 'iso'`,
    { nodes, limit: limit + 1, event, ...after },
    signal,
  )
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    events: rows.slice(0, limit).map((row) => ({
      event: String(row.event),
      at: String(row.ts),
      source: String(row.source),
      message_id: String(row.message_id),
      properties: propertiesOf(row),
    })),
    ...(last && { next: renderCursor(last) }),
  }
}

/** SQL: what no two events share: a row of a stream may tell of several at one time. */
const TIE = 'cityHash64(mapping, event, message_id)'
const PLACE = `toUnixTimestamp64Milli(ts), row, ${TIE}`
const PLACE_COLUMNS = `toString(toUnixTimestamp64Milli(ts)) AS _ts, toString(row) AS _row, toString(${TIE}) AS _tie`

interface Place {
  readonly _ts: string
  readonly _row: string
  readonly _tie: string
}

const renderCursor = ({ _ts, _row, _tie }: Place): string => `${_ts}.${_row}.${_tie}`

function parseCursor(cursor: string): { readonly ts: string; readonly row: string; readonly tie: string } {
  const found = /^(-?\d{1,15})\.(\d{1,20})\.(\d{1,20})$/.exec(cursor)
  if (!found) {
    throw new CursorInvalid('reading events: this is no place in a timeline; begin with the newest ones')
  }
  return { ts: found[1]!, row: found[2]!, tie: found[3]! }
}

/** Properties by name, out of one column for each kind; an empty list is no value. */
function propertiesOf(row: Readonly<Record<string, unknown>>): Record<string, ShownValue> {
  const properties = Object.entries(row).flatMap(([column, value]): [string, ShownValue][] => {
    const [kind] = column.split(':', 1)
    const isProperty = VALUE_KINDS.some((known) => known === kind) && column.includes(':')
    if (!isProperty || value === null || (Array.isArray(value) && value.length === 0)) return []
    return [[column.slice(kind!.length + 1), value as ShownValue]]
  })
  return Object.fromEntries(properties.sort(([a], [b]) => (a < b ? -1 : 1)))
}
