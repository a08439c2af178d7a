/**
 * What changes as time alone passes: a person's truth can change only where one of their times lies in a span that `watched`
 * names. Everything else waits for data.
 */
import type { PropertyCondition, PropertyWhere, TraitWho } from '@tributary/schemas'
import { EARLIEST } from '../../time/moment.js'
import { crossed, type Span, type WindowSpec } from '../../time/window.js'
import { movingEdges } from '../value-test.js'

export type Watch =
  /** Events of a name, by their time. */
  | { readonly kind: 'event'; readonly event: string; readonly window: WindowSpec; readonly zone: string }
  /** Values of a trait that are times. Offsets from now, milliseconds. */
  | { readonly kind: 'trait'; readonly trait: string; readonly offsets: readonly number[] }
  /** Values of a property of events that are times. */
  | {
      readonly kind: 'property'
      readonly event: string
      readonly property: string
      readonly offsets: readonly number[]
    }

/** The spans of event times, trait values or property values that matter when now moves from `before` to `after`. */
export function watched(watch: Watch, before: Date, after: Date): readonly Span[] {
  if (watch.kind === 'event') return crossed(watch.window, watch.zone, before, after)
  const [first, last] = [before.getTime(), after.getTime()].sort((a, b) => a - b) as [number, number]
  return watch.offsets.flatMap((offset) => {
    const [from, to] = [Math.max(first + offset, EARLIEST), Math.min(last + offset, 8.64e15)]
    return from < to ? [{ from: new Date(from), to: new Date(to) }] : []
  })
}

export function watchTrait(condition: TraitWho): readonly Watch[] {
  const offsets = movingEdges(condition)
  return offsets.length === 0 ? [] : [{ kind: 'trait', trait: condition.trait, offsets }]
}

export function watchWhere(event: string, where: readonly PropertyWhere[]): readonly Watch[] {
  return where.flatMap((condition) => {
    if ('all' in condition) return watchWhere(event, condition.all)
    if ('any' in condition) return watchWhere(event, condition.any)
    return 'not' in condition ? watchWhere(event, [condition.not]) : watchProperty(event, condition)
  })
}

function watchProperty(event: string, condition: PropertyCondition): readonly Watch[] {
  const offsets = movingEdges(condition)
  return offsets.length === 0 ? [] : [{ kind: 'property', event, property: condition.property, offsets }]
}
