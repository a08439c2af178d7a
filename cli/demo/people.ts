/** What people see of people: everybody and every segment's members by the names that the grocer has for them. */
import { selectRows } from './rows.js'
import type { Stage } from './stage.js'

type Asking = Pick<Stage, 'context'>

export interface FoundPeople {
  readonly people: ReadonlySet<string>
  readonly segments: ReadonlyMap<string, ReadonlySet<string>>
  /** Names of those on whom a lot with the seed `winback` and a share of one half falls. */
  readonly drawn: ReadonlySet<string>
  /** Where the membership log ends. */
  readonly version: number
}

export interface MembershipChange {
  readonly segment: string
  readonly name: string
  readonly change: 'entered' | 'left'
}

/** A household's number, or the member's where no household is known. Whoever has neither is named by the id, which nobody expects. */
const NAMES = `SELECT dictGetOrDefault('cdp.profile_of', 'profile', toUInt64(node), toUInt32(node)) AS profile,
    multiIf(maxIf(value, type = 'household_id') != '', maxIf(value, type = 'household_id'),
      maxIf(value, type = 'member_id') != '', maxIf(value, type = 'member_id'), concat('p', toString(profile))) AS name
  FROM cdp.nodes GROUP BY profile`

/** Reads the newest published version of everything. */
export async function findPeople(asking: Asking): Promise<FoundPeople> {
  const rows = await selectRows<{
    segment: string
    names: readonly string[]
    drawn: readonly string[]
    version: number
  }>(
    asking,
    `SELECT segment, max(newest) AS version, groupArray(name) AS names,
       groupArrayIf(name, murmurHash3_32(concat('winback:', toString(profile))) % 10000 < 5000) AS drawn
     FROM (
       SELECT segment, newest, arrayJoin(bitmapToArray(members)) AS profile FROM cdp.segment_versions
       INNER JOIN (
         SELECT segment, maxIf(versions.version, carries) AS carrying, max(versions.version) AS newest
         FROM cdp.segment_versions AS versions GROUP BY segment
       ) AS ends USING (segment)
       WHERE version = carrying
     ) AS members INNER JOIN (${NAMES}) AS names USING (profile)
     GROUP BY segment`,
  )
  const everybody = rows.find(({ segment }) => segment === EVERYBODY)
  return {
    people: new Set(everybody?.names),
    segments: new Map(
      rows
        .filter(({ segment }) => segment !== EVERYBODY)
        .map(({ segment, names }) => [segment, new Set(names)]),
    ),
    drawn: new Set(everybody?.drawn),
    version: Math.max(0, ...rows.map(({ version }) => version)),
  }
}

/** As the refresh itself keeps it. */
const EVERYBODY = '_everyone'

/** Who came and went after a version, however many refreshes that took: whoever came and went again did neither. */
export async function changesSince(asking: Asking, version: number): Promise<readonly MembershipChange[]> {
  const rows = await selectRows<{ segment: string; name: string; balance: string | number }>(
    asking,
    `SELECT segment, name, sum(if(change IN ('entered', 'moved_in'), 1, -1)) AS balance
     FROM cdp.membership_log INNER JOIN (${NAMES}) AS names USING (profile)
     WHERE version > ${version} AND NOT startsWith(segment, '_')
     GROUP BY segment, name HAVING balance != 0`,
  )
  return rows.map(({ segment, name, balance }) => ({
    segment,
    name,
    change: Number(balance) > 0 ? 'entered' : 'left',
  }))
}
