/** Which segments name each other in a circle. */
import type { SegmentFile, Who } from '@tributary/schemas'

export interface NestedSegment {
  readonly id: string
  /** Where it is named. */
  readonly path: readonly (string | number)[]
}

export interface Cycle {
  readonly id: string
  readonly path: NestedSegment['path']
  /** Ids from `id` back to `id`. */
  readonly cycle: readonly string[]
}

/** The segments that a definition names, each place of its own. */
export function nestedSegments({ who }: SegmentFile): readonly NestedSegment[] {
  return nestedIn(who, ['who'])
}

/** The shortest circle through each place that is on one. */
export function cyclesOf(nested: ReadonlyMap<string, readonly NestedSegment[]>): readonly Cycle[] {
  return [...nested].flatMap(([id, places]) =>
    places.flatMap((place) => {
      const way = wayBetween(place.id, id, nested)
      return way === undefined ? [] : [{ id, path: place.path, cycle: [id, ...way] }]
    }),
  )
}

function wayBetween(
  start: string,
  end: string,
  nested: ReadonlyMap<string, readonly NestedSegment[]>,
): readonly string[] | undefined {
  const ways: (readonly string[])[] = [[start]]
  const seen = new Set([start])
  for (const way of ways) {
    const last = way.at(-1)!
    if (last === end) return way
    for (const { id } of nested.get(last) ?? []) {
      if (!seen.has(id)) ways.push([...way, id])
      seen.add(id)
    }
  }
  return undefined
}

function nestedIn(who: Who, path: NestedSegment['path']): readonly NestedSegment[] {
  if ('all' in who) return who.all.flatMap((part, index) => nestedIn(part, [...path, 'all', index]))
  if ('any' in who) return who.any.flatMap((part, index) => nestedIn(part, [...path, 'any', index]))
  if ('not' in who) return nestedIn(who.not, [...path, 'not'])
  return 'segment' in who ? [{ id: who.segment, path: [...path, 'segment'] }] : []
}
