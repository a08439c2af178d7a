/**
 * The history of segments: versions, size over time, who came and went and why, and who was in at a moment. People are named by
 * the ids that they had then, which resolve for ever to whom they have become.
 */
import type { Warehouse } from '../../../warehouse/client.js'
import { selectRow, selectRows } from '../../../warehouse/query.js'
import { publishedAt } from './published.js'

/** One evaluation of a segment. */
export interface SegmentVersion {
  readonly version: number
  /** ISO 8601: the moment for which it was evaluated. */
  readonly at: string
  readonly size: number
  readonly entered: number
  readonly left: number
  readonly seconds: number
  /** Hash of the definition: another one means another question. */
  readonly definition: string
  /** Why the members are older than `at`. */
  readonly error?: string
}

const ISO = '%FT%T.%fZ'
const iso = (column: string) => `formatDateTime(${column}, '${ISO}')`

/** Newest first. @param options.before versions before this one. @default limit 100 */
export async function listVersions(
  warehouse: Warehouse,
  segment: string,
  { limit = 100, before }: { readonly limit?: number; readonly before?: number } = {},
): Promise<SegmentVersion[]> {
  const rows = await selectRows<Numbers<SegmentVersion, 'size' | 'entered' | 'left'> & { error: string }>(
    warehouse,
    `SELECT version, ${iso('at')} AS at, size, entered, left, seconds, definition, error
     FROM cdp.segment_versions AS versions
     WHERE segment = {segment:String} AND version < {before:UInt32}
     ORDER BY version DESC LIMIT {limit:UInt32}`,
    { segment, before: before ?? 0xffffffff, limit },
  )
  return rows.map(({ size, entered, left, error, ...row }) => ({
    ...row,
    size: Number(size),
    entered: Number(entered),
    left: Number(left),
    ...(error !== '' && { error }),
  }))
}

export interface TrendPoint {
  /** ISO 8601: the last evaluation of the span. */
  readonly at: string
  readonly size: number
  /** Sums of the span. */
  readonly entered: number
  readonly left: number
}

/** Size over time, oldest first, a point for each span of `everySeconds` in which it was evaluated. @default an hour */
export async function sizeTrend(
  warehouse: Warehouse,
  segment: string,
  {
    from,
    to,
    everySeconds = 3600,
  }: { readonly from: Date; readonly to: Date; readonly everySeconds?: number },
): Promise<TrendPoint[]> {
  const rows = await selectRows<Numbers<TrendPoint, 'size' | 'entered' | 'left'>>(
    warehouse,
    `SELECT ${iso('max(versions.at)')} AS at, argMax(versions.size, version) AS size,
       sum(versions.entered) AS entered, sum(versions.left) AS left
     FROM cdp.segment_versions AS versions
     WHERE segment = {segment:String} AND toUnixTimestamp64Milli(versions.at) >= {from:Int64}
       AND toUnixTimestamp64Milli(versions.at) < {to:Int64}
     GROUP BY intDiv(toUnixTimestamp64Milli(versions.at), {every:Int64}) ORDER BY at`,
    { segment, from: from.getTime(), to: to.getTime(), every: Math.round(everySeconds * 1000) },
  )
  return rows.map(({ at, size, entered, left }) => ({
    at,
    size: Number(size),
    entered: Number(entered),
    left: Number(left),
  }))
}

export type MembershipCause = 'definition' | 'identity' | 'data' | 'time'

export interface MembershipChange {
  readonly profile: string
  readonly change: 'entered' | 'left'
  /** What made it so: an edit of the segment, a merge or split, new facts, or time alone. */
  readonly cause: MembershipCause
  /** ISO 8601. */
  readonly at: string
}

export interface MembershipChanges {
  readonly counts: readonly {
    readonly change: 'entered' | 'left'
    readonly cause: MembershipCause
    readonly people: number
  }[]
  /** Newest first, then by profile. */
  readonly changes: readonly MembershipChange[]
}

export interface ChangesOptions {
  /** Included. */
  readonly from: Date
  /** Excluded. */
  readonly to: Date
  readonly change?: 'entered' | 'left'
  readonly cause?: MembershipCause
  /** @default 100 */
  readonly limit?: number
  /** @default 0 */
  readonly offset?: number
}

/** Who came and went between two moments, and why. A person may have come and gone more than once. */
export async function listChanges(
  warehouse: Warehouse,
  segment: string,
  { from, to, change, cause, limit = 100, offset = 0 }: ChangesOptions,
): Promise<MembershipChanges> {
  const params = { segment, from: from.getTime(), to: to.getTime(), change, cause, limit, offset }
  const conditions = [
    ...(change === undefined ? [] : ['change = {change:String}']),
    ...(cause === undefined ? [] : ['cause = {cause:String}']),
  ]
  const among = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const counts = await selectRows<Numbers<MembershipChanges['counts'][number], 'people'>>(
    warehouse,
    `SELECT change, cause, count() AS people FROM (${CHANGES}) ${among}
     GROUP BY change, cause ORDER BY change, cause`,
    params,
  )
  const changes = await selectRows<MembershipChange>(
    warehouse,
    `SELECT concat('p', toString(log.profile)) AS profile, change, cause, ${iso('log.at')} AS at
     FROM (${CHANGES}) AS log ${among}
     ORDER BY version DESC, log.profile LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
    params,
  )
  return { counts: counts.map((row) => ({ ...row, people: Number(row.people) })), changes }
}

const BETWEEN = `segment = {segment:String} AND toUnixTimestamp64Milli(at) >= {from:Int64}
  AND toUnixTimestamp64Milli(at) < {to:Int64}`

/** The log, and those with whom a segment began: its first version stands for their entering. */
const CHANGES = `SELECT profile, change, cause, at, version FROM cdp.membership_log
    WHERE ${BETWEEN} AND change IN ('entered', 'left')
  UNION ALL SELECT arrayJoin(bitmapToArray(members)) AS profile, 'entered' AS change, 'definition' AS cause, at, version
    FROM cdp.segment_versions WHERE ${BETWEEN}
      AND version = (SELECT min(version) FROM cdp.segment_versions WHERE segment = {segment:String})`

export interface MembersAt {
  /** ISO 8601: the evaluation that was the newest at that moment. */
  readonly evaluatedAt: string
  readonly size: number
  /** By the number in their ids. */
  readonly profiles: readonly string[]
}

/**
 * Who was in a segment at a moment; undefined where it was not evaluated yet.
 * @param page.after the last profile of the page before
 */
export async function membersAt(
  warehouse: Warehouse,
  segment: string,
  at: Date,
  { limit = 1000, after }: { readonly limit?: number; readonly after?: string } = {},
): Promise<MembersAt | undefined> {
  const published = await publishedAt(warehouse, segment, at)
  if (published === undefined) return undefined
  const row = await selectRow<{ size: string; profiles: number[] }>(
    warehouse,
    `SELECT bitmapCardinality(members) AS size,
       arraySort(bitmapToArray(bitmapSubsetLimit(members, {from:UInt32}, {limit:UInt32}))) AS profiles
     FROM ${published.members}`,
    { from: after === undefined ? 0 : Number(after.slice(1)) + 1, limit },
  )
  return {
    evaluatedAt: published.at.toISOString(),
    size: Number(row!.size),
    profiles: row!.profiles.map((profile) => `p${profile}`),
  }
}

/** Rows as the engine writes them: 64-bit integers are texts. */
type Numbers<Row, Keys extends keyof Row> = Omit<Row, Keys> & Readonly<Record<Keys, string>>
