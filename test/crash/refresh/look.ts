/** What people see of segments, read without the product's own readers, and whether the log tells the same story. */
import { setTimeout as sleep } from 'node:timers/promises'
import { profileOf } from '../../../profiles/people/dictionaries.js'
import type { Warehouse } from '../../../warehouse/client.js'
import { selectRow, selectRows } from '../../../warehouse/query.js'
import { readLedger } from '../oracle.js'
import type { Memberships, Person } from './expected.js'

/** The row that holds the members of each segment's newest version. */
const CURRENT = `SELECT segment, argMax(members, version) AS bitmap FROM cdp.segment_versions WHERE carries
  GROUP BY segment`

/** Members of every segment, each as the identifiers of the person. */
export async function readMemberships(warehouse: Warehouse): Promise<Memberships> {
  const rows = await selectRows<{ segment: string; text: string }>(
    warehouse,
    `SELECT segment, text FROM (
       SELECT segment, arrayJoin(bitmapToArray(bitmap)) AS member FROM (${CURRENT}) WHERE NOT startsWith(segment, '_')
     ) AS current
     LEFT JOIN (
       SELECT ${profileOf('node')} AS person, arrayStringConcat(arraySort(groupArray(concat(type, ':', value))), ' ') AS text
       FROM cdp.nodes
       WHERE node IN (
         SELECT node FROM cdp.events UNION DISTINCT SELECT node FROM cdp.trait_facts
         UNION DISTINCT SELECT node_a FROM cdp.links UNION DISTINCT SELECT node_b FROM cdp.links)
       GROUP BY person
     ) AS people ON people.person = current.member`,
  )
  const memberships = new Map<string, Set<Person>>()
  for (const { segment, text } of rows) {
    memberships.set(segment, (memberships.get(segment) ?? new Set()).add(text))
  }
  return memberships
}

export interface FactCounts {
  readonly events: number
  readonly people: number
}

export async function readCounts(warehouse: Warehouse): Promise<FactCounts> {
  const row = await selectRow<{ events: string; people: string }>(
    warehouse,
    `SELECT (SELECT count() FROM cdp.events) AS events,
      (SELECT bitmapCardinality(bitmap) FROM (${CURRENT}) WHERE segment = '_everyone') AS people`,
  )
  return { events: Number(row?.events), people: Number(row?.people) }
}

/**
 * Stories of the log that cannot be: who entered while in, or left while out, and who is in without the log saying so.
 * Within a version members first move with their people, then enter and leave.
 */
export async function findFalseEntries(warehouse: Warehouse): Promise<string[]> {
  const rows = await selectRows<{ story: string }>(
    warehouse,
    `WITH
      firsts AS (SELECT segment, argMin(members, version) AS bitmap FROM cdp.segment_versions WHERE carries GROUP BY segment),
      steps AS (
        SELECT segment, arrayJoin(bitmapToArray(bitmap)) AS profile, 'first' AS change, toUInt32(0) AS version FROM firsts
        UNION ALL SELECT segment, profile, change, version FROM cdp.membership_log
        UNION ALL SELECT segment, arrayJoin(bitmapToArray(bitmap)), 'now', 4294967295 FROM (${CURRENT})),
      stories AS (
        SELECT segment, profile, arrayMap(step -> step.3, arraySort(groupArray((version, change IN ('entered', 'left'), change)))) AS changes
        FROM steps GROUP BY segment, profile)
     SELECT concat(segment, ' p', toString(profile), ': ', arrayStringConcat(changes, ', ')) AS story FROM (
       SELECT *, arrayCumSum(arrayMap(change -> multiIf(
           change IN ('first', 'entered', 'moved_in'), 1, change = 'now', 0, -1), changes)) AS sums FROM stories)
     WHERE arrayExists(sum -> sum NOT IN (0, 1), sums) OR (arrayLast(sum -> 1, sums) = 1) != has(changes, 'now')`,
  )
  return rows.map(({ story }) => story)
}

export interface SegmentSightings {
  looks: number
  visibleEarly: number
  readonly examples: string[]
}

/**
 * Looks over and over until the signal: a version that shows must have been accepted, by the raw ledger; one that has been seen
 * never shows other members.
 */
export async function watchSegments(warehouse: Warehouse, signal: AbortSignal): Promise<SegmentSightings> {
  const sightings: SegmentSightings = { looks: 0, visibleEarly: 0, examples: [] }
  const seen = new Map<string, string>()
  while (!signal.aborted) {
    await look(warehouse, sightings, seen).catch(() => undefined)
    await sleep(60)
  }
  return sightings
}

async function look(
  warehouse: Warehouse,
  sightings: SegmentSightings,
  seen: Map<string, string>,
): Promise<void> {
  const rows = await selectRows<{ segment: string; version: number; load: string; members: string }>(
    warehouse,
    `SELECT segment, version, toString(any(_load_id)) AS load, toString(groupUniqArray(sipHash64(bitmapToArray(members)))) AS members
     FROM cdp.segment_versions GROUP BY segment, version`,
  )
  const { accepted } = await readLedger(warehouse, 'cdp', 'segments')
  const loads = new Set(accepted.map(({ load_id }) => load_id))
  sightings.looks += 1
  for (const { segment, version, load, members } of rows) {
    const key = `${segment} version ${version}`
    const before = seen.get(key) ?? members
    seen.set(key, before)
    const fault = !loads.has(load)
      ? 'was visible and not accepted'
      : before !== members
        ? 'changed after it had been seen'
        : undefined
    if (fault === undefined) continue
    sightings.visibleEarly += 1
    if (sightings.examples.length < 5) sightings.examples.push(`${key} ${fault}`)
  }
}
