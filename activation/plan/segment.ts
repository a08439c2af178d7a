/** Whether a segment's members are good to be sent. */
import { EVERYONE } from '../../profiles/segments/refresh/sources.js'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow } from '../../warehouse/query.js'
import { listRefreshes } from '../../warehouse/refreshes.js'

/** The id under which a segment of an activation's file is published: `*` is everybody. */
export const publishedSegment = (segment: string): string => (segment === '*' ? EVERYONE : segment)

/**
 * Why the segment's members are not to be trusted; undefined where they are. A segment that failed keeps its last good members,
 * one that is no more its last ones.
 */
export async function segmentProblem(warehouse: Warehouse, segment: string): Promise<string | undefined> {
  const row = await selectRow<{ versions: string; version: number; error: string; newest: number }>(
    warehouse,
    `SELECT count() AS versions, max(rows.version) AS version, argMax(rows.error, rows.version) AS error,
       (SELECT max(version) FROM cdp.segment_versions) AS newest
     FROM cdp.segment_versions AS rows WHERE segment = {segment:String}`,
    { segment: publishedSegment(segment) },
  )
  const { versions, version, error, newest } = row!
  if (versions === '0') return `segment ${segment} was never evaluated; run a refresh first`
  if (error !== '') return `segment ${segment} could not be evaluated: ${error}`
  return version < newest ? `segment ${segment} is none of the newest refresh; run one` : undefined
}

/** Which of these mappings failed in the newest refresh, and so keep the facts that they had. */
export async function failedMappings(
  warehouse: Warehouse,
  mappings: readonly string[],
): Promise<readonly string[]> {
  const [newest] = await listRefreshes<{ readonly steps: readonly { name: string; status: string }[] }>(
    warehouse,
    1,
  )
  const failed = new Set(
    newest?.steps.filter(({ status }) => status === 'failed').map(({ name }) => name) ?? [],
  )
  return mappings.filter((mapping) => failed.has(`mapping ${mapping}`))
}
