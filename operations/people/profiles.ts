/** `tributary profile`: one person as they are, why they are one, and what people say about who is who. */
import { randomUUID } from 'node:crypto'
import { type ExplainedLink, explainLink } from '../../profiles/identity/explain-link.js'
import { addMerge, neighboursOf, splitIdentifier, undoRecord } from '../../profiles/identity/records.js'
import { type SimulatedIdentity, simulateIdentity } from '../../profiles/identity/simulate.js'
import { type ShownProfile, showProfile } from '../../profiles/people/show-profile.js'
import { type SimulatedSegment, simulateSegments } from '../../profiles/segments/refresh/simulate-segments.js'
import type { OperationContext } from '../context.js'
import type { RefreshContext } from '../refresh.js'
import { type AskedRefresh, askRefresh } from './ask-refresh.js'
import { readDrafts } from './drafts.js'
import { findById, findPerson, identifierOf, type PersonName, ProfileUnknown } from './find-person.js'
import {
  type IdentifierName,
  nameHint,
  type PeopleContext,
  type PeopleWorkspace,
  refreshedWorkspace,
} from './published.js'
import { listRecords } from './records.js'

/** There is no such merge, split or cut. */
export class RecordUnknown extends Error {
  override readonly name = 'RecordUnknown'
}

/** A merge of an identifier with itself. */
export class MergeInvalid extends Error {
  override readonly name = 'MergeInvalid'
}

/** The merge, split or cut was taken back before. */
export class RecordUndone extends Error {
  override readonly name = 'RecordUndone'
}

export interface RecordOptions {
  /** Who says so, for the record. */
  readonly author: string
  /** Why. @default empty */
  readonly note?: string
  /** Ask for a refresh at once. @default true */
  readonly refresh?: boolean
}

/** What was recorded. It takes effect with the next refresh. */
export interface RecordResult {
  /** For `profile undo`. */
  readonly record: string
  readonly refresh: AskedRefresh
}

/** A person by an identifier. @throws ProfileUnknown, IdentifierUnknown, IdentifierBlocked, NothingMapped, NeverRefreshed */
export async function showPerson(
  context: PeopleContext,
  person: IdentifierName | { readonly id: string },
): Promise<ShownProfile> {
  const workspace = await refreshedWorkspace(context, 'showing a profile')
  const { node } =
    'id' in person ? await findById(context, person.id) : await findPerson(context, workspace, person)
  const reference = 'id' in person ? person : { node }
  const shown = await showProfile(await context.warehouse(), reference)
  if (shown) return shown
  const named = 'id' in person ? person.id : `${person.type} ${person.value}`
  throw new ProfileUnknown(
    `showing ${named}: no row speaks of this person any more; see whether the source still has it`,
  )
}

/** Two identifiers are one person's, whatever the limits. @throws MergeInvalid, and as {@link showPerson} does */
export async function mergeProfiles(
  context: RefreshContext,
  a: PersonName,
  b: PersonName,
  { author, note = '', refresh = true }: RecordOptions,
): Promise<RecordResult> {
  const workspace = await refreshedWorkspace(context, 'merging profiles')
  const pair = await twoIdentifiers(context, workspace, 'merging profiles', a, b)
  const record = randomUUID()
  await addMerge(await context.warehouse(), { id: record, ...pair, author, note })
  return { record, refresh: await askRefresh(context, refresh) }
}

/** What {@link mergeProfiles} would do. Records nothing. @throws MergeInvalid, and as {@link showPerson} does */
export async function simulateMerge(
  context: PeopleContext,
  a: PersonName,
  b: PersonName,
  signal?: AbortSignal,
): Promise<Simulation> {
  const workspace = await refreshedWorkspace(context, 'simulating a merge')
  const pair = await twoIdentifiers(context, workspace, 'simulating a merge', a, b)
  return simulate(context, workspace, { records: [{ kind: 'merge', ...pair }] }, signal)
}

async function twoIdentifiers(
  context: PeopleContext,
  workspace: PeopleWorkspace,
  doing: string,
  a: PersonName,
  b: PersonName,
): Promise<{ readonly a: IdentifierName; readonly b: IdentifierName }> {
  const [one, other] = [await identifierOf(context, workspace, a), await identifierOf(context, workspace, b)]
  if (one.type !== other.type || one.value !== other.value) return { a: one, b: other }
  throw new MergeInvalid(`${doing}: both are ${one.type} ${one.value}; name another identifier`)
}

/** An identifier becomes a person of its own. @throws as {@link showPerson} does */
export async function splitProfile(
  context: RefreshContext,
  given: IdentifierName,
  { author, note = '', refresh = true }: RecordOptions,
): Promise<RecordResult> {
  const workspace = await refreshedWorkspace(context, 'splitting a profile')
  const { identifier } = await findPerson(context, workspace, given)
  const warehouse = await context.warehouse()
  await assertLinked(context, identifier)
  const record = randomUUID()
  await splitIdentifier(warehouse, { identifier, id: record, author, note })
  return { record, refresh: await askRefresh(context, refresh) }
}

