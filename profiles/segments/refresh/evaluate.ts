/**
 * Evaluates segments: each condition once, however many segments ask it, then the segments as combinations of bitmaps. What
 * fails fails alone: the segments that need it are left out, the others go on.
 */
import { ClickHouseError } from '@clickhouse/client'
import type { CompiledLeaf, CompiledSegment, SegmentSources } from '../compile/types.js'
import { bitmapOf, type Scratch } from './scratch.js'
import { allMembers, BITMAPS, EVERYONE } from './sources.js'

/** A segment to evaluate, over all history or among the dirty. */
export interface Evaluated {
  readonly compiled: CompiledSegment
  readonly full: boolean
}

export interface EvaluationResult {
  /** By segment, those that failed left out. */
  readonly seconds: ReadonlyMap<string, number>
  /** By segment. */
  readonly errors: ReadonlyMap<string, string>
}

/** How many conditions or segments one query asks for. */
const AT_ONCE = 25

/**
 * Keeps the members of segments as bitmaps: of those that are not full the members among the dirty. Needs the bitmaps of everyone
 * and, for those that are not full, what `gatherDirty` keeps.
 * @param segments nested ones before those that name them; all that a segment names are among them
 */
export async function evaluateSegments(
  scratch: Scratch,
  segments: readonly Evaluated[],
  sources: { readonly all: SegmentSources; readonly dirty: SegmentSources },
  progress: (text: string) => void,
): Promise<EvaluationResult> {
  const seconds = new Map<string, number>()
  const errors = new Map<string, string>()
  const leaves = {
    full: await evaluateLeaves(scratch, leavesOf(segments, true), BITMAPS.leaf, sources.all, 1, progress),
    dirty: await evaluateLeaves(
      scratch,
      leavesOf(segments, false),
      BITMAPS.dirtyLeaf,
      sources.dirty,
      AT_ONCE,
      progress,
    ),
  }
  const full = new Set(segments.flatMap((segment) => (segment.full ? [segment.compiled.id] : [])))
  for (const level of levels(segments)) {
    const possible = level.filter(({ compiled, full }) => {
      const error = whyNot(compiled, full ? leaves.full : leaves.dirty, errors)
      if (error !== undefined) errors.set(compiled.id, error)
      return error === undefined
    })
    const asked = await inBatches(scratch, possible, AT_ONCE, (some) => [
      scratch.combined(some.map((segment) => membersOf(segment, (id) => full.has(id)))),
    ])
    possible.forEach(({ compiled, full }, index) => {
      const { seconds: own, error } = asked[index]!
      if (error !== undefined) errors.set(compiled.id, error)
      const of = full ? leaves.full : leaves.dirty
      seconds.set(
        compiled.id,
        compiled.leaves.reduce((sum, { hash }) => sum + of.get(hash)!.seconds, own),
      )
    })
  }
  return { seconds, errors }
}

interface Asked {
  readonly seconds: number
  readonly error?: string
}

function leavesOf(segments: readonly Evaluated[], full: boolean): readonly CompiledLeaf[] {
  const asked = segments.filter((segment) => segment.full === full)
  return [
    ...new Map(asked.flatMap(({ compiled }) => compiled.leaves.map((leaf) => [leaf.hash, leaf]))).values(),
  ]
}

async function evaluateLeaves(
  scratch: Scratch,
  leaves: readonly CompiledLeaf[],
  name: (hash: string) => string,
  sources: SegmentSources,
  atOnce: number,
  progress: (text: string) => void,
): Promise<ReadonlyMap<string, Asked>> {
  const asked = await inBatches(
    scratch,
    leaves,
    atOnce,
    (some) => some.map(({ hash, sql }) => bitmapOf(name(hash), sql(sources), 'profile')),
    (done) => progress(`evaluated ${done} of ${leaves.length} conditions`),
  )
  return new Map(leaves.map(({ hash }, index) => [hash, asked[index]!]))
}

function whyNot(
  { leaves, dependsOn }: CompiledSegment,
  asked: ReadonlyMap<string, Asked>,
  errors: ReadonlyMap<string, string>,
): string | undefined {
  const nested = dependsOn.segments.find((id) => errors.has(id))
  if (nested !== undefined) return `segment ${nested}, which it names, could not be evaluated`
  return leaves.map(({ hash }) => asked.get(hash)!.error).find((error) => error !== undefined)
}

/** Segments in rounds: whatever a segment names is in an earlier one. */
function levels(segments: readonly Evaluated[]): Evaluated[][] {
  const level = new Map<string, number>()
  const rounds: Evaluated[][] = []
  for (const segment of segments) {
    const { id, dependsOn } = segment.compiled
    const round = Math.max(0, ...dependsOn.segments.map((nested) => (level.get(nested) ?? -1) + 1))
    level.set(id, round)
    rounds[round] = [...(rounds[round] ?? []), segment]
  }
  return rounds
}

/** @param isFull whether all members of a segment are kept */
function membersOf({ compiled, full }: Evaluated, isFull: (segment: string) => boolean) {
  return {
    name: BITMAPS.members(compiled.id),
    members(bitmap: (name: string) => string) {
      const everyone = bitmap(full ? BITMAPS.everyone : BITMAPS.members(EVERYONE))
      const members = compiled.members({
        leaf: (hash) => bitmap(full ? BITMAPS.leaf(hash) : BITMAPS.dirtyLeaf(hash)),
        segment: (id) => (full && !isFull(id) ? allMembers(bitmap, id) : bitmap(BITMAPS.members(id))),
        everyone,
      })
      return `bitmapAnd(${everyone}, ${members})`
    },
  }
}

/** Asks for bitmaps, several in a query; where a query fails, each on its own, to know which one it was. */
async function inBatches<Item>(
  scratch: Scratch,
  items: readonly Item[],
  atOnce: number,
  selects: (items: readonly Item[]) => readonly string[],
  progress: (done: number) => void = () => undefined,
): Promise<Asked[]> {
  const asked: Asked[] = []
  for (let from = 0; from < items.length; from += atOnce) {
    const some = items.slice(from, from + atOnce)
    const together = await attempt(scratch, selects(some))
    if (together.error === undefined || some.length === 1) {
      const each = { ...together, seconds: together.seconds / some.length }
      asked.push(...some.map(() => each))
    } else {
      for (const item of some) asked.push(await attempt(scratch, selects([item])))
    }
    progress(asked.length)
  }
  return asked
}

async function attempt(scratch: Scratch, selects: readonly string[]): Promise<Asked> {
  const start = performance.now()
  const seconds = () => (performance.now() - start) / 1000
  try {
    await scratch.put(...selects)
    return { seconds: seconds() }
  } catch (error) {
    // What is not the query's own fault is everybody's: the attempt ends and is made again.
    if (!(error instanceof ClickHouseError)) throw error
    return { seconds: seconds(), error: error.message.slice(0, 500) }
  }
}
