/** Which of a person's events count. */
import type { PerformedWho, PropertyWhere } from '@tributary/schemas'
import { inSpan, windowAt } from '../../time/window.js'
import { type Reference, readCondition } from '../value-test.js'
import { windowOf } from '../windows.js'
import type { PersonEvent, PersonFacts } from './person.js'
import { passes } from './values.js'

/** Events of a name before now that fulfil the conditions, by time. */
export function eventsOf(
  { performed, where = [] }: { readonly performed: string; readonly where?: readonly PropertyWhere[] },
  { events }: PersonFacts,
  reference: Reference,
): readonly PersonEvent[] {
  return events.filter(
    (event) => event.event === performed && event.ts < reference.now && fulfils(event, where, reference),
  )
}

/** The same within the window of a condition. */
export function matchingEvents(
  who: PerformedWho,
  person: PersonFacts,
  reference: Reference,
): readonly PersonEvent[] {
  const own = { ...reference, zone: who.time_zone ?? reference.zone }
  const window = windowAt(windowOf(who), own.now, own.zone)
  return eventsOf(who, person, own).filter(({ ts }) => inSpan(window, ts))
}

function fulfils(event: PersonEvent, where: readonly PropertyWhere[], reference: Reference): boolean {
  return where.every((condition) => holds(event, condition, reference))
}

function holds(event: PersonEvent, where: PropertyWhere, reference: Reference): boolean {
  if ('all' in where) return where.all.every((part) => holds(event, part, reference))
  if ('any' in where) return where.any.some((part) => holds(event, part, reference))
  if ('not' in where) return !holds(event, where.not, reference)
  const { negated, test } = readCondition(where, reference)
  return passes(test, event.properties.get(where.property)) !== negated
}
