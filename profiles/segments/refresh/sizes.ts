/** What is published of every segment at a glance: how many are in it, for when that is good, and how it came to it. */
import type { Warehouse } from '../../../warehouse/client.js'
import { isoTime } from '../../../warehouse/iso-time.js'
import { selectRows } from '../../../warehouse/query.js'

export interface PublishedSize {
  readonly size: number
  /** ISO 8601: the moment that the members are of. */
  readonly at: string
  /** Why they are older; empty: they are not. */
  readonly error: string
}

/** By segment; what begins with `_` is none of a file. */
export async function publishedSizes(warehouse: Warehouse): Promise<ReadonlyMap<string, PublishedSize>> {
  const rows = await selectRows<{ segment: string; size: string; error: string; at: string }>(
    warehouse,
    `SELECT segment, argMax(versions.size, version) AS size, argMax(versions.error, version) AS error,
       ${isoTime('argMax(versions.at, version)')} AS at
     FROM cdp.segment_versions AS versions GROUP BY segment`,
  )
  return new Map(rows.map(({ segment, size, error, at }) => [segment, { size: Number(size), error, at }]))
}

/** A size at a moment, ISO 8601. */
export interface SizePoint {
  readonly at: string
  readonly size: number
}

/**
 * Sizes since a moment by segment, oldest first: the last of each day of the zone.
 * @param timeZone IANA name
 */
export async function dailySizes(
  warehouse: Warehouse,
  { since, timeZone }: { readonly since: Date; readonly timeZone: string },
): Promise<ReadonlyMap<string, readonly SizePoint[]>> {
  const rows = await selectRows<{ segment: string; points: [string, string][] }>(
    warehouse,
    `SELECT segment, arraySort(groupArray((day, size))) AS points FROM (
       SELECT segment, ${isoTime('max(versions.at)')} AS day, argMax(versions.size, version) AS size
       FROM cdp.segment_versions AS versions
       WHERE toUnixTimestamp64Milli(versions.at) >= {since:Int64} AND NOT startsWith(segment, '_')
       GROUP BY segment, toDate(versions.at, {timeZone:String}))
     GROUP BY segment`,
    { since: since.getTime(), timeZone },
  )
  return new Map(
    rows.map(({ segment, points }) => [segment, points.map(([at, size]) => ({ at, size: Number(size) }))]),
  )
}
