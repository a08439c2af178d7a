/**
 * Computed traits: an aggregate of a person's events in a window that ends now. Counts, sums and distinct values of nothing
 * are 0 for everybody; the other aggregates of nothing are no value.
 */
import type { ComputedTrait } from '@tributary/schemas'
import { quoteString } from '../../warehouse/types/identifiers.js'
import { quotedProperty, VALUE_KINDS, type ValueKind } from '../facts/values.js'
import { NO_TIME, numberValue, VALUE, valueRows } from './trait-value.js'

/** The source of values that were computed from events. */
export const COMPUTED = 'computed'

type AggregateName = 'count' | KeysOf<Exclude<ComputedTrait['aggregate'], string>>
type KeysOf<Union> = Union extends unknown ? keyof Union : never

export interface ComputedSource {
  /** SQL: the events that count, with `profile`, `ts`, `row`, `mapping`, `message_id` and the columns asked for. */
  events(columns: string): string
  /** SQL: `profile` of everybody. */
  readonly everybody: string
  /** Names of the columns of events. */
  readonly columns: ReadonlySet<string>
}

/** The query of a computed trait: rows of `cdp.trait_values__rows` without load. */
export function computedTraitQuery(
  name: string,
  { aggregate }: ComputedTrait,
  source: ComputedSource,
): string {
  const [kind, property] = Object.entries(aggregate === 'count' ? { count: '' } : aggregate)[0]!
  const { of, ofNothing, winners } = AGGREGATES[kind as AggregateName]
  const value = valueColumns(property, source.columns)
  const events = source.events(`true AS happened, '${COMPUTED}' AS source, ${value}`)
  const nobody = `SELECT profile, ${NO_TIME} AS ts, toUInt64(0) AS row, '' AS mapping, '' AS message_id,
    false AS happened, '${COMPUTED}' AS source, ${valueColumns('', new Set())} FROM (${source.everybody})`
  const rows = ofNothing ? `${events} UNION ALL ${nobody}` : events
  const counting = `SELECT * FROM (${rows}) WHERE ${of}${ofNothing ? ' OR NOT happened' : ''}`
  return valueRows(
    `SELECT ${quoteString(name)} AS trait, profile, winner FROM (${winners(counting)}) WHERE isFinite(winner.3)`,
  )
}

interface AggregateQuery {
  /** SQL: the events that it is of. */
  readonly of: string
  /** Defined for people without such an event, too. */
  readonly ofNothing: boolean
  /** SQL: `profile, winner` out of those events. */
  winners(events: string): string
}

const NUMBERS = "kind = 'number'"
const SCALARS = "kind IN ('text', 'number', 'boolean', 'time')"
const ANY = "kind != 'null'"
const ORDER = `tuple(ts, row, toString(mapping), message_id, ${VALUE})`

const byPerson = (winner: string) => (events: string) =>
  `SELECT profile, ${winner} AS winner FROM (${events}) GROUP BY profile`

const numeric = (value: string, of: string, ofNothing: boolean): AggregateQuery => ({
  of,
  ofNothing,
  winners: byPerson(numberValue(`toFloat64(${value})`, `'${COMPUTED}'`, `maxIf(ts, ${of})`)),
})

const AGGREGATES: Readonly<Record<AggregateName, AggregateQuery>> = {
  count: numeric('countIf(happened)', 'happened', true),
  // Compensated, so that the order in which the engine adds does not show after rounding.
  sum: numeric(`round(sumKahanIf(number, ${NUMBERS}), 6)`, NUMBERS, true),
  avg: numeric('round(sumKahan(number) / count(), 6)', NUMBERS, false),
  min: numeric('min(number)', NUMBERS, false),
  max: numeric('max(number)', NUMBERS, false),
  unique: numeric(`uniqExactIf(tuple(kind, text, number + 0, boolean, time), ${SCALARS})`, SCALARS, true),
  first: { of: ANY, ofNothing: false, winners: byPerson(`argMin(${VALUE}, ${ORDER})`) },
  last: { of: ANY, ofNothing: false, winners: byPerson(`argMax(${VALUE}, ${ORDER})`) },
  most_frequent: {
    of: SCALARS,
    ofNothing: false,
    winners: (events) => {
      const values = `SELECT profile, count() AS times, argMax(${VALUE}, ${ORDER}) AS value
        FROM (SELECT * REPLACE (number + 0 AS number) FROM (${events}))
        GROUP BY profile, kind, text, number, boolean, time`
      const rank = "indexOf(['text', 'number', 'boolean', 'time'], value.1)"
      const least = `tuple(-toInt64(times), ${rank}, value.2, value.3, value.4, value.5)`
      return byPerson(`argMin(value, ${least})`)(values)
    },
  },
}

const PLAIN: Readonly<Record<ValueKind, string>> = {
  text: "''",
  number: 'toFloat64(0)',
  boolean: 'toUInt8(0)',
  time: NO_TIME,
  list: "CAST([], 'Array(String)')",
}

/** SQL: a property in the columns of a value; kind null where the event lacks it. */
function valueColumns(property: string, columns: ReadonlySet<string>): string {
  const known = VALUE_KINDS.filter((kind) => columns.has(`${kind}:${property}`))
  const column = (kind: ValueKind) => quotedProperty(kind, property)
  const has = (kind: ValueKind) =>
    kind === 'list' ? `notEmpty(${column(kind)})` : `${column(kind)} IS NOT NULL`
  const kinds = known.map((kind) => `${has(kind)}, '${kind}'`)
  const value = (kind: ValueKind) => {
    if (!known.includes(kind)) return PLAIN[kind]
    return kind === 'list' ? column(kind) : `ifNull(${column(kind)}, ${PLAIN[kind]})`
  }
  return [
    `${kinds.length === 0 ? "'null'" : `multiIf(${kinds.join(', ')}, 'null')`} AS kind`,
    ...VALUE_KINDS.map((kind) => `${value(kind)} AS ${kind}`),
  ].join(', ')
}
