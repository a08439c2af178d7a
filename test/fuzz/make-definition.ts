/** Makes up definitions: every kind of condition, operator and window, and groups of them. */
import type {
  Aggregate,
  PerformedWho,
  PropertyCondition,
  PropertyWhere,
  SegmentFile,
  TraitWho,
  Who,
} from '@tributary/schemas'
import type { Random } from '../support/random.js'
import {
  DURATIONS,
  EVENTS,
  IDENTIFIERS,
  LISTS,
  moment,
  NEEDLES,
  number,
  PATTERNS,
  PROPERTIES,
  TEXTS,
  TRAITS,
  ZONES,
} from './pools.js'

export interface Making {
  readonly random: Random
  readonly now: number
  /** Segments that the definition may name. */
  readonly segments: readonly string[]
}

export function makeDefinition(making: Making): SegmentFile {
  const { random } = making
  return {
    name: 'made up',
    ...(random.next() < 0.4 && { time_zone: random.pick(ZONES) }),
    who: makeWho(making, random.pick([0, 0, 1, 1, 2, 3])),
  }
}

function makeWho(making: Making, depth: number): Who {
  const { random } = making
  if (depth === 0) return makeCondition(making)
  const parts = () =>
    Array.from({ length: random.between(1, 4) }, () => makeWho(making, random.between(0, depth - 1)))
  return random.pick<() => Who>([
    () => ({ all: parts() }),
    () => ({ any: parts() }),
    () => ({ not: makeWho(making, depth - 1) }),
  ])()
}

function makeCondition(making: Making): Who {
  const { random, segments } = making
  const dice = random.next()
  if (dice < 0.25) return makeTrait(making)
  if (dice < 0.7) return makePerformed(making)
  if (dice < 0.85) return makeSequence(making)
  return random.pick<() => Who>([
    () => (segments.length === 0 ? { everyone: true } : { segment: random.pick(segments) }),
    () => (segments.length === 0 ? { everyone: true } : { segment: random.pick(segments) }),
    () => ({ list: random.pick(LISTS) }),
    () => ({
      random: {
        share: random.pick([0, 0.25, 0.5, 0.9999, 1]),
        ...(random.next() < 0.5 && { seed: "w'\\é" }),
      },
    }),
    () => ({ consent: 'email' }),
    () => ({
      identifier: random.pick(IDENTIFIERS),
      ...(random.next() < 0.5 ? { exists: true } : { absent: true }),
    }),
    () => ({ everyone: true }),
  ])()
}

function makeTrait(making: Making): Who {
  const zone = making.random.next() < 0.2 ? { time_zone: making.random.pick(ZONES) } : {}
  return { trait: making.random.pick(TRAITS), ...makeOperator(making), ...zone } as TraitWho
}

function makeOperator({ random, now }: Making): object {
  const scalar = () =>
    random.pick<() => string | number | boolean>([
      () => random.pick(TEXTS),
      () => number(random),
      () => random.next() < 0.5,
    ])()
  const scalars = () => Array.from({ length: random.between(1, 5) }, scalar)
  const texts = () => Array.from({ length: random.between(1, 2) }, () => random.pick(NEEDLES))
  const order = random.pick(['gt', 'gte', 'lt', 'lte'])
  return random.pick<() => object>([
    () => ({ eq: scalar() }),
    () => ({ not_eq: scalar() }),
    () => ({ in: scalars() }),
    () => ({ not_in: scalars() }),
    () => ({ [order]: number(random, true) }),
    () => ({ [order]: moment(random, now) }),
    () => ({ between: [number(random), number(random)].sort((a, b) => a - b) }),
    () => ({ between: inOrder(moment(random, now), moment(random, now)) }),
    () => ({ contains: random.pick(NEEDLES) }),
    () => ({ not_contains: random.pick(NEEDLES) }),
    () => ({ starts_with: random.pick(NEEDLES) }),
    () => ({ ends_with: random.pick(NEEDLES) }),
    () => ({ matches: random.pick(PATTERNS) }),
    () => ({ exists: true }),
    () => ({ absent: true }),
    () => ({ [random.pick(['before', 'after'])]: moment(random, now) }),
    () => ({
      [random.pick(['within_last', 'before_last', 'within_next', 'after_next'])]: random.pick(DURATIONS),
    }),
    () => ({ any_of: texts() }),
    () => ({ all_of: texts() }),
  ])()
}

