/** Reads one person's facts, as far as a definition looks at them. */
import type { Warehouse } from '../../../warehouse/client.js'
import { selectRows } from '../../../warehouse/query.js'
import { readSnapshot } from '../../facts/snapshot.js'
import { VALUE_KINDS, type ValueKind } from '../../facts/values.js'
import { IS_CURRENT_VALUE } from '../../people/dictionaries.js'
import { allSources } from '../compile/sources.js'
import type { PersonEvent, PersonFacts, PersonTrait, Value } from './person.js'

/** More events of one person are nobody's: a shared device, a test account. */
const MAX_EVENTS = 200_000

/** The person has more events than can be looked at one by one. */
export class PersonTooLarge extends Error {
  override readonly name = 'PersonTooLarge'
}

/**
 * @param profile the least node of the person
 * @param events names of the events to read
 * @throws PersonTooLarge
 */
export async function loadPerson(
  warehouse: Warehouse,
  profile: number,
  events: readonly string[],
): Promise<PersonFacts> {
  const snapshot = await readSnapshot(warehouse)
  const params = { profile, events: [...events] }
  const own = `(SELECT toUInt32(node) FROM dictionary('cdp.profile_of') WHERE profile = {profile:UInt32}
    UNION ALL SELECT {profile:UInt32})`
  const { nodes, lists } = allSources(snapshot)
  const [rows, traits, identifiers, listed] = await Promise.all([
    selectRows<EventRow>(
      warehouse,
      `SELECT *, toUnixTimestamp64Milli(ts) AS ms FROM cdp.events__rows
       WHERE ${snapshot.facts} AND event IN {events:Array(String)} AND node IN ${own}
       ORDER BY ts, row LIMIT ${MAX_EVENTS + 1}`,
      params,
    ),
    selectRows<TraitRow>(
      warehouse,
      `SELECT trait, kind, text, number, boolean = 1 AS boolean, toString(toUnixTimestamp64Milli(time)) AS time, list,
         source, toUnixTimestamp64Milli(at) AS ms
       FROM cdp.trait_values__rows WHERE ${IS_CURRENT_VALUE} AND profile = {profile:UInt32} AND kind != 'null'`,
      params,
    ),
    selectRows<{ type: string; value: string }>(
      warehouse,
      `SELECT type, value FROM ${nodes} WHERE profile = {profile:UInt32} ORDER BY type, value`,
      params,
    ),
    selectRows<{ list: string }>(
      warehouse,
      `SELECT DISTINCT list FROM ${lists} WHERE profile = {profile:UInt32}`,
      params,
    ),
  ])
  if (rows.length > MAX_EVENTS) {
    throw new PersonTooLarge(`reading p${profile}: more than ${MAX_EVENTS} events; look at its identifiers`)
  }
  return {
    profile,
    events: rows.map(eventOf),
    traits: new Map(traits.map((row) => [row.trait, traitOf(row)])),
    identifiers,
    lists: new Set(listed.map(({ list }) => list)),
  }
}

type EventRow = Readonly<Record<string, unknown>> & {
  readonly event: string
  readonly ms: string
  readonly row: string
}

function eventOf(row: EventRow): PersonEvent {
  const properties = Object.entries(row).flatMap(([column, value]): [string, Value][] => {
    const kind = VALUE_KINDS.find((known) => column.startsWith(`${known}:`))
    if (kind === undefined || value === null || (kind === 'list' && (value as unknown[]).length === 0))
      return []
    return [[column.slice(kind.length + 1), kind === 'time' ? utc(String(value)) : (value as Value)]]
  })
  return {
    event: row.event,
    ts: new Date(Number(row.ms)),
    row: BigInt(row.row),
    properties: new Map(properties),
  }
}

/** `2026-01-31 08:30:00.000`, as the engine writes times of UTC. */
const utc = (text: string) => new Date(`${text.replace(' ', 'T')}Z`)

type TraitRow = Readonly<Record<Exclude<ValueKind, 'time'>, Value>> & {
  readonly trait: string
  readonly kind: ValueKind
  readonly time: string
  readonly source: string
  readonly ms: string
}

function traitOf(row: TraitRow): PersonTrait {
  const plain = row.kind === 'time' ? new Date(Number(row.time)) : row[row.kind]
  const value = row.kind === 'boolean' ? Boolean(plain) : plain
  return { value, source: row.source, at: new Date(Number(row.ms)) }
}
