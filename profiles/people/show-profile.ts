/** All that is known of one person, read as one answer: who it is, what holds of them, where they belong and what they did. */
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow, selectRows } from '../../warehouse/query.js'
import { nodesWithFacts } from '../facts/nodes.js'
import { type FactsSnapshot, readSnapshot } from '../facts/snapshot.js'
import { IS_CURRENT_VALUE, profileOf } from './dictionaries.js'
import { nodesOf } from './nodes-of.js'
import { SHOWN_COLUMNS, type ShownColumns, type ShownValue, shownTime, shownValue } from './shown-value.js'
import { readTimeline, type ShownEvent } from './timeline.js'

/** A person by one of their identifiers, or by the public id of a profile (`p12`), however old. */
export type PersonReference = { readonly node: number } | { readonly id: string }

/** Times are ISO 8601 in UTC. JSON-safe. */
export interface ShownProfile {
  /** The public id. */
  readonly profile: string
  /** The id that was asked for, where the person has another one today. */
  readonly redirectedFrom?: string
  /** Values by type, normalised, sorted. */
  readonly identifiers: Readonly<Record<string, readonly string[]>>
  readonly traits: Readonly<Record<string, ShownTrait>>
  /** Ids of the segments of which the person is a member, sorted. */
  readonly segments: readonly string[]
  /** Newest first. */
  readonly events: readonly ShownEvent[]
}

export interface ShownTrait {
  readonly value: ShownValue
  /** The id of the source that said so, or `computed`. */
  readonly source: string
  /** When it was said, or when the newest event of a computed value was; null where it is of no event. */
  readonly at: string | null
}

export interface ShowOptions {
  /** So many of the newest events. @default 100 */
  readonly events?: number
}

/** The person, or undefined where nothing that counts is known of such a one. Reads both dictionaries, which must be loaded. */
export async function showProfile(
  warehouse: Warehouse,
  reference: PersonReference,
  { events = 100 }: ShowOptions = {},
): Promise<ShownProfile | undefined> {
  const asked = 'node' in reference ? reference.node : nodeOf(reference.id)
  if (asked === undefined) return undefined
  const [snapshot, { profile, own }] = await Promise.all([
    readSnapshot(warehouse),
    readProfile(warehouse, asked).then(async (of) => ({ profile: of, own: await nodesOf(warehouse, of) })),
  ])
  const nodes = await readSeen(warehouse, snapshot, own)
  if (nodes.length === 0) return undefined
  const [identifiers, traits, segments, done] = await Promise.all([
    readIdentifiers(warehouse, snapshot, nodes),
    readTraits(warehouse, profile),
    readSegments(warehouse, profile),
    events === 0 ? undefined : readTimeline(warehouse, snapshot, nodes, { limit: events }),
  ])
  return {
    profile: `p${profile}`,
    ...('id' in reference && asked !== profile && { redirectedFrom: `p${asked}` }),
    identifiers,
    traits,
    segments,
    events: done?.events ?? [],
  }
}

/** The node that a public id denotes for ever. */
function nodeOf(id: string): number | undefined {
  const node = /^p([1-9][0-9]{0,9})$/.exec(id)?.[1]
  return node === undefined || Number(node) > 0xffff_ffff ? undefined : Number(node)
}

async function readProfile(warehouse: Warehouse, node: number): Promise<number> {
  const row = await selectRow<{ profile: number }>(
    warehouse,
    `SELECT ${profileOf('{node:UInt32}')} AS profile`,
    { node },
  )
  return row!.profile
}

async function readSeen(
  warehouse: Warehouse,
  snapshot: FactsSnapshot,
  nodes: readonly number[],
): Promise<readonly number[]> {
  const seen = nodesWithFacts(snapshot, (node) => `${node} IN {nodes:Array(UInt32)}`)
  const rows = await selectRows<{ node: number }>(
    warehouse,
    `SELECT DISTINCT node FROM (${seen}) ORDER BY node`,
    { nodes },
  )
  return rows.map(({ node }) => node)
}

async function readIdentifiers(
  warehouse: Warehouse,
  { loads }: FactsSnapshot,
  nodes: readonly number[],
): Promise<ShownProfile['identifiers']> {
  const rows = await selectRows<{ type: string; values: string[] }>(
    warehouse,
    `SELECT type, arraySort(groupUniqArray(value)) AS values FROM cdp.nodes__rows
     WHERE ${loads} AND node IN {nodes:Array(UInt32)} GROUP BY type ORDER BY type`,
    { nodes },
  )
  return Object.fromEntries(rows.map(({ type, values }) => [type, values]))
}

async function readTraits(warehouse: Warehouse, profile: number): Promise<ShownProfile['traits']> {
  const rows = await selectRows<ShownColumns & { trait: string; source: string; at: string }>(
    warehouse,
    `SELECT trait, ${SHOWN_COLUMNS}, source, toString(toUnixTimestamp64Milli(at)) AS at
     FROM cdp.trait_values__rows WHERE profile = {profile:UInt32} AND ${IS_CURRENT_VALUE} ORDER BY trait`,
    { profile },
  )
  return Object.fromEntries(
    rows.map((row) => [
      row.trait,
      { value: shownValue(row), source: row.source, at: row.at === '0' ? null : shownTime(row.at) },
    ]),
  )
}

/**
 * Every refresh writes a version of each segment, so a segment without one of the newest is no more; where nobody came or
 * went, the members stand in the newest that carries some. What begins with `_` is no segment of a file.
 */
async function readSegments(warehouse: Warehouse, profile: number): Promise<readonly string[]> {
  const rows = await selectRows<{ segment: string }>(
    warehouse,
    `SELECT segment FROM cdp.segment_versions
     WHERE (segment, version) IN (
       SELECT segment, maxIf(version, carries) FROM cdp.segment_versions GROUP BY segment
       HAVING max(version) = (SELECT max(version) FROM cdp.segment_versions))
       AND NOT startsWith(segment, '_') AND bitmapContains(members, {profile:UInt32})
     ORDER BY segment`,
    { profile },
  )
  return rows.map(({ segment }) => segment)
}
