/** The search for a chain of steps in memory: for each start, the events that each step can be reached by. */
import { parseDuration, type SequenceWho } from '@tributary/schemas'
import type { Reference } from '../value-test.js'
import { eventsOf } from './events.js'
import type { PersonEvent, PersonFacts } from './person.js'

interface Reached {
  readonly event: PersonEvent
  readonly before?: Reached
}

/** The positive steps of the first chain found, undefined without any. */
export function findChain(
  { sequence, within }: SequenceWho,
  person: PersonFacts,
  reference: Reference,
): readonly PersonEvent[] | undefined {
  const withinMs = parseDuration(within)
  const steps = sequence.map((step) => ({
    negative: 'not' in step,
    events: eventsOf('not' in step ? step.not : step, person, reference),
  }))
  const waits = steps.at(-1)!.negative
  for (const start of steps[0]!.events) {
    const end = start.ts.getTime() + withinMs
    if (waits && end >= reference.now.getTime()) continue
    let reached: readonly Reached[] = [{ event: start }]
    let between: readonly PersonEvent[] = []
    for (const { negative, events } of steps.slice(1)) {
      if (negative) between = events
      else {
        reached = next(
          reached,
          between,
          events.filter(({ ts }) => ts.getTime() <= end),
        )
        between = []
      }
    }
    const found = waits
      ? reached.find(({ event }) => !someIn(between, event.ts.getTime(), end + 1))
      : reached[0]
    if (found) return chainOf(found)
  }
  return undefined
}

/** The latest predecessor leaves the shortest time for what must not happen in between. */
function next(
  reached: readonly Reached[],
  between: readonly PersonEvent[],
  events: readonly PersonEvent[],
): readonly Reached[] {
  return events.flatMap((event) => {
    const before = reached.findLast((earlier) => earlier.event.ts < event.ts)
    const goes = before && !someIn(between, before.event.ts.getTime(), event.ts.getTime())
    return goes ? [{ event, before }] : []
  })
}

/** True with an event strictly between two times. */
const someIn = (events: readonly PersonEvent[], from: number, to: number) =>
  events.some(({ ts }) => ts.getTime() > from && ts.getTime() < to)

function chainOf(last: Reached): readonly PersonEvent[] {
  return [...(last.before ? chainOf(last.before) : []), last.event]
}
