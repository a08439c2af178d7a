/** Reads what is known of the members, some thousands at a time, however many there are. */
import type { JsonValue } from '@tributary/connector-sdk'
import { readSnapshot } from '../../profiles/facts/snapshot.js'
import { IS_CURRENT_VALUE, profileOf } from '../../profiles/people/dictionaries.js'
import { selectRows } from '../../warehouse/query.js'
import { quoteString } from '../../warehouse/types/identifiers.js'
import type { Members } from './members.js'
import type { PlanScratch } from './scratch.js'
import type { Person } from './values/evaluate.js'
import type { Need } from './values/reference.js'

/** People that one query reads: some have long lists. */
const PAGE_SIZE = 10_000
/** The row that everybody has, known or not. */
const NOBODYS_SLOT = 65_535

/** Values as text with the kind before them, as {@link decoded} takes them apart. */
const ENCODED_TRAIT = `multiIf(kind = 'number', concat('n', toString(number)), kind = 'boolean', concat('b', toString(boolean)),
  kind = 'time', concat('m', toString(toUnixTimestamp64Milli(time))), kind = 'list', concat('l', toJSONString(list)), concat('t', text))`

/** Gathers what is needed of the members who may be sent, by profile, so that pages are read in order. */
export async function gatherValues(
  scratch: PlanScratch,
  members: Members,
  needs: readonly Need[],
): Promise<string> {
  const table = await scratch.create(
    'values',
    'profile UInt32, slot UInt16, seen Int64, value String',
    '(profile, slot)',
  )
  const allowed = `SELECT profile FROM ${members.table} WHERE allowed`
  for (const rows of await valueRows(scratch.warehouse, needs, allowed))
    await scratch.run(`INSERT INTO ${table} ${rows}`)
  return table
}

/** What is needed of a few people, at once. In the order of their numbers. */
export async function readFewPeople(
  context: Pick<PlanScratch, 'warehouse' | 'signal'>,
  profiles: readonly number[],
  needs: readonly Need[],
): Promise<readonly Person[]> {
  if (profiles.length === 0) return []
  const rows = await valueRows(
    context.warehouse,
    needs,
    `SELECT arrayJoin([${profiles.join(', ')}]) AS profile`,
  )
  return readPage(context, `(${rows.join(' UNION ALL ')})`, needs, 0, MAX_PROFILE)
}

/** Of a UInt32. */
const MAX_PROFILE = 2 ** 32 - 1

/** SQL of the rows of some people: profile, the number of what is needed, when it was first seen, and the value, named so by the first. */
async function valueRows(
  warehouse: PlanScratch['warehouse'],
  needs: readonly Need[],
  people: string,
): Promise<readonly string[]> {
  const rows = [
    `SELECT toUInt32(profile) AS profile, toUInt16(${NOBODYS_SLOT}) AS slot, toInt64(0) AS seen, '' AS value FROM (${people})`,
  ]
  const types = slots(needs, (need) => (need.is === 'identifier' ? need.type : undefined))
  if (types !== undefined) {
    const { loads } = await readSnapshot(warehouse)
    rows.push(
      `SELECT ${profileOf('node')} AS profile, ${types.slot('type')}, toUnixTimestamp64Milli(first_seen), concat('t', value)
       FROM cdp.nodes__rows WHERE ${loads} AND type IN (${types.names}) AND profile IN (${people})`,
    )
  }
  const traits = slots(needs, (need) => (need.is === 'trait' ? need.name : undefined))
  if (traits !== undefined) {
    rows.push(
      `SELECT profile, ${traits.slot('trait')}, toInt64(0), ${ENCODED_TRAIT}
       FROM cdp.trait_values__rows
       WHERE ${IS_CURRENT_VALUE} AND trait IN (${traits.names}) AND kind != 'null' AND profile IN (${people})`,
    )
  }
  return rows
}

interface Slots {
  readonly names: string
  slot(column: string): string
}

function slots(needs: readonly Need[], nameOf: (need: Need) => string | undefined): Slots | undefined {
  const numbered = needs.flatMap((need, slot) => {
    const name = nameOf(need)
    return name === undefined ? [] : [{ name: quoteString(name), slot }]
  })
  if (numbered.length === 0) return undefined
  const names = numbered.map(({ name }) => name).join(', ')
  const places = numbered.map(({ slot }) => slot).join(', ')
  return { names, slot: (column) => `CAST([${places}] AS Array(UInt16))[indexOf([${names}], ${column})]` }
}

/** Everybody who may be sent, by the number of the profile. */
export async function* readPeople(
  scratch: PlanScratch,
  members: Members,
  values: string,
  needs: readonly Need[],
): AsyncGenerator<readonly Person[]> {
  const ends = await pageEnds(scratch, members)
  let next = ends.length === 0 ? undefined : readPage(scratch, values, needs, 0, ends[0]!)
  for (let page = 0; next !== undefined; page++) {
    const people = await next
    // The engine reads the next page while this one is worked on.
    next =
      page + 1 < ends.length ? readPage(scratch, values, needs, ends[page]! + 1, ends[page + 1]!) : undefined
    next?.catch(() => undefined)
    yield people
  }
}

/** The last profile of each page. */
async function pageEnds({ warehouse, signal }: PlanScratch, { table }: Members): Promise<readonly number[]> {
  const rows = await selectRows<{ profile: number }>(
    warehouse,
    `SELECT max(profile) AS profile
     FROM (SELECT profile, row_number() OVER (ORDER BY profile) AS place FROM ${table} WHERE allowed)
     GROUP BY intDiv(place - 1, ${PAGE_SIZE}) ORDER BY profile`,
    {},
    signal,
  )
  return rows.map(({ profile }) => profile)
}

async function readPage(
  { warehouse, signal }: Pick<PlanScratch, 'warehouse' | 'signal'>,
  values: string,
  needs: readonly Need[],
  from: number,
  to: number,
): Promise<readonly Person[]> {
  // Of several identifiers the one first seen last speaks, and of those the least text.
  const columns = needs.map(({ is }, slot) =>
    is === 'trait' ? `anyIf(value, slot = ${slot})` : `argMinIf(value, (-seen, value), slot = ${slot})`,
  )
  const result = await warehouse.query({
    query: `SELECT ${['profile', ...columns].join(', ')} FROM ${values}
      WHERE profile BETWEEN {from:UInt32} AND {to:UInt32} GROUP BY profile ORDER BY profile`,
    query_params: { from, to },
    format: 'JSONCompact',
    abort_signal: signal,
  })
  const { data } = await result.json<[number, ...string[]]>()
  return data.map(([profile, ...texts]) => ({ profile, values: texts.map(decoded) }))
}

function decoded(text: string): JsonValue {
  const rest = text.slice(1)
  switch (text[0]) {
    case 't':
      return rest
    case 'n': {
      const number = Number(rest)
      return Number.isFinite(number) ? number : null
    }
    case 'b':
      return rest === '1'
    case 'm':
      return new Date(Number(rest)).toISOString()
    case 'l':
      return JSON.parse(rest) as string[]
    default:
      return null
  }
}
