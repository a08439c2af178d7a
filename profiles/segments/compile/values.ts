/** Operators in SQL. Every predicate is 0 or 1, never NULL, so that it can be negated. */
import { quoteString } from '../../../warehouse/types/identifiers.js'
import { quotedProperty, type ValueKind } from '../../facts/values.js'
import { timeLiteral } from '../../time/sql-time.js'
import type { Scalar, ValueTest } from '../value-test.js'

/** A value whose kind differs from row to row. */
export interface Operand {
  /** The predicate over the column of a kind, 0 where the value is of another one. */
  when(kind: ValueKind, predicate: (column: string) => string): string
  readonly exists: string
}

/** A row of the traits. */
export const TRAIT_VALUE: Operand = {
  when: (kind, predicate) => `(kind = '${kind}' AND ${predicate(kind)})`,
  exists: `(kind != 'null')`,
}

/** A property of an event; an empty list is no value. */
export function propertyValue(property: string, kinds: readonly ValueKind[]): Operand {
  const exists = kinds.map((kind) => hasProperty(property, kind))
  return {
    when: (kind, predicate) =>
      kinds.includes(kind) ? `ifNull(${predicate(quotedProperty(kind, property))}, 0)` : '0',
    exists: exists.length === 0 ? '0' : `(${exists.join(' OR ')})`,
  }
}

export function hasProperty(property: string, kind: ValueKind): string {
  const column = quotedProperty(kind, property)
  return kind === 'list' ? `notEmpty(${column})` : `isNotNull(${column})`
}

const SIGNS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** SQL predicate of a test. */
export function testSql(test: ValueTest, operand: Operand): string {
  switch (test.test) {
    case 'equals':
      return equalsSql(test.values, operand)
    case 'number':
      return operand.when(
        'number',
        (column) =>
          `(${test.bounds.map(({ than, value }) => `${column} ${SIGNS[than]} ${numberLiteral(value)}`).join(' AND ')})`,
      )
    case 'time': {
      const { from, to } = test
      return operand.when('time', (column) => {
        const bounds = [
          ...(from === undefined ? [] : [`${column} >= ${instant(from)}`]),
          ...(to === undefined ? [] : [`${column} < ${instant(to)}`]),
        ]
        return `(${bounds.length === 0 ? `${column} >= ${instant(Number.NEGATIVE_INFINITY)}` : bounds.join(' AND ')})`
      })
    }
    case 'contains':
      return operand.when('text', (column) => `(position(${column}, ${quoteString(test.text)}) > 0)`)
    case 'starts_with':
      return operand.when('text', (column) => `startsWith(${column}, ${quoteString(test.text)})`)
    case 'ends_with':
      return operand.when('text', (column) => `endsWith(${column}, ${quoteString(test.text)})`)
    case 'matches':
      // The engine lets a dot match line breaks unless told otherwise; RE2 itself does not.
      return operand.when('text', (column) => `match(${column}, ${quoteString(`(?-s)${test.text}`)})`)
    case 'any_of':
    case 'all_of': {
      const has = test.test === 'any_of' ? 'hasAny' : 'hasAll'
      return operand.when(
        'list',
        (column) => `${has}(${column}, [${test.texts.map(quoteString).join(', ')}])`,
      )
    }
    case 'exists':
      return operand.exists
  }
}

function equalsSql(values: readonly Scalar[], operand: Operand): string {
  const texts = values.filter((value) => typeof value === 'string')
  const numbers = values.filter((value) => typeof value === 'number')
  const booleans = values.filter((value) => typeof value === 'boolean')
  const kinds = [
    ...(texts.length === 0 ? [] : [operand.when('text', oneOf(texts.map(quoteString)))]),
    ...(numbers.length === 0 ? [] : [operand.when('number', oneOf(numbers.map(numberLiteral)))]),
    ...(booleans.length === 0 ? [] : [operand.when('boolean', oneOf(booleans.map(String)))]),
  ]
  return `(${kinds.join(' OR ')})`
}

const oneOf = (literals: readonly string[]) => (column: string) =>
  literals.length <= 3
    ? `(${literals.map((literal) => `${column} = ${literal}`).join(' OR ')})`
    : `(${column} IN (${literals.join(', ')}))`

/** SQL: a number that reads as exactly this double. */
export function numberLiteral(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`writing a number: ${value} is none; check the file first`)
  return Number.isSafeInteger(value) ? String(value) : value.toExponential()
}

const LAST = Date.UTC(2299, 11, 31, 23, 59, 59, 999)
const FIRST = Date.UTC(1900, 0, 1)

/** Times outside of what can be stored are its ends. */
const instant = (time: number) => timeLiteral(new Date(Math.min(Math.max(time, FIRST), LAST)))
