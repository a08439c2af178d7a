/** `tributary segment history` and `segment export`: who was in a segment, when, and who is. */
import { DURATION_PATTERN, parseDuration } from '@tributary/schemas'
import {
  type ExportedMember,
  exportMembers,
  readMembers,
} from '../../profiles/segments/refresh/export-members.js'
import {
  listChanges,
  type MembershipChange,
  type MembershipChanges,
  membersAt,
  sizeTrend,
  type TrendPoint,
} from '../../profiles/segments/refresh/history.js'
import { InvalidWindow } from '../backfill.js'
import { readMoment } from './moments.js'
import { personNames } from './person-names.js'
import {
  assertEvaluated,
  NeverRefreshed,
  type PeopleContext,
  publishedSegment,
  refreshedWorkspace,
} from './published.js'

export interface HistoryOptions {
  /** A date or a moment, included. @default the beginning */
  readonly from?: string
  /** Excluded. @default now */
  readonly to?: string
  /** Length of time that one point of the trend stands for. @default every evaluation is a point */
  readonly every?: string
  /** So many of the newest changes, with who came or went. @default 0 */
  readonly changes?: number
}

export interface SegmentHistory {
  readonly segment: string
  /** Oldest first. */
  readonly trend: readonly TrendPoint[]
  /** How many came and went, by cause. */
  readonly counts: MembershipChanges['counts']
  /** Newest first. */
  readonly changes: readonly NamedChange[]
}

export interface NamedChange extends MembershipChange {
  /** What the person is called now: a name, or the identifier that says most; null where nothing is known any more. */
  readonly name: string | null
}

/** @throws SegmentUnknown, NothingMapped, NeverRefreshed, InvalidWindow */
export async function segmentHistory(
  context: PeopleContext,
  segment: string,
  { from, to, every, changes = 0 }: HistoryOptions = {},
): Promise<SegmentHistory> {
  const workspace = await refreshedWorkspace(context, `looking at the history of ${segment}`)
  await assertEvaluated(context, workspace, segment)
  const everyMs = every === undefined ? 1 : readLength(every)
  const span = {
    from: from === undefined ? new Date(0) : readMoment(from, workspace.timeZone),
    // A refresh is for a moment that may be this one.
    to: to === undefined ? new Date(Date.now() + 1) : readMoment(to, workspace.timeZone),
  }
  const warehouse = await context.warehouse()
  const [trend, found] = await Promise.all([
    sizeTrend(warehouse, segment, { ...span, everySeconds: everyMs / 1000 }),
    listChanges(warehouse, segment, { ...span, limit: changes }),
  ])
  const names = await personNames(
    warehouse,
    found.changes.map(({ profile }) => profile),
  )
  const named = found.changes.map((change) => ({ ...change, name: names.get(change.profile) ?? null }))
  return { segment, trend, counts: found.counts, changes: named }
}

function readLength(every: string): number {
  if (DURATION_PATTERN.test(every) && parseDuration(every) > 0) return parseDuration(every)
  throw new InvalidWindow(`reading the length ${every}: it is no length of time; write e.g. 1h or 1d`)
}

export interface ExportMembersOptions {
  /** Who was in at this moment, under the ids of then. @default who is in now */
  readonly at?: string
  readonly signal?: AbortSignal
}

/**
 * Every member, a page at a time however many there are; identifiers and traits are those of now.
 * @throws SegmentUnknown, NothingMapped, NeverRefreshed, InvalidWindow, the signal's reason
 */
export async function* exportSegment(
  context: PeopleContext,
  segment: string,
  { at, signal }: ExportMembersOptions = {},
): AsyncGenerator<ExportedMember> {
  const workspace = await refreshedWorkspace(context, `exporting segment ${segment}`)
  // What was taken out of the workspace is refreshed no more: nobody is in it now.
  if (at === undefined) publishedSegment(workspace, segment)
  await assertEvaluated(context, workspace, segment)
  const moment = at === undefined ? undefined : readMoment(at, workspace.timeZone)
  const warehouse = await context.warehouse()
  try {
    if (moment === undefined) yield* exportMembers(warehouse, segment, signal ? { signal } : {})
    else yield* membersOf(context, segment, moment, signal)
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}

const PAGE = 10_000

async function* membersOf(
  context: PeopleContext,
  segment: string,
  at: Date,
  signal?: AbortSignal,
): AsyncGenerator<ExportedMember> {
  const warehouse = await context.warehouse()
  let after: string | undefined
  do {
    signal?.throwIfAborted()
    const page = await membersAt(warehouse, segment, at, { limit: PAGE, ...(after && { after }) })
    if (page === undefined) {
      throw new NeverRefreshed(
        `exporting segment ${segment}: it was not evaluated before ${at.toISOString()}; choose a later moment`,
      )
    }
    const profiles = page.profiles.map((profile) => Number(profile.slice(1)))
    yield* await readMembers(warehouse, profiles, undefined, signal)
    after = page.profiles.length < PAGE ? undefined : page.profiles.at(-1)
  } while (after !== undefined)
}
