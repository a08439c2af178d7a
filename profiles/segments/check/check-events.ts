/** Whether a condition on events says one thing, of events and properties that there are. */
import { type PerformedWho, type PropertyWhere, parseDuration, type SequenceWho } from '@tributary/schemas'
import { parseMoment } from '../../time/moment.js'
import { checkDuration, checkMoment, checkOperator, checkScalar, checkZone } from './check-operator.js'
import { type Checker, names } from './checker.js'

type Path = readonly (string | number)[]

const COMPARISONS = ['eq', 'not_eq', 'gt', 'gte', 'lt', 'lte'] as const
/** Aggregates whose value is a number, whatever the property holds. */
const NUMERIC = new Set(['count', 'sum', 'avg', 'min', 'max', 'unique'])

export function checkPerformed(
  who: PerformedWho,
  path: Path,
  checker: Checker,
  checkTraitName: (trait: string, path: Path, checker: Checker) => void,
): void {
  const { add } = checker
  checkEvent(who, path, checker)
  checkWindow(who, path, checker)
  checkZone(who.time_zone, [...path, 'time_zone'], checker)
  const questions = (['times', 'aggregate', 'occurrence'] as const).filter((key) => who[key] !== undefined)
  if (questions.length > 1)
    add(path, `asks for ${questions.join(' and ')} at once`, 'keep one; join several conditions with all')
  checkTimes(who.times, [...path, 'times'], checker)
  const comparisons = COMPARISONS.filter((key) => who[key] !== undefined)
  if (who.aggregate === undefined) {
    const [stray] = comparisons
    if (stray)
      add(
        [...path, stray],
        'compares nothing',
        'add aggregate, or put the condition on a property into where',
      )
    return
  }
  const [name, property] = who.aggregate === 'count' ? ['count'] : Object.entries(who.aggregate)[0]!
  checkProperty(who.performed, property, [...path, 'aggregate'], checker)
  if (comparisons.length !== 1) {
    const found =
      comparisons.length === 0
        ? 'is compared with nothing'
        : `has several comparisons: ${comparisons.join(', ')}`
    add(path, `the aggregate ${found}`, 'write one, e.g. gte: 100')
  }
  for (const comparison of comparisons) {
    const literal = who[comparison]!
    const at = [...path, comparison]
    if (typeof literal === 'object') checkTraitName(literal.trait, [...at, 'trait'], checker)
    else if (typeof literal !== 'number' && (NUMERIC.has(name) || !comparison.endsWith('eq'))) {
      add(at, 'compares a number with something else', 'write a number')
    } else checkScalar(literal, at, checker)
  }
}

export function checkSequence({ sequence, within }: SequenceWho, path: Path, checker: Checker): void {
  const { add } = checker
  checkDuration(within, [...path, 'within'], checker)
  if (sequence.length < 2) add([...path, 'sequence'], 'has less than two steps', 'add a step')
  sequence.forEach((step, index) => {
    const at = [...path, 'sequence', index]
    if ('not' in step) {
      if (index === 0) add(at, 'begins with a step that did not happen', 'begin with an event that happened')
      else if ('not' in sequence[index - 1]!) {
        add(at, 'two steps that did not happen stand side by side', 'put an event that happened between them')
      }
    }
    checkEvent('not' in step ? step.not : step, 'not' in step ? [...at, 'not'] : at, checker)
  })
}

function checkEvent(
  { performed, where = [] }: { readonly performed: string; readonly where?: readonly PropertyWhere[] },
  path: Path,
  checker: Checker,
): void {
  const { events } = checker.known
  if (!events.has(performed)) {
    const remedy = events.size === 0 ? 'map one' : `events are: ${names(events.keys())}`
    checker.add([...path, 'performed'], `no mapping makes the event ${performed}`, remedy)
  }
  where.forEach((condition, index) => {
    checkWhere(performed, condition, [...path, 'where', index], checker)
  })
}

function checkWhere(event: string, where: PropertyWhere, path: Path, checker: Checker): void {
  if ('all' in where || 'any' in where) {
    const [key, parts] = 'all' in where ? (['all', where.all] as const) : (['any', where.any] as const)
    if (parts.length === 0)
      checker.add([...path, key], 'the group is empty', 'add a condition, or take it out')
    parts.forEach((part, index) => {
      checkWhere(event, part, [...path, key, index], checker)
    })
  } else if ('not' in where) {
    checkWhere(event, where.not, [...path, 'not'], checker)
  } else {
    checkProperty(event, where.property, [...path, 'property'], checker)
    checkOperator(where, path, checker)
  }
}

function checkProperty(
  event: string,
  property: string | undefined,
  path: Path,
  { add, known }: Checker,
): void {
  const properties = known.events.get(event)
  if (property === undefined || !properties || properties.has(property)) return
  const remedy = properties.size === 0 ? 'map it' : `its properties are: ${names(properties)}`
  add(path, `${event} has no property ${property}`, remedy)
}

function checkWindow(who: PerformedWho, path: Path, checker: Checker): void {
  const { within, between, since, until, calendar } = who
  const windows = [
    ...(within === undefined ? [] : ['within']),
    ...(between === undefined ? [] : ['between']),
    ...(since === undefined && until === undefined ? [] : ['since and until']),
    ...(calendar === undefined ? [] : ['calendar']),
  ]
  if (windows.length > 1) checker.add(path, `has several windows: ${windows.join(', ')}`, 'keep one of them')
  if (within !== undefined) checkDuration(within, [...path, 'within'], checker)
  if (between) checkBetween(between, [...path, 'between'], checker)
  if (since !== undefined) checkMoment(since, [...path, 'since'], checker)
  if (until !== undefined) checkMoment(until, [...path, 'until'], checker)
  if (since === undefined || until === undefined) return
  try {
    if (parseMoment(since, 'UTC').start < parseMoment(until, 'UTC').end) return
    checker.add([...path, 'until'], 'is not after since', 'write the later time as until')
  } catch {
    // Reported above.
  }
}

function checkBetween({ from, to }: { from: string; to: string }, path: Path, checker: Checker): void {
  checkDuration(from, [...path, 'from'], checker)
  try {
    if (parseDuration(from) <= parseDuration(to)) {
      checker.add(path, 'ends before it begins', 'from is the further end: { from: 90d, to: 30d }')
    }
  } catch {
    checker.add([...path, 'to'], 'is not a duration', 'e.g. 30d')
  }
}

function checkTimes(times: PerformedWho['times'], path: Path, { add }: Checker): void {
  if (!times) return
  const comparisons = Object.entries(times)
  if (comparisons.length !== 1) add(path, 'needs one comparison', 'e.g. gte: 3')
  for (const [name, value] of comparisons) {
    const counts: readonly number[] = typeof value === 'number' ? [value] : value
    if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0)) {
      add([...path, name], 'is not a count', 'write a whole number from 0 on')
    }
    if (counts[0]! > counts.at(-1)!)
      add([...path, name], 'ends below where it begins', 'write the lesser one first')
  }
}
