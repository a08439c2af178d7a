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
  await scratch.run(`INSERT INTO ${table} SELECT profile, ${NOBODYS_SLOT}, 0, '' FROM (${allowed})`)
  const types = slots(needs, (need) => (need.is === 'identifier' ? need.type : undefined))
  if (types !== undefined) {
    const { loads } = await readSnapshot(scratch.warehouse)
    await scratch.run(
      `INSERT INTO ${table}
       SELECT ${profileOf('node')} AS profile, ${types.slot('type')}, toUnixTimestamp64Milli(first_seen), concat('t', value)
       FROM cdp.nodes__rows WHERE ${loads} AND type IN (${types.names}) AND profile IN (${allowed})`,
    )
  }
  const traits = slots(needs, (need) => (need.is === 'trait' ? need.name : undefined))
  if (traits !== undefined) {
    await scratch.run(
      `INSERT INTO ${table} SELECT profile, ${traits.slot('trait')}, 0, ${ENCODED_TRAIT}
       FROM cdp.trait_values__rows
       WHERE ${IS_CURRENT_VALUE} AND trait IN (${traits.names}) AND kind != 'null' AND profile IN (${allowed})`,
    )
  }
  return table
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
  { warehouse, signal }: PlanScratch,
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
