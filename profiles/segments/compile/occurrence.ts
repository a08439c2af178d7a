/** The first or the last event of a name in the whole history: it alone must lie in the window and fulfil the conditions. */
import type { PerformedWho } from '@tributary/schemas'
import { windowAt } from '../../time/window.js'
import type { CompileContext } from './context.js'
import { EVENT_ORDER, pickBy } from './event-order.js'
import type { Formula } from './formula.js'
import { matching, matchingEvents } from './matching.js'
import { eventsIn } from './where.js'

export function compileOccurrence(who: PerformedWho, context: CompileContext): Formula {
  const { performed, occurrence, time_zone: zone = context.zone } = who
  const shared = matchingEvents(who, context, { occurrence })
  return context.leaf({
    ...shared,
    // Another event can become the last one outside of the window, too.
    watches: [{ kind: 'event', event: performed, window: {}, zone }, ...shared.watches!],
    sql: ({ events }) =>
      `SELECT profile FROM ${events} WHERE ${eventsIn(performed, windowAt({}, context.now, zone))}
       GROUP BY profile HAVING ${pickBy(occurrence!)}(toUInt8(${matching(who, context)}), ${EVENT_ORDER}) = 1`,
  })
}
