/** The lapsed customers of value as the files have them, and what the grocer's tools hold of them. */
import pg from 'pg'
import { formatCount } from '../format.js'
import type { Check } from './checks.js'
import type { Refreshed } from './refresh.js'
import type { Stage } from './stage.js'

export interface Lapsed {
  /** Spent in all, whole cents, by household. */
  readonly households: ReadonlyMap<string, number>
  /** Those who agreed to marketing and left an address. */
  readonly reachable: ReadonlySet<string>
}

export function expectedLapsed({ expected, records }: Refreshed): Lapsed {
  const households = new Map([...expected.segments['lapsed-high-value']!].map((name) => [name, 0]))
  for (const { household, cents } of records.lines) {
    const spent = households.get(household)
    if (spent !== undefined) households.set(household, spent + cents)
  }
  return { households, reachable: expected.winbackCandidates }
}

/** One recipient for each of the reachable, with what the household spent. */
export function mailsCheck(when: string, { systems }: Pick<Stage, 'systems'>, lapsed: Lapsed): Check {
  const found = new Map(
    [...systems.mailer.recipients.values()].map(({ household, spent }) => [String(household), cents(spent)]),
  )
  const wanted = new Map([...lapsed.households].filter(([household]) => lapsed.reachable.has(household)))
  return sameSums(`mailing tool: ${when}`, found, systems.mailer.recipients.size, wanted)
}

/** A row for each of the lapsed. */
export async function callsCheck(
  when: string,
  { systems }: Pick<Stage, 'systems'>,
  { households }: Lapsed,
): Promise<Check> {
  const client = new pg.Client(systems.office)
  await client.connect()
  try {
    const { rows } = await client.query<{ household_id: string; spent: string }>(
      'select household_id, spent from calls',
    )
    const found = new Map(rows.map(({ household_id, spent }) => [household_id, cents(spent)]))
    return sameSums(`office: ${when}`, found, rows.length, households)
  } finally {
    await client.end()
  }
}

const cents = (amount: unknown): number => Math.round(Number(amount) * 100)

function sameSums(
  name: string,
  found: ReadonlyMap<string, number>,
  records: number,
  wanted: ReadonlyMap<string, number>,
): Check {
  const wrong = [...new Set([...found.keys(), ...wanted.keys()])].filter(
    (household) => found.get(household) !== wanted.get(household),
  )
  const ok = wrong.length === 0 && records === wanted.size
  const words = `${formatCount(records)} households`
  return {
    name,
    ok,
    detail: ok
      ? words
      : `${words} instead of ${formatCount(wanted.size)}; wrong: ${wrong.slice(0, 5).join(', ')}`,
  }
}
