/** What speaks of a segment, trait, event, list or identifier: what breaks or changes when that does. */
import type { SegmentFile, Who } from '@tributary/schemas'

export interface Named {
  readonly kind: 'segment' | 'trait' | 'event' | 'list' | 'identifier'
  readonly name: string
}

export interface Dependent {
  readonly segment: string
  /** True where the segment's own definition names it; false where it names a segment that does. */
  readonly direct: boolean
}

/** Segments that depend on something, directly or through other segments, by id. */
export function dependentsOf(
  named: Named,
  segments: readonly { readonly id: string; readonly definition: SegmentFile }[],
): readonly Dependent[] {
  const names = new Map(segments.map(({ id, definition }) => [id, namesIn(definition.who)]))
  const naming = ({ kind, name }: Named) =>
    [...names].flatMap(([id, of]) => (of.has(key(kind, name)) ? [id] : []))
  const direct = new Set(naming(named))
  const all = new Set(direct)
  for (const id of all) for (const outer of naming({ kind: 'segment', name: id })) all.add(outer)
  return [...all].sort().map((segment) => ({ segment, direct: direct.has(segment) }))
}

const key = (kind: Named['kind'], name: string): string => `${kind}:${name}`

function namesIn(who: Who): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    for (const [field, value] of Object.entries(part)) {
      const kind = field === 'performed' ? 'event' : field
      if (typeof value !== 'string') visit(value)
      else if (kind === 'consent') names.add(key('trait', `consent.${value}`)).add(key('trait', 'suppressed'))
      else if (isKind(kind)) names.add(key(kind, value))
    }
  }
  visit(who)
  return names
}

const isKind = (kind: string): kind is Named['kind'] =>
  ['segment', 'trait', 'event', 'list', 'identifier'].includes(kind)
