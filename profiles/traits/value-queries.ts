/** The values of traits, as SQL: mapped ones by their rule, computed ones from events; of everybody, or of some people. */
import type { TraitsFile } from '@tributary/schemas'
import type { ProfileOf } from '../people/dictionaries.js'
import { timeLiteral } from '../time/sql-time.js'
import { computedTraitQuery } from './computed-traits.js'
import { goldenRecordQueries } from './golden-record.js'
import { type EventsRead, eventsOf } from './read-events.js'

/** So many people are aggregated at a time, whatever their number: a query's memory is bounded. */
export const PEOPLE_AT_ONCE = 2_000_000

export interface ValuesQuestion {
  readonly traits: TraitsFile
  readonly reading: EventsRead
  readonly now: Date
  /** SQL: SELECT of `profile`, of the people who exist; a condition can be added to it. */
  readonly people: string
  readonly profileOf: ProfileOf
  /** SQL: SELECT of nodes, the only ones whose facts are read. @default all */
  readonly nodes?: string
  /** SQL condition on `profile`: a part of the people. @default all */
  readonly slice?: string
}

/** Queries that together give every trait of every one of these people once: rows of `cdp.trait_values__rows` without load. */
export function valueQueries({
  traits,
  reading,
  now,
  people,
  profileOf,
  nodes,
  slice = '1',
}: ValuesQuestion): readonly string[] {
  // First, so that of nobody else's rows anything but the node is looked at.
  const among = nodes === undefined ? '' : `PREWHERE node IN (${nodes})`
  const statements = (condition: string) =>
    `SELECT trait, ${profileOf('node')} AS profile, kind, text, number, boolean, time, list, source, ts, received_at, row, mapping
    FROM cdp.trait_facts__rows ${among} WHERE ${reading.facts} AND ${condition} AND ts < ${timeLiteral(now)} AND ${slice}`
  const computed = Object.entries(traits.computed ?? {}).map(([name, trait]) =>
    computedTraitQuery(name, trait, {
      columns: reading.columns,
      everybody: `${people} AND ${slice}`,
      events: (columns) =>
        `SELECT ${profileOf('node')} AS profile, ts, row, mapping, message_id, ${columns}
        FROM cdp.events__rows ${among} WHERE ${eventsOf(trait, now, reading)} AND ${slice}`,
    }),
  )
  return [...goldenRecordQueries(traits, statements), ...computed]
}
