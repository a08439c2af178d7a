/** Some members of a published segment, to look at. */
import { type ExportedMember, readMembers } from '../../profiles/segments/refresh/export-members.js'
import { membersAt } from '../../profiles/segments/refresh/history.js'
import { assertEvaluated, type PeopleContext, publishedSegment, refreshedWorkspace } from './published.js'

export interface SampleSegmentOptions {
  /** @default 20 */
  readonly limit?: number
  readonly signal?: AbortSignal
}

/** Those with the least ids. @throws SegmentUnknown, NothingMapped, NeverRefreshed */
export async function sampleSegment(
  context: PeopleContext,
  segment: string,
  { limit = 20, signal }: SampleSegmentOptions = {},
): Promise<readonly ExportedMember[]> {
  const workspace = await refreshedWorkspace(context, `looking at members of ${segment}`)
  publishedSegment(workspace, segment)
  await assertEvaluated(context, workspace, segment)
  const warehouse = await context.warehouse()
  // A refresh is for a moment that may be this one.
  const members = await membersAt(warehouse, segment, new Date(Date.now() + 1), { limit })
  const profiles = (members?.profiles ?? []).map((profile) => Number(profile.slice(1)))
  return readMembers(warehouse, profiles, undefined, signal)
}
