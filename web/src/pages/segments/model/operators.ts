/** The operators of conditions in words, by the kind of value they are for, and what their literal looks like. */
import type { Json } from './definition.js'

/** Kinds of values, as the warehouse keeps them. */
export type ValueKind = 'text' | 'number' | 'boolean' | 'time' | 'list'

/** How a literal is typed in. */
export type LiteralKind =
  | 'none'
  | 'value'
  | 'values'
  | 'text'
  | 'texts'
  | 'ordered'
  | 'range'
  | 'moment'
  | 'duration'

interface OperatorEntry {
  readonly title: string
  readonly literal: LiteralKind
  /** Values that it makes sense for; of others it is never true. */
  readonly kinds: readonly ValueKind[]
}

const ALL: readonly ValueKind[] = ['text', 'number', 'boolean', 'time', 'list']

/** Every operator that a definition may have, in the order of the menu. */
export const OPERATORS: Readonly<Record<string, OperatorEntry>> = {
  eq: { title: 'is', literal: 'value', kinds: ['text', 'number', 'boolean'] },
  not_eq: { title: 'is not', literal: 'value', kinds: ['text', 'number', 'boolean'] },
  in: { title: 'is one of', literal: 'values', kinds: ['text', 'number'] },
  not_in: { title: 'is none of', literal: 'values', kinds: ['text', 'number'] },
  gt: { title: 'is more than', literal: 'ordered', kinds: ['number', 'time'] },
  gte: { title: 'is at least', literal: 'ordered', kinds: ['number', 'time'] },
  lt: { title: 'is less than', literal: 'ordered', kinds: ['number', 'time'] },
  lte: { title: 'is at most', literal: 'ordered', kinds: ['number', 'time'] },
  between: { title: 'is between', literal: 'range', kinds: ['number', 'time'] },
  contains: { title: 'contains', literal: 'text', kinds: ['text'] },
  not_contains: { title: 'does not contain', literal: 'text', kinds: ['text'] },
  starts_with: { title: 'starts with', literal: 'text', kinds: ['text'] },
  ends_with: { title: 'ends with', literal: 'text', kinds: ['text'] },
  matches: { title: 'matches the pattern', literal: 'text', kinds: ['text'] },
  before: { title: 'is before', literal: 'moment', kinds: ['time'] },
  after: { title: 'is after', literal: 'moment', kinds: ['time'] },
  within_last: { title: 'is within the last', literal: 'duration', kinds: ['time'] },
  before_last: { title: 'is longer ago than', literal: 'duration', kinds: ['time'] },
  within_next: { title: 'is within the next', literal: 'duration', kinds: ['time'] },
  after_next: { title: 'is further away than', literal: 'duration', kinds: ['time'] },
  any_of: { title: 'has any of', literal: 'texts', kinds: ['list'] },
  all_of: { title: 'has all of', literal: 'texts', kinds: ['list'] },
  exists: { title: 'is known', literal: 'none', kinds: ALL },
  absent: { title: 'is unknown', literal: 'none', kinds: ALL },
}

/** Comparisons of a number of events. */
export const COUNT_COMPARISONS: Readonly<Record<string, string>> = {
  gte: 'at least',
  eq: 'exactly',
  lte: 'at most',
  gt: 'more than',
  lt: 'less than',
  between: 'between',
}

/** What may be computed of events. */
export const AGGREGATES: Readonly<Record<string, string>> = {
  sum: 'total of',
  avg: 'average of',
  max: 'greatest',
  min: 'least',
  unique: 'number of different',
  first: 'first',
  last: 'last',
  most_frequent: 'most frequent',
  count: 'number of times',
}

/** Comparisons of what was computed. */
export const AGGREGATE_COMPARISONS: Readonly<Record<string, string>> = {
  gt: 'is more than',
  gte: 'is at least',
  lt: 'is less than',
  lte: 'is at most',
  eq: 'is',
  not_eq: 'is not',
}

/** Aggregates whose value is the property's own, and so may be a text. */
export const OWN_VALUE: ReadonlySet<string> = new Set(['first', 'last', 'most_frequent'])

/** Periods of the calendar. */
export const PERIODS: Readonly<Record<string, string>> = {
  today: 'today',
  yesterday: 'yesterday',
  this_week: 'this week',
  last_week: 'last week',
  this_month: 'this month',
  last_month: 'last month',
  this_quarter: 'this quarter',
  last_quarter: 'last quarter',
  this_year: 'this year',
  last_year: 'last year',
}

/** Operators for values of these kinds; all of them where nothing was seen yet. `also` is the one in use. */
export function operatorsFor(kinds: readonly ValueKind[], also?: string): readonly string[] {
  const names = Object.keys(OPERATORS)
  if (kinds.length === 0) return names
  return names.filter((name) => name === also || OPERATORS[name]!.kinds.some((kind) => kinds.includes(kind)))
}

/** What an operator says of the literal at first: nothing where the reader has to write it. */
export function blankLiteral(operator: string, kinds: readonly ValueKind[]): Json {
  switch (OPERATORS[operator]?.literal) {
    case 'none':
      return true
    case 'values':
    case 'texts':
      return []
    case 'range':
      return ['', '']
    case 'duration':
      return '30d'
    case 'value':
      return kinds.length === 1 && kinds[0] === 'boolean' ? true : ''
    default:
      return ''
  }
}

/** The literal of another operator, as far as it fits this one. */
export function literalFor(operator: string, before: Json, kinds: readonly ValueKind[]): Json {
  const literal = OPERATORS[operator]?.literal
  const single = Array.isArray(before) ? (before[0] ?? '') : before
  switch (literal) {
    case 'values':
    case 'texts': {
      const values = Array.isArray(before) ? before : before === '' || before === true ? [] : [before]
      return literal === 'texts' ? values.map(String) : values
    }
    case 'value':
      return single === true && !kinds.includes('boolean') ? '' : single
    case 'ordered':
      return typeof single === 'boolean' ? '' : single
    case 'range':
      return [typeof single === 'boolean' ? '' : single, Array.isArray(before) ? (before[1] ?? '') : '']
    case 'text':
      return typeof single === 'string' ? single : typeof single === 'number' ? String(single) : ''
    case 'moment':
      return typeof single === 'string' && /^\d{4}-/.test(single) ? single : ''
    case 'duration':
      return typeof single === 'string' && DURATION.test(single) ? single : '30d'
    default:
      return blankLiteral(operator, kinds)
  }
}

/** One whole number and one unit: `30d`. */
export const DURATION = /^(\d+)([smhdy])$/
