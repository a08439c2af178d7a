/** The operators of conditions as a builder offers them: of which kinds of values each can hold, and what literal it takes. */
import { segmentFileSchema } from '@tributary/schemas'
import type { ValueKind } from '../facts/values.js'

/** What an operator is given. `scalar`: a text, number or truth value, of the kind of the value; `ordered`: a number or a time. */
export type LiteralForm =
  | 'none'
  | 'scalar'
  | 'scalars'
  | 'ordered'
  | 'range'
  | 'text'
  | 'texts'
  | 'pattern'
  | 'moment'
  | 'duration'

export interface OperatorDescription {
  /** The key in the definition. */
  readonly name: string
  /** As people say it: `is at least`. */
  readonly title: string
  readonly description: string
  /** Kinds of values of which it can be true, or, of a negation, false. */
  readonly kinds: readonly ValueKind[]
  readonly literal: LiteralForm
  /** True: it also holds of people without a value. */
  readonly negated: boolean
}

const SCALARS: readonly ValueKind[] = ['text', 'number', 'boolean']
const ORDERED: readonly ValueKind[] = ['number', 'time']
const ANY: readonly ValueKind[] = ['text', 'number', 'boolean', 'time', 'list']

/** In the order in which people are offered them. */
const OPERATORS: Readonly<
  Record<
    string,
    { readonly kinds: readonly ValueKind[]; readonly literal: LiteralForm; readonly negated?: true }
  >
> = {
  eq: { kinds: SCALARS, literal: 'scalar' },
  not_eq: { kinds: SCALARS, literal: 'scalar', negated: true },
  in: { kinds: SCALARS, literal: 'scalars' },
  not_in: { kinds: SCALARS, literal: 'scalars', negated: true },
  gt: { kinds: ORDERED, literal: 'ordered' },
  gte: { kinds: ORDERED, literal: 'ordered' },
  lt: { kinds: ORDERED, literal: 'ordered' },
  lte: { kinds: ORDERED, literal: 'ordered' },
  between: { kinds: ORDERED, literal: 'range' },
  contains: { kinds: ['text'], literal: 'text' },
  not_contains: { kinds: ['text'], literal: 'text', negated: true },
  starts_with: { kinds: ['text'], literal: 'text' },
  ends_with: { kinds: ['text'], literal: 'text' },
  matches: { kinds: ['text'], literal: 'pattern' },
  before: { kinds: ['time'], literal: 'moment' },
  after: { kinds: ['time'], literal: 'moment' },
  within_last: { kinds: ['time'], literal: 'duration' },
  before_last: { kinds: ['time'], literal: 'duration' },
  within_next: { kinds: ['time'], literal: 'duration' },
  after_next: { kinds: ['time'], literal: 'duration' },
  any_of: { kinds: ['list'], literal: 'texts' },
  all_of: { kinds: ['list'], literal: 'texts' },
  exists: { kinds: ANY, literal: 'none' },
  absent: { kinds: ANY, literal: 'none', negated: true },
}

/** Every operator of traits and properties; titles are those of the schema. */
export function segmentOperators(): readonly OperatorDescription[] {
  const { properties } = segmentFileSchema.$defs.trait_who
  const described = properties as Readonly<
    Record<string, { readonly title?: string; readonly description?: string }>
  >
  return Object.entries(OPERATORS).map(([name, { negated = false, ...operator }]) => ({
    name,
    title: described[name]?.title ?? name,
    description: described[name]?.description ?? '',
    ...operator,
    negated,
  }))
}

/** Aggregates over events: `count` asks for no property; the others for one of these kinds, and give a value of some kind. */
export interface AggregateDescription {
  readonly name: string
  readonly title: string
  readonly description: string
  /** Null: it takes no property. */
  readonly property: readonly ValueKind[] | null
  /** Comparisons that it takes. */
  readonly comparisons: readonly string[]
}

const COMPARISONS = ['eq', 'not_eq', 'gt', 'gte', 'lt', 'lte']
const NUMBERS: readonly ValueKind[] = ['number']

const AGGREGATES: Readonly<Record<string, readonly ValueKind[] | null>> = {
  count: null,
  sum: NUMBERS,
  avg: NUMBERS,
  min: NUMBERS,
  max: NUMBERS,
  unique: ANY,
  first: SCALARS,
  last: SCALARS,
  most_frequent: SCALARS,
}

/** Every aggregate; titles are those of the schema. */
export function segmentAggregates(): readonly AggregateDescription[] {
  const branches = segmentFileSchema.$defs.aggregate.oneOf as readonly {
    readonly title: string
    readonly description: string
    readonly const?: string
    readonly required?: readonly string[]
  }[]
  return branches.map(({ title, description, const: whole, required }) => {
    const name = whole ?? required![0]!
    return { name, title, description, property: AGGREGATES[name] ?? null, comparisons: COMPARISONS }
  })
}

/** Periods of the calendar that windows may name. */
export function calendarPeriods(): readonly string[] {
  return segmentFileSchema.$defs.performed_who.properties.calendar.enum
}
