/** The members of a segment as they were published, now or at any earlier moment: a version's bitmap and the log after it. */
import type { Warehouse } from '../../../warehouse/client.js'
import { selectRow } from '../../../warehouse/query.js'
import { quoteString } from '../../../warehouse/types/identifiers.js'

export interface Published {
  readonly version: number
  /** The moment for which it was evaluated. */
  readonly at: Date
  /** FROM-expression of one row with the bitmap `members`. */
  readonly members: string
}

/** The newest version of a segment, or the one that was the newest at a moment; undefined where there is none. */
export async function publishedAt(
  warehouse: Warehouse,
  segment: string,
  at?: Date,
): Promise<Published | undefined> {
  const row = await selectRow<{ versions: string; version: number; carried: number; at: string }>(
    warehouse,
    `SELECT count() AS versions, max(rows.version) AS version, maxIf(rows.version, carries) AS carried,
       toUnixTimestamp64Milli(argMax(rows.at, rows.version)) AS at
     FROM cdp.segment_versions AS rows
     WHERE segment = {segment:String} AND toUnixTimestamp64Milli(rows.at) <= {at:Int64}`,
    { segment, at: at?.getTime() ?? Number.MAX_SAFE_INTEGER },
  )
  if (row === undefined || row.versions === '0') return undefined
  return {
    version: row.version,
    at: new Date(Number(row.at)),
    members: membersOf(segment, row.carried, row.version),
  }
}

function membersOf(segment: string, carried: number, version: number): string {
  const of = `segment = ${quoteString(segment)}`
  // Where one version moves a member to another id and also lets it go, the move comes first.
  const changes = `SELECT profile, argMax(change, (version, change IN ('entered', 'left'))) AS last
    FROM cdp.membership_log WHERE ${of} AND version > ${carried} AND version <= ${version} GROUP BY profile`
  return `(SELECT bitmapOr(bitmapAndnot(base, gone), come) AS members
    FROM (SELECT members AS base FROM cdp.segment_versions WHERE ${of} AND version = ${carried}) AS carrying
    CROSS JOIN (SELECT groupBitmapStateIf(profile, last IN ('left', 'moved_out')) AS gone,
        groupBitmapStateIf(profile, last IN ('entered', 'moved_in')) AS come
      FROM (${changes})) AS changes)`
}
