/**
 * The normal form of an operator and its literals: what a value has to be, once moments are instants and durations are spans.
 * Compiler and evaluator both start from here.
 */
import { type PropertyCondition, parseDuration, type TraitWho } from '@tributary/schemas'
import { EARLIEST, parseMoment } from '../time/moment.js'

export type Scalar = string | number | boolean

/** A test that only values of fitting kinds can pass; absence passes none. */
export type ValueTest =
  | { readonly test: 'equals'; readonly values: readonly Scalar[] }
  | { readonly test: 'number'; readonly bounds: readonly NumberBound[] }
  /** Half-open, milliseconds since 1970. */
  | { readonly test: 'time'; readonly from?: number; readonly to?: number }
  | { readonly test: TextTest; readonly text: string }
  | { readonly test: 'any_of' | 'all_of'; readonly texts: readonly string[] }
  | { readonly test: 'exists' }

export type TextTest = 'contains' | 'starts_with' | 'ends_with' | 'matches'

export interface NumberBound {
  readonly than: 'gt' | 'gte' | 'lt' | 'lte'
  readonly value: number
}

/** `negated`: holds exactly where the test fails, so also for what is absent. */
export interface Condition {
  readonly negated: boolean
  readonly test: ValueTest
}

/** For what moments and relative operators are read. */
export interface Reference {
  readonly now: Date
  readonly zone: string
}

/** Operators with one that is true exactly where they are not. */
const NEGATIONS: Readonly<Record<string, string>> = {
  not_eq: 'eq',
  not_in: 'in',
  not_contains: 'contains',
  absent: 'exists',
}

/** Operators that compare with now, and where their edges lie: so many durations from now. */
const RELATIVE: Readonly<Record<string, { readonly from?: number; readonly to?: number }>> = {
  within_last: { from: -1, to: 0 },
  before_last: { to: -1 },
  within_next: { from: 0, to: 1 },
  after_next: { from: 1 },
}

const NAMES = new Set(['trait', 'property', 'time_zone'])

/** The operator of a condition and its literal. */
export function operatorOf(
  condition: PropertyCondition | TraitWho,
): readonly [operator: string, literal: unknown] {
  const [found] = Object.entries(condition).filter(([key]) => !NAMES.has(key))
  if (!found) throw new Error('reading a condition: it has no operator; check the file first')
  return found
}

/**
 * @throws RangeError when a moment, duration or zone cannot be read
 * @throws Error when the operator does not take the literal; `checkSegments` says where
 */
export function readCondition(condition: PropertyCondition | TraitWho, reference: Reference): Condition {
  const [operator, literal] = operatorOf(condition)
  const positive = NEGATIONS[operator]
  return {
    negated: positive !== undefined,
    test: readTest(positive ?? operator, literal, reference),
  }
}

/** Offsets from now, in milliseconds, of times at which the truth of a condition changes as time passes. */
export function movingEdges(condition: PropertyCondition | TraitWho): readonly number[] {
  const [operator, literal] = operatorOf(condition)
  const { from, to } = RELATIVE[operator] ?? {}
  return [from, to].flatMap((edge) => (edge === undefined ? [] : [edge * parseDuration(String(literal))]))
}

function readTest(operator: string, literal: unknown, { now, zone }: Reference): ValueTest {
  const relative = RELATIVE[operator]
  if (relative) {
    const length = parseDuration(String(literal))
    const edge = (count: number) => now.getTime() + count * length
    return span(
      relative.from === undefined ? undefined : edge(relative.from),
      relative.to === undefined ? undefined : edge(relative.to),
    )
  }
  switch (operator) {
    case 'eq':
      return { test: 'equals', values: [literal as Scalar] }
    case 'in':
      return { test: 'equals', values: literal as Scalar[] }
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return typeof literal === 'number'
        ? { test: 'number', bounds: [{ than: operator, value: literal }] }
        : order(operator, String(literal), zone)
    case 'before':
      return order('lt', String(literal), zone)
    case 'after':
      return order('gt', String(literal), zone)
    case 'between':
      return between(literal as readonly [string | number, string | number], zone)
    case 'contains':
    case 'starts_with':
    case 'ends_with':
    case 'matches':
      return { test: operator, text: literal as string }
    case 'any_of':
    case 'all_of':
      return { test: operator, texts: literal as string[] }
    case 'exists':
      return { test: 'exists' }
    default:
      throw new Error(`reading a condition: there is no operator ${operator}; check the file first`)
  }
}

function order(than: NumberBound['than'], text: string, zone: string): ValueTest {
  const { start, end } = parseMoment(text, zone)
  switch (than) {
    case 'lt':
      return span(undefined, start.getTime())
    case 'lte':
      return span(undefined, end.getTime())
    case 'gt':
      return span(end.getTime(), undefined)
    case 'gte':
      return span(start.getTime(), undefined)
  }
}

function between([least, greatest]: readonly [string | number, string | number], zone: string): ValueTest {
  if (typeof least === 'number' && typeof greatest === 'number') {
    return {
      test: 'number',
      bounds: [
        { than: 'gte', value: least },
        { than: 'lte', value: greatest },
      ],
    }
  }
  if (typeof least === 'number' || typeof greatest === 'number') {
    throw new Error('reading a condition: between takes two numbers or two times; check the file first')
  }
  return span(parseMoment(least, zone).start.getTime(), parseMoment(greatest, zone).end.getTime())
}

/** What lies before all times bounds nothing. */
function span(from: number | undefined, to: number | undefined): ValueTest {
  return {
    test: 'time',
    ...(from !== undefined && from > EARLIEST && { from }),
    ...(to !== undefined && { to }),
  }
}