/** What {@link splitProfile} would do. Records nothing. @throws as {@link showPerson} does */
export async function simulateSplit(
  context: PeopleContext,
  given: IdentifierName,
  signal?: AbortSignal,
): Promise<Simulation> {
  const workspace = await refreshedWorkspace(context, 'simulating a split')
  const { identifier } = await findPerson(context, workspace, given)
  const neighbours = await assertLinked(context, identifier)
  const records = neighbours.map((b) => ({ kind: 'cut' as const, a: identifier, b }))
  return simulate(context, workspace, { records }, signal)
}

/** What the identity.yaml of the workspace's folder would do. Publishes nothing. @throws WorkspaceInvalid, NothingMapped, NeverRefreshed */
export async function simulateDraft(
  context: Pick<OperationContext, 'warehouse' | 'workspaceDir'>,
  signal?: AbortSignal,
): Promise<Simulation> {
  const workspace = await refreshedWorkspace(context, 'simulating identity.yaml')
  const { identity } = await readDrafts(context.workspaceDir, 'simulating identity.yaml', 'identity.yaml')
  return simulate(context, workspace, { identity }, signal)
}

/** Takes back a merge, split or cut. @throws RecordUnknown with the nearest id, RecordUndone */
export async function undoIdentityRecord(
  context: RefreshContext,
  undone: string,
  { author, note = '', refresh = true }: RecordOptions,
): Promise<RecordResult> {
  await assertRecord(context, undone)
  const record = randomUUID()
  await undoRecord(await context.warehouse(), { id: record, record: undone, author, note })
  return { record, refresh: await askRefresh(context, refresh) }
}

/** What {@link undoIdentityRecord} would do. Records nothing. @throws RecordUnknown, RecordUndone, NothingMapped, NeverRefreshed */
export async function simulateUndo(
  context: PeopleContext,
  undone: string,
  signal?: AbortSignal,
): Promise<Simulation> {
  const workspace = await refreshedWorkspace(context, 'simulating an undo')
  await assertRecord(context, undone)
  return simulate(context, workspace, { undone: [undone] }, signal)
}

/** However many were said since, an old one can be taken back. */
const ALL_RECORDS = 4_294_967_295

async function assertRecord(context: PeopleContext, record: string): Promise<void> {
  const said = (await listRecords(context, ALL_RECORDS)).filter(({ kind }) => kind !== 'undone')
  const meant = said.find(({ id }) => id === record)
  if (meant?.undone === false) return
  if (meant !== undefined) {
    throw new RecordUndone(`undoing ${record}: it was taken back before; choose another one of the records`)
  }
  const known = said.map(({ id }) => id)
  const hint = nameHint(record, known, 'nobody merged or split anything yet')
  throw new RecordUnknown(`undoing ${record}: there is no such merge, split or cut; ${hint}`)
}

/** Why two identifiers are one person's, or are not. */
export interface LinkExplanation {
  /** They are one person's today. */
  readonly same: boolean
  /** The shortest chain of evidence; null where there is none. */
  readonly path: NonNullable<ExplainedLink['path']> | null
  readonly skipped: ExplainedLink['skipped']
}

/** By the published rules. @throws as {@link showPerson} does */
export async function explainProfiles(
  context: PeopleContext,
  a: IdentifierName,
  b: IdentifierName,
): Promise<LinkExplanation> {
  const workspace = await refreshedWorkspace(context, 'explaining profiles')
  const [one, other] = [await findPerson(context, workspace, a), await findPerson(context, workspace, b)]
  const explained = await explainLink(await context.warehouse(), one.identifier, other.identifier)
  return {
    same: one.profile === other.profile,
    path: explained?.path ?? null,
    skipped: explained?.skipped ?? [],
  }
}

/** What people would be, and who would come into segments and leave them. JSON-safe. */
export interface Simulation extends Omit<SimulatedIdentity, 'moved'> {
  /** Those with members whom it concerns, before or after. */
  readonly segments: readonly SimulatedSegment[]
}

async function simulate(
  context: PeopleContext,
  { segments, traits, timeZone }: PeopleWorkspace,
  input: Parameters<typeof simulateIdentity>[1],
  signal?: AbortSignal,
): Promise<Simulation> {
  const step = {
    warehouse: await context.warehouse(),
    // It writes no load, so nothing bears this origin.
    origin: { revision: '', runId: '' },
    now: new Date(),
    signal: signal ?? new AbortController().signal,
    progress: () => undefined,
  }
  try {
    const { moved, ...people } = await simulateIdentity(step, input)
    return { ...people, segments: await simulateSegments(step, { segments, traits, timeZone }, moved) }
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}

async function assertLinked(
  context: PeopleContext,
  identifier: IdentifierName,
): Promise<readonly IdentifierName[]> {
  const neighbours = await neighboursOf(await context.warehouse(), identifier)
  if (neighbours.length > 0) return neighbours
  throw new ProfileUnknown(
    `splitting ${identifier.type} ${identifier.value}: nothing is linked with it; it is a person of its own already`,
  )
}