/** The earlier one first, as far as their texts tell; whole days where they do not. */
function inOrder(a: string, b: string): string[] {
  const [first, last] = [a, b].sort() as [string, string]
  return Date.parse(first.slice(0, 10)) + 86_400_000 < Date.parse(last.slice(0, 10))
    ? [first, last]
    : [first.slice(0, 10), last.slice(0, 10)]
}

function makeWhere(making: Making): { where?: PropertyWhere[] } {
  const { random } = making
  if (random.next() < 0.5) return {}
  return {
    where: Array.from({ length: random.between(1, 2) }, () =>
      makePropertyWhere(making, random.pick([0, 0, 1, 2])),
    ),
  }
}

function makePropertyWhere(making: Making, depth: number): PropertyWhere {
  const { random } = making
  if (depth === 0) return { property: random.pick(PROPERTIES), ...makeOperator(making) } as PropertyCondition
  const parts = () => Array.from({ length: random.between(1, 3) }, () => makePropertyWhere(making, depth - 1))
  return random.pick<() => PropertyWhere>([
    () => ({ all: parts() }),
    () => ({ any: parts() }),
    () => ({ not: makePropertyWhere(making, depth - 1) }),
  ])()
}

function makeWindow({ random, now }: Making): object {
  const lengths = [random.between(0, DURATIONS.length - 2), random.between(1, DURATIONS.length - 1)].sort(
    (a, b) => a - b,
  )
  const [near, far] = lengths as [number, number]
  return random.pick<() => object>([
    () => ({}),
    () => ({ within: random.pick(DURATIONS) }),
    () => (near === far ? {} : { between: { from: DURATIONS[far], to: DURATIONS[near] } }),
    () => ({ since: moment(random, now) }),
    () => ({ until: moment(random, now) }),
    () => ({ since: '2025-10-26', until: random.pick(['2026-03-29', '2026-04-05T02:00', '2027-01-01']) }),
    () => ({
      calendar: random.pick([
        'today',
        'yesterday',
        ...['week', 'month', 'quarter', 'year'].flatMap((unit) => [`this_${unit}`, `last_${unit}`]),
      ]),
      ...(random.next() < 0.5 && { time_zone: random.pick(ZONES) }),
    }),
  ])()
}

function makePerformed(making: Making): Who {
  const { random } = making
  const common = { performed: random.pick(EVENTS), ...makeWhere(making), ...makeWindow(making) }
  const count = random.between(0, 4)
  return random.pick<() => PerformedWho>([
    () => common,
    () => ({ ...common, times: { [random.pick(['eq', 'gt', 'gte', 'lt', 'lte'])]: count } }),
    () => ({ ...common, times: { between: [count, count + random.between(0, 2)] } }),
    () => ({ ...common, times: { eq: 0 } }),
    () => ({ ...common, occurrence: random.pick(['first', 'last']) }),
    () => ({ ...common, ...makeAggregate(making) }),
    () => ({ ...common, ...makeAggregate(making) }),
    () => ({ ...common, ...makeAggregate(making) }),
  ])()
}

function makeAggregate({ random }: Making): object {
  const numeric = random.next() < 0.6
  const name = random.pick(
    numeric ? ['count', 'sum', 'avg', 'min', 'max', 'unique'] : ['first', 'last', 'most_frequent'],
  )
  const property = random.next() < 0.6 ? 'total' : random.pick(PROPERTIES)
  const aggregate = (name === 'count' ? name : { [name]: property }) as Aggregate
  const trait = { trait: random.pick(TRAITS) }
  if (random.next() < 0.3)
    return { aggregate, [random.pick(['eq', 'not_eq', 'gt', 'gte', 'lt', 'lte'])]: trait }
  if (numeric || random.next() < 0.4) {
    return { aggregate, [random.pick(['eq', 'not_eq', 'gt', 'gte', 'lt', 'lte'])]: number(random) }
  }
  return {
    aggregate,
    [random.pick(['eq', 'not_eq'])]: random.next() < 0.3 ? random.next() < 0.5 : random.pick(TEXTS),
  }
}

function makeSequence(making: Making): Who {
  const { random } = making
  const event = () => ({
    performed: random.pick(EVENTS.slice(0, 3)),
    ...(random.next() < 0.3 && makeWhere(making)),
  })
  const sequence: (ReturnType<typeof event> | { not: ReturnType<typeof event> })[] = [event()]
  const length = random.pick([2, 2, 2, 3, 3, 4, 5])
  while (sequence.length < length) {
    const may = !('not' in sequence.at(-1)!)
    sequence.push(may && random.next() < 0.4 ? { not: event() } : event())
  }
  return { sequence, within: random.pick(DURATIONS) }
}
