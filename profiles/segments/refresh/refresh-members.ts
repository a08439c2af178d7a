/**
 * Finds the members of every segment anew: decides what is evaluated over all history and what among the dirty only, evaluates
 * it, and says what the versions are.
 */
import { quoteString } from '../../../warehouse/types/identifiers.js'
import type { FactsSnapshot } from '../../facts/snapshot.js'
import type { ValueKind } from '../../facts/values.js'
import type { StepContext } from '../../steps/derived-load.js'
import { changedByTime } from './by-time.js'
import { keepDirty, keepMoved } from './dirty.js'
import { type Evaluated, evaluateSegments } from './evaluate.js'
import { EVERYONE_DEFINITION, keepEveryone, keepEveryoneAgain, keepVisible } from './everyone.js'
import { gatherDirty } from './gather.js'
import type { SegmentsNews, SegmentsState } from './news.js'
import type { Prepared } from './prepare.js'
import type { Scratch } from './scratch.js'
import { allFacts, BITMAPS, dirtyFacts, EVERYONE } from './sources.js'
import { keepPublished, type NewVersion, type SegmentHead } from './versions.js'

/** What a refresh of the segments starts from. */
export interface Refresh {
  readonly context: StepContext
  readonly snapshot: FactsSnapshot
  readonly news: SegmentsNews
  readonly heads: ReadonlyMap<string, SegmentHead>
  readonly prepared: Prepared
  /** Of the last accepted load. */
  readonly state: SegmentsState | undefined
  propertyKinds(property: string): readonly ValueKind[]
}

/**
 * Keeps the members of every segment, and of everyone, as bitmaps.
 * @param dirtyShare the share of all people up to which only the dirty are evaluated; undefined: always everybody
 */
export async function refreshMembers(
  scratch: Scratch,
  refresh: Refresh,
  dirtyShare: number | undefined,
): Promise<NewVersion[]> {
  const { snapshot, news, heads, prepared, context } = refresh
  const start = performance.now()
  const ids = [
    EVERYONE,
    ...prepared.ordered.map(({ compiled }) => compiled.id),
    ...prepared.broken.map(({ id }) => id),
  ]
  const everything = !(await keepDirtyIfFew(scratch, refresh, dirtyShare))
  const published = ids.flatMap((id) => heads.get(id) ?? [])
  const late = published.some(({ version }) => version !== refresh.state?.version)
  const moved = await keepMoved(scratch, news.identity.loadIds, late || news.identity.rebuilt)
  await keepPublished(scratch, snapshot, published, moved)
  const evaluated = whatToEvaluate(refresh, everything)
  if (everything || evaluated.some(readsAllNodes)) await keepVisible(scratch, snapshot)
  if (everything) {
    await keepEveryone(scratch)
  } else {
    const asked = evaluated.filter(({ full }) => !full)
    await gatherDirty(
      scratch,
      snapshot,
      asked.flatMap(({ compiled }) => compiled.leaves),
    )
    await keepEveryoneAgain(scratch)
  }
  const everyoneSeconds = (performance.now() - start) / 1000
  context.progress(`evaluating ${evaluated.length} segments${everything ? ' over all people' : ''}`)
  const sources = { all: allFacts(scratch, snapshot), dirty: dirtyFacts(scratch, snapshot) }
  const { seconds, errors } = await evaluateSegments(scratch, evaluated, sources, context.progress)
  const failed = new Map([...errors, ...prepared.broken.map(({ id, error }) => [id, error] as const)])
  await keepLastGood(scratch, [...failed.keys()])
  const full = new Set(evaluated.flatMap((each) => (each.full ? [each.compiled.id] : [])))
  const hashes = new Map(prepared.ordered.map(({ compiled, hash }) => [compiled.id, hash]))
  return ids.map((segment) => {
    const head = heads.get(segment)
    const error = failed.get(segment) ?? ''
    const hash = segment === EVERYONE ? EVERYONE_DEFINITION : hashes.get(segment)
    const definition = error === '' ? hash! : (head?.definition ?? '')
    return {
      segment,
      definition,
      error,
      seconds: segment === EVERYONE ? everyoneSeconds : (seconds.get(segment) ?? 0),
      first: head === undefined,
      whole: everything || full.has(segment) || failed.has(segment),
      cause: causeOf(refresh, head, definition),
    }
  })
}

/** True where the segment's published members are those of the last accepted load, and of this meaning. */
export function isUpToDate(head: SegmentHead | undefined, hash: string, state: SegmentsState): boolean {
  return head?.version === state.version && head.definition === hash && head.error === ''
}

/** Keeps who is dirty where that can be known; true where it pays to look at those only. */
async function keepDirtyIfFew(
  scratch: Scratch,
  refresh: Refresh,
  dirtyShare: number | undefined,
): Promise<boolean> {
  const { context, state, news, snapshot, heads, prepared } = refresh
  const { mappings, identity, traits } = news
  const everyone = heads.get(EVERYONE)
  if (dirtyShare === undefined || state === undefined || everyone?.version !== state.version) return false
  if (mappings.rebuilt || identity.rebuilt || traits.rebuilt) return false
  const before = new Date(state.now)
  const watches = prepared.ordered.flatMap(({ compiled }) => compiled.watches)
  const byTime = changedByTime(snapshot, watches, before, context.now, refresh.propertyKinds)
  await keepDirty(scratch, snapshot, news, byTime)
  const [dirty] = await scratch.sizes([BITMAPS.dirty])
  context.progress(`${dirty} of ${everyone.size} people may have changed`)
  return dirty! <= everyone.size * dirtyShare
}

/** A segment that changed is evaluated over all history, and whatever names it. */
function whatToEvaluate({ prepared, heads, state }: Refresh, everything: boolean): readonly Evaluated[] {
  const full = new Set<string>()
  return prepared.ordered.map(({ compiled, hash }) => {
    const { id, dependsOn } = compiled
    const known = state !== undefined && isUpToDate(heads.get(id), hash, state)
    if (everything || !known || dependsOn.segments.some((nested) => full.has(nested))) full.add(id)
    return { compiled, full: full.has(id) }
  })
}

const readsAllNodes = ({ full, compiled }: Evaluated): boolean =>
  full && compiled.dependsOn.identifiers.length > 0

/** Members of what failed: the last good ones, as far as they still exist. */
async function keepLastGood(scratch: Scratch, segments: readonly string[]): Promise<void> {
  await scratch.put(
    ...segments.map((segment) =>
      scratch.select(
        (bitmap) => `${quoteString(BITMAPS.members(segment))} AS name,
          bitmapAnd(${bitmap(BITMAPS.old(segment))}, ${bitmap(BITMAPS.everyone)}) AS members`,
      ),
    ),
  )
}

/** Why members change whose facts and identity did not. */
function causeOf(
  { news, state }: Refresh,
  head: SegmentHead | undefined,
  definition: string,
): NewVersion['cause'] {
  if (head === undefined || head.definition !== definition) return 'definition'
  if (news.identity.rebuilt) return 'identity'
  const late = head.error !== '' || head.version !== state?.version
  return late || news.mappings.rebuilt || news.traits.rebuilt ? 'data' : 'time'
}
