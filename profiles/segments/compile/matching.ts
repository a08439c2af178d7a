/** The events that a condition is about: name, window and conditions on properties. */
import type { PerformedWho } from '@tributary/schemas'
import { windowAt } from '../../time/window.js'
import { windowOf } from '../windows.js'
import type { CompileContext, LeafParts } from './context.js'
import { ORDER_COLUMN } from './event-order.js'
import { watchWhere } from './watches.js'
import { andWhere, columnsIn, columnsOf, eventsIn } from './where.js'

/** What leaves over the events of a condition share. */
export function matchingEvents(
  who: PerformedWho,
  context: CompileContext,
  question: object,
): Omit<LeafParts, 'sql'> {
  const { performed, where = [], time_zone: zone = context.zone } = who
  const window = windowOf(who)
  return {
    meaning: { performed, window, zone, where, ...question },
    reads: { events: [performed] },
    columns: [...columnsIn(where, context), ...columnsCompared(who, context)],
    watches: [{ kind: 'event', event: performed, window, zone }, ...watchWhere(performed, where)],
  }
}

/** SQL predicate: the events that count. */
export function matching(who: PerformedWho, context: CompileContext): string {
  const { performed, where = [], time_zone: zone = context.zone } = who
  const inner = { ...context, zone }
  return `${eventsIn(performed, windowAt(windowOf(who), context.now, zone))}${andWhere(where, inner)}`
}

/** What an occurrence or an aggregate looks at, beside the conditions. */
function columnsCompared(
  { occurrence, aggregate }: PerformedWho,
  context: CompileContext,
): readonly string[] {
  if (occurrence !== undefined) return [ORDER_COLUMN]
  if (aggregate === undefined || aggregate === 'count') return []
  const [[name, property]] = Object.entries(aggregate) as [[string, string]]
  const order = name === 'first' || name === 'last' ? [ORDER_COLUMN] : []
  return [...columnsOf(property, context), ...order]
}
