/** What events and traits were seen to hold: how many there are, and the most frequent values, for whoever builds conditions. */
import type { Warehouse } from '../../warehouse/client.js'
import { isoTime } from '../../warehouse/iso-time.js'
import { selectRows } from '../../warehouse/query.js'
import { IS_CURRENT_VALUE } from '../people/dictionaries.js'
import type { FactsSnapshot } from './snapshot.js'
import { quotedProperty, type ValueKind } from './values.js'

/** How many events there are of each name. Reads columns that are nearly constant, so many millions take little. */
export async function countEvents(
  warehouse: Warehouse,
  { facts }: FactsSnapshot,
): Promise<ReadonlyMap<string, number>> {
  const rows = await selectRows<{ event: string; count: string }>(
    warehouse,
    `SELECT event, count() AS count FROM cdp.events__rows WHERE ${facts} GROUP BY event ORDER BY event`,
  )
  return new Map(rows.map(({ event, count }) => [event, Number(count)]))
}

export interface SeenValue {
  /** As JSON has it; times as ISO 8601, of lists one of their texts. */
  readonly value: string | number | boolean
  /** Of the events, or of the people, that were looked at. */
  readonly count: number
}

export interface SeenValuesOptions {
  /** Text that values contain, whatever its case. @default any */
  readonly search?: string
  /** @default 20 */
  readonly limit?: number
  readonly signal?: AbortSignal
}

/** Values are read of so many events at most: enough to know what is frequent. */
const MAX_EVENTS = 1_000_000

/** The most frequent values of a property, by kind, of the events that were written last. */
export async function readPropertyValues(
  warehouse: Warehouse,
  { facts }: FactsSnapshot,
  of: { readonly event: string; readonly property: string; readonly kind: ValueKind },
  options: SeenValuesOptions = {},
): Promise<readonly SeenValue[]> {
  const column = quotedProperty(of.kind, of.property)
  const present = of.kind === 'list' ? `notEmpty(${column})` : `isNotNull(${column})`
  const value = of.kind === 'list' ? `arrayJoin(${column})` : `assumeNotNull(${column})`
  return countValues(
    warehouse,
    `SELECT ${value} AS value FROM cdp.events__rows
     WHERE event = {event:String} AND ${facts} AND ${present} LIMIT ${MAX_EVENTS}`,
    of.kind,
    { event: of.event },
    options,
  )
}

/** The most frequent values of a trait, by kind, among people as they are. */
export async function readTraitValues(
  warehouse: Warehouse,
  { trait, kind }: { readonly trait: string; readonly kind: ValueKind },
  options: SeenValuesOptions = {},
): Promise<readonly SeenValue[]> {
  const column = kind === 'list' ? 'arrayJoin(list)' : kind
  return countValues(
    warehouse,
    `SELECT ${column} AS value FROM cdp.trait_values__rows
     WHERE trait = {trait:String} AND kind = '${kind}' AND ${IS_CURRENT_VALUE}`,
    kind,
    { trait },
    options,
  )
}

async function countValues(
  warehouse: Warehouse,
  values: string,
  kind: ValueKind,
  params: Readonly<Record<string, string>>,
  { search = '', limit = 20, signal }: SeenValuesOptions,
): Promise<readonly SeenValue[]> {
  const shown = kind === 'time' ? isoTime('value') : 'toString(value)'
  const among = search === '' ? '' : `WHERE positionCaseInsensitiveUTF8(${shown}, {search:String}) > 0`
  const rows = await selectRows<{ shown: string; count: string }>(
    warehouse,
    `SELECT ${shown} AS shown, count() AS count FROM (${values}) ${among}
     GROUP BY value ORDER BY count DESC, value LIMIT {limit:UInt32}`,
    { ...params, search, limit },
    signal,
  )
  return rows.map((row) => ({ value: readShown(kind, row.shown), count: Number(row.count) }))
}

function readShown(kind: ValueKind, shown: string): SeenValue['value'] {
  if (kind === 'number') return Number(shown)
  return kind === 'boolean' ? shown === '1' || shown === 'true' : shown
}
