/** The segments that a person is in, since when, and what brought them there. */
import type { Warehouse } from '../../../warehouse/client.js'
import { isoTime } from '../../../warehouse/iso-time.js'
import { selectRows } from '../../../warehouse/query.js'
import type { MembershipCause } from './history.js'

export interface Membership {
  readonly segment: string
  /** ISO 8601: the evaluation that first saw them in it, without a break since; the segment's first for who was in from the beginning. */
  readonly since: string
  readonly cause: MembershipCause
}

/**
 * @param segments ids of the segments that the person is in
 * @param nodes of the person: the log names them by the id of then
 */
export async function membershipsOf(
  warehouse: Warehouse,
  segments: readonly string[],
  nodes: readonly number[],
): Promise<readonly Membership[]> {
  if (segments.length === 0) return []
  return selectRows<Membership>(
    warehouse,
    `SELECT begun.segment AS segment,
       ${isoTime('if(entered.newest > 0, entered.moment, begun.moment)')} AS since,
       if(entered.newest > 0, entered.why, 'definition') AS cause
     FROM (
       SELECT segment, argMin(versions.at, version) AS moment FROM cdp.segment_versions AS versions
       WHERE segment IN {segments:Array(String)} GROUP BY segment) AS begun
     LEFT JOIN (
       SELECT segment, max(version) AS newest, argMax(log.at, version) AS moment, argMax(log.cause, version) AS why
       FROM cdp.membership_log AS log
       WHERE segment IN {segments:Array(String)} AND profile IN {nodes:Array(UInt32)} AND change = 'entered'
       GROUP BY segment) AS entered ON entered.segment = begun.segment
     ORDER BY segment`,
    { segments, nodes },
  )
}
