/** Who a plan looks at: the members of the segment as they are known today, and which of them may be sent. */
import { profileOf } from '../../profiles/people/dictionaries.js'
import { publishedAt } from '../../profiles/segments/refresh/published.js'
import { selectRow } from '../../warehouse/query.js'
import { mayBeSent } from '../consent.js'
import type { PlanScratch } from './scratch.js'
import { publishedSegment } from './segment.js'

export interface Members {
  /** Quoted name of the table of `profile` and whether it is `allowed`. */
  readonly table: string
  /** Of the segment; 0 where it was never evaluated. */
  readonly version: number
  readonly members: number
  /** Members without consent, or suppressed. */
  readonly withheld: number
}

/** Keeps the members of the newest version; nobody where there is none. Ids that were merged meanwhile are one. */
export async function keepMembers(
  scratch: PlanScratch,
  segment: string,
  purposes: readonly string[],
): Promise<Members> {
  const table = await scratch.create('members', 'profile UInt32, allowed Bool', 'profile')
  const published = await publishedAt(scratch.warehouse, publishedSegment(segment))
  if (published === undefined) return { table, version: 0, members: 0, withheld: 0 }
  await scratch.run(
    `INSERT INTO ${table} SELECT DISTINCT ${profileOf('member')} AS profile, ${mayBeSent('profile', purposes)}
     FROM (SELECT arrayJoin(bitmapToArray(members)) AS member FROM ${published.members})`,
  )
  const row = await selectRow<{ members: string; withheld: string }>(
    scratch.warehouse,
    `SELECT count() AS members, countIf(NOT allowed) AS withheld FROM ${table}`,
  )
  return { table, version: published.version, members: Number(row!.members), withheld: Number(row!.withheld) }
}
