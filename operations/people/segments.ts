/** `tributary segment`: which segments there are, who is in them and why, and how they became what they are. */
import { type Explanation, explainMembership } from '../../profiles/segments/evaluate/explain.js'
import { auditSegments, type SegmentsAudit } from '../../profiles/segments/refresh/audit.js'
import { type Dependent, dependentsOf } from '../../profiles/segments/refresh/dependents.js'
import { overlapOf, type SegmentOverlap } from '../../profiles/segments/refresh/overlap.js'
import { publishedSizes } from '../../profiles/segments/refresh/sizes.js'
import { sentenceOf } from '../../profiles/segments/sentence.js'
import { findNamed, type PersonName } from './find-person.js'
import { personNames } from './person-names.js'
import {
  assertEvaluated,
  type PeopleContext,
  peopleWorkspace,
  publishedSegment,
  refreshedWorkspace,
} from './published.js'

/** A published segment. */
export interface SegmentLine {
  readonly id: string
  /** What people call it. */
  readonly name: string
  /** Members; null where it was not evaluated yet. */
  readonly size: number | null
  /** ISO 8601: the moment that its members are of; null where there is none. */
  readonly evaluatedAt: string | null
  /** Why it keeps its last good members. */
  readonly error?: string
  /** The definition in plain words. */
  readonly sentence: string
}

/** By id. @throws NothingMapped */
export async function listSegments(context: PeopleContext): Promise<readonly SegmentLine[]> {
  const { segments } = await peopleWorkspace(context, 'listing segments')
  const newest = await publishedSizes(await context.warehouse())
  const titles = new Map(segments.map(({ id, definition }) => [id, definition.name]))
  return segments.map(({ id, definition }) => {
    const row = newest.get(id)
    return {
      id,
      name: definition.name,
      size: row?.size ?? null,
      evaluatedAt: row?.at ?? null,
      ...(row !== undefined && row.error !== '' && { error: row.error }),
      sentence: sentenceOf(definition, (segment) => titles.get(segment)),
    }
  })
}

export interface NamedExplanation extends Explanation {
  /** What the person is called; null where no trait and no identifier says it. */
  readonly name: string | null
}

/** @throws SegmentUnknown, ProfileUnknown, IdentifierUnknown, IdentifierBlocked, NothingMapped, NeverRefreshed */
export async function explainSegment(
  context: PeopleContext,
  id: string,
  person: PersonName,
): Promise<NamedExplanation> {
  const workspace = await refreshedWorkspace(context, `explaining segment ${id}`)
  const definition = publishedSegment(workspace, id)
  const { profile } = await findNamed(context, workspace, person)
  const warehouse = await context.warehouse()
  const [explanation, names] = await Promise.all([
    explainMembership(warehouse, {
      id,
      definition,
      profile,
      now: new Date(),
      timeZone: workspace.timeZone,
      segment: (name) => workspace.segments.find((other) => other.id === name)?.definition,
    }),
    personNames(warehouse, [`p${profile}`]),
  ])
  return { ...explanation, name: names.get(`p${profile}`) ?? null }
}

/** Sizes of two segments and of what they share. */
export interface OverlapResult extends SegmentOverlap {
  /** The two, in the order of `a` and `b`. */
  readonly segments: readonly [string, string]
}

/** By the newest published members. @throws SegmentUnknown, NothingMapped, NeverRefreshed */
export async function segmentOverlap(context: PeopleContext, a: string, b: string): Promise<OverlapResult> {
  const workspace = await refreshedWorkspace(context, 'comparing segments')
  for (const id of [a, b]) {
    publishedSegment(workspace, id)
    await assertEvaluated(context, workspace, id)
  }
  return { segments: [a, b], ...(await overlapOf(await context.warehouse(), a, b)) }
}

/** Published segments that speak of a segment, directly or through others. @throws SegmentUnknown, NothingMapped */
export async function segmentDependents(context: PeopleContext, id: string): Promise<readonly Dependent[]> {
  const workspace = await peopleWorkspace(context, `looking for what depends on segment ${id}`)
  publishedSegment(workspace, id)
  return dependentsOf({ kind: 'segment', name: id }, workspace.segments)
}

/**
 * Compares the members of every segment with a full evaluation; `drift` is 0, or something is wrong.
 * @throws NothingMapped, NeverRefreshed
 */
export async function auditMembership(
  context: PeopleContext,
  {
    onProgress,
    signal,
  }: { readonly onProgress?: (text: string) => void; readonly signal?: AbortSignal } = {},
): Promise<SegmentsAudit> {
  const { segments, timeZone } = await refreshedWorkspace(context, 'auditing segments')
  try {
    return await auditSegments(
      {
        warehouse: await context.warehouse(),
        // It writes no load, so nothing bears this origin.
        origin: { revision: '', runId: '' },
        now: new Date(),
        signal: signal ?? new AbortController().signal,
        progress: (text) => onProgress?.(text),
      },
      { segments, timeZone },
    )
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}
