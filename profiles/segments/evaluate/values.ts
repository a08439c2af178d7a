/** Operators on a value in memory; what the compiler says in SQL. */
import { RE2JS } from 're2js'
import type { NumberBound, Scalar, ValueTest } from '../value-test.js'
import type { Value } from './person.js'

/** Whether a value passes a test; undefined, for absence, passes none. */
export function passes(test: ValueTest, value: Value | undefined): boolean {
  if (value === undefined) return false
  switch (test.test) {
    case 'exists':
      return true
    case 'equals':
      return test.values.some((one) => equal(value, one))
    case 'number':
      return (
        typeof value === 'number' &&
        test.bounds.every(({ than, value: bound }) => ordered(value, than, bound))
      )
    case 'time': {
      if (!(value instanceof Date)) return false
      const time = value.getTime()
      return time >= (test.from ?? Number.NEGATIVE_INFINITY) && time < (test.to ?? Number.POSITIVE_INFINITY)
    }
    case 'any_of':
      return Array.isArray(value) && test.texts.some((text) => value.includes(text))
    case 'all_of':
      return Array.isArray(value) && test.texts.every((text) => value.includes(text))
    default:
      return typeof value === 'string' && textPasses(test.test, test.text, value)
  }
}

/** True for the same text, number or truth value; lists and times equal nothing. */
export const equal = (value: Value, other: Scalar | Value): boolean =>
  typeof value !== 'object' && value === other

export function ordered(value: number, than: NumberBound['than'], bound: number): boolean {
  switch (than) {
    case 'gt':
      return value > bound
    case 'gte':
      return value >= bound
    case 'lt':
      return value < bound
    case 'lte':
      return value <= bound
  }
}

function textPasses(test: 'contains' | 'starts_with' | 'ends_with' | 'matches', text: string, value: string) {
  if (test === 'contains') return value.includes(text)
  if (test === 'starts_with') return value.startsWith(text)
  return test === 'ends_with' ? value.endsWith(text) : RE2JS.compile(text).matcher(value).find()
}
