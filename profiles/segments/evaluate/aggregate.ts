/** Aggregates over events in memory, and what they are compared with. */
import type { Aggregate, PerformedWho } from '@tributary/schemas'
import type { Scalar } from '../value-test.js'
import type { PersonEvent, PersonFacts, Value } from './person.js'
import { equal, ordered } from './values.js'

/** The value; undefined where it has none. @param events by time, then row */
export function aggregateOf(aggregate: Aggregate, events: readonly PersonEvent[]): Value | undefined {
  if (aggregate === 'count') return events.length
  const [[name, property]] = Object.entries(aggregate) as [[string, string]]
  const all = events.map(({ properties }) => properties.get(property)).filter((value) => value !== undefined)
  const numbers = all.filter((value): value is number => typeof value === 'number')
  switch (name) {
    case 'sum':
      return rounded(sum(numbers))
    case 'avg':
      return numbers.length === 0 ? undefined : rounded(sum(numbers) / numbers.length)
    case 'min':
      return numbers.length === 0 ? undefined : numbers.reduce((a, b) => Math.min(a, b))
    case 'max':
      return numbers.length === 0 ? undefined : numbers.reduce((a, b) => Math.max(a, b))
    case 'unique':
      return countEach(all).length
    case 'first':
      return all[0]
    case 'last':
      return all.at(-1)
    default:
      return countEach(all).sort((a, b) => b.times - a.times || compareValues(a.value, b.value))[0]?.value
  }
}

/** Whether the aggregate's comparison holds. */
export function comparisonHolds(
  who: PerformedWho,
  value: Value | undefined,
  { traits }: PersonFacts,
): boolean {
  const other = (operand: Scalar | { readonly trait: string }): Value | undefined =>
    typeof operand === 'object' ? traits.get(operand.trait)?.value : operand
  const equals = (operand: Scalar | { readonly trait: string }) => {
    const theirs = other(operand)
    return value !== undefined && theirs !== undefined && equal(value, theirs)
  }
  if (who.eq !== undefined) return equals(who.eq)
  if (who.not_eq !== undefined) return !equals(who.not_eq)
  for (const than of ['gt', 'gte', 'lt', 'lte'] as const) {
    const operand = who[than]
    if (operand !== undefined) return inOrder(value, than, other(operand))
  }
  return false
}

function inOrder(
  value: Value | undefined,
  than: 'gt' | 'gte' | 'lt' | 'lte',
  other: Value | undefined,
): boolean {
  if (typeof value === 'number' && typeof other === 'number') return ordered(value, than, other)
  return value instanceof Date && other instanceof Date && ordered(value.getTime(), than, other.getTime())
}

/** With compensation, so that the order of the numbers does not matter. */
function sum(numbers: readonly number[]): number {
  let total = 0
  let lost = 0
  for (const number of numbers) {
    const corrected = number - lost
    const next = total + corrected
    lost = next - total - corrected
    total = next
  }
  return total
}

/** To 6 decimals, halves to even, as the engine does. */
function rounded(value: number): number {
  const scaled = value * 1e6
  if (!Number.isFinite(scaled)) return value
  const whole = Math.round(scaled)
  const tie = Math.abs(scaled - Math.trunc(scaled)) === 0.5
  return (tie && whole % 2 !== 0 ? whole - 1 : whole) / 1e6
}

interface Counted {
  readonly value: Value
  readonly times: number
}

/** Distinct values that can be counted, each with how often it occurs; lists are left out. */
function countEach(values: readonly Value[]): Counted[] {
  const counts = new Map<string, { value: Value; times: number }>()
  for (const value of values) {
    if (Array.isArray(value)) continue
    const key = `${RANKS.indexOf(kindOf(value))}:${value instanceof Date ? value.getTime() : value}`
    const known = counts.get(key)
    if (known) known.times += 1
    else counts.set(key, { value, times: 1 })
  }
  return [...counts.values()]
}

/** The order of kinds. */
const RANKS = ['string', 'number', 'boolean', 'time']
const kindOf = (value: Value) => (value instanceof Date ? 'time' : typeof value)

/** Kinds in their order, texts by bytes. */
function compareValues(a: Value, b: Value): number {
  const kinds = RANKS.indexOf(kindOf(a)) - RANKS.indexOf(kindOf(b))
  if (kinds !== 0) return kinds
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(String(b)))
  return Number(a) - Number(b)
}
