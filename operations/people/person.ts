/** One person as the page shows them, part by part: who they are, what they did, why they are one, where they belong and were sent. */
import { personInDestinations, type SentRecord } from '../../activation/history.js'
import { readSnapshot } from '../../profiles/facts/snapshot.js'
import { type IdentityEvidence, readEvidence } from '../../profiles/identity/evidence.js'
import { displayName } from '../../profiles/people/display-name.js'
import { nodesOf } from '../../profiles/people/nodes-of.js'
import { type ShownProfile, showProfile } from '../../profiles/people/show-profile.js'
import { readTimeline, type Timeline } from '../../profiles/people/timeline.js'
import { type Membership, membershipsOf } from '../../profiles/segments/refresh/memberships.js'
import { findById, ProfileUnknown } from './find-person.js'
import { type IdentifierName, type PeopleContext, refreshedWorkspace } from './published.js'
import { listRecords, type ShownRecord } from './records.js'

export interface Person extends Omit<ShownProfile, 'events' | 'segments'> {
  /** Null where no trait says it. */
  readonly name: string | null
  /** By name. */
  readonly segments: readonly PersonSegment[]
}

export interface PersonSegment extends Membership {
  /** What people call it. */
  readonly name: string
}

/** @param id of a profile, however old @throws ProfileUnknown, NothingMapped, NeverRefreshed */
export async function showPersonPage(context: PeopleContext, id: string): Promise<Person> {
  const workspace = await refreshedWorkspace(context, 'showing a profile')
  const { profile } = await findById(context, id)
  const warehouse = await context.warehouse()
  const shown = await showProfile(warehouse, { id }, { events: 0 })
  if (!shown) {
    throw new ProfileUnknown(
      `showing ${id}: no row speaks of this person any more; see whether the source still has it`,
    )
  }
  const { events: _events, segments, ...person } = shown
  const memberships = await membershipsOf(warehouse, segments, await nodesOf(warehouse, profile))
  const named = memberships.map((membership) => ({
    ...membership,
    name:
      workspace.segments.find((segment) => segment.id === membership.segment)?.definition.name ??
      membership.segment,
  }))
  return {
    ...person,
    name: displayName(
      Object.fromEntries(Object.entries(person.traits).map(([name, { value }]) => [name, value])),
    ),
    segments: named.sort((a, b) => a.name.localeCompare(b.name)),
  }
}

export interface PersonEventsOptions {
  /** @default 50 */
  readonly limit?: number
  /** The `next` of the page before. */
  readonly cursor?: string
  /** Only events of this name. */
  readonly event?: string
  readonly signal?: AbortSignal
}

/** A page of the timeline, newest first. @throws ProfileUnknown, CursorInvalid, NothingMapped, NeverRefreshed */
export async function personEvents(
  context: PeopleContext,
  id: string,
  { limit = 50, ...options }: PersonEventsOptions = {},
): Promise<Timeline> {
  await refreshedWorkspace(context, 'showing events')
  const { profile } = await findById(context, id)
  const warehouse = await context.warehouse()
  const [snapshot, nodes] = await Promise.all([readSnapshot(warehouse), nodesOf(warehouse, profile)])
  return readTimeline(warehouse, snapshot, nodes, { limit, ...options })
}

export interface PersonEvidence extends IdentityEvidence {
  /** Merges, splits and cuts that name one of the person's identifiers, newest first. */
  readonly records: readonly ShownRecord[]
}

/** @throws ProfileUnknown, NothingMapped, NeverRefreshed */
export async function personEvidence(context: PeopleContext, id: string): Promise<PersonEvidence> {
  await refreshedWorkspace(context, 'showing evidence')
  const { profile } = await findById(context, id)
  const warehouse = await context.warehouse()
  const [evidence, records] = await Promise.all([
    readEvidence(warehouse, await nodesOf(warehouse, profile)),
    listRecords(context),
  ])
  const own = new Set(evidence.identifiers.map(keyOf))
  const about = new Set(
    records
      .filter(({ identifiers }) => identifiers.some((name) => own.has(keyOf(name))))
      .map(({ id: record }) => record),
  )
  return {
    ...evidence,
    records: records.filter(
      ({ id: record, undoes }) => about.has(record) || (undoes !== undefined && about.has(undoes)),
    ),
  }
}

const keyOf = ({ type, value }: IdentifierName): string => `${type}\0${value}`

/** Where a person was sent. @throws ProfileUnknown, NothingMapped, NeverRefreshed */
export async function personDestinations(context: PeopleContext, id: string): Promise<readonly SentRecord[]> {
  await refreshedWorkspace(context, 'showing where a profile was sent')
  const { profile } = await findById(context, id)
  return personInDestinations(await context.warehouse(), profile)
}
