/**
 * An aggregate of a property over the matching events, compared with a literal or with a trait of the same person. Sum, count
 * and unique of nothing are 0; what else has no value without events, and then every comparison fails.
 */
import type { Aggregate, PerformedWho } from '@tributary/schemas'
import { quoteString } from '../../../warehouse/types/identifiers.js'
import { quotedProperty, type ValueKind } from '../../facts/values.js'
import type { Scalar, ValueTest } from '../value-test.js'
import type { CompileContext } from './context.js'
import { EVENT_ORDER, pickBy } from './event-order.js'
import { type Formula, not } from './formula.js'
import { matching, matchingEvents } from './matching.js'
import { hasProperty, type Operand, testSql } from './values.js'

type Comparison = 'eq' | 'not_eq' | 'gt' | 'gte' | 'lt' | 'lte'
const COMPARISONS: readonly Comparison[] = ['eq', 'not_eq', 'gt', 'gte', 'lt', 'lte']
const SIGNS = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** What holds of an aggregate, as SQL over `FROM events WHERE matching`. */
interface AggregateSql {
  /** SELECT of profile and value. */
  values(from: string): string
  /** The value, as an operand over the columns of `values`. */
  readonly operand: Operand
  /** What people without events have. */
  readonly ofNothing?: number
}

export function compileAggregate(who: PerformedWho, aggregate: Aggregate, context: CompileContext): Formula {
  const operator = COMPARISONS.find((name) => who[name] !== undefined)
  if (!operator) throw new Error('reading an aggregate: it is compared with nothing; check the file first')
  const literal = who[operator]!
  const positive = operator === 'not_eq' ? 'eq' : operator
  const sql = aggregateSql(aggregate, context)
  const compared =
    typeof literal === 'object'
      ? withTrait(who, aggregate, positive, literal.trait, sql, context)
      : withLiteral(who, aggregate, positive, literal, sql, context)
  return operator === 'not_eq' ? not(compared) : compared
}

function withLiteral(
  who: PerformedWho,
  aggregate: Aggregate,
  operator: Exclude<Comparison, 'not_eq'>,
  literal: Scalar,
  sql: AggregateSql,
  context: CompileContext,
): Formula {
  const test: ValueTest =
    operator === 'eq'
      ? { test: 'equals', values: [literal] }
      : { test: 'number', bounds: [{ than: operator, value: literal as number }] }
  const holdsForNothing = sql.ofNothing !== undefined && compare(sql.ofNothing, operator, literal)
  const predicate = `${holdsForNothing ? 'NOT ' : ''}${testSql(test, sql.operand)}`
  const leaf = context.leaf({
    ...matchingEvents(who, context, { aggregate, [operator]: literal, not: holdsForNothing }),
    sql: ({ events }) =>
      `SELECT profile FROM (${sql.values(`FROM ${events} WHERE ${matching(who, context)}`)}) WHERE ${predicate}`,
  })
  return holdsForNothing ? not(leaf) : leaf
}

function compare(value: number, operator: Exclude<Comparison, 'not_eq'>, literal: Scalar): boolean {
  if (typeof literal !== 'number') return false
  const holds = {
    eq: value === literal,
    gt: value > literal,
    gte: value >= literal,
    lt: value < literal,
    lte: value <= literal,
  }
  return holds[operator]
}

function withTrait(
  who: PerformedWho,
  aggregate: Aggregate,
  operator: Exclude<Comparison, 'not_eq'>,
  trait: string,
  sql: AggregateSql,
  context: CompileContext,
): Formula {
  const kinds: readonly ValueKind[] = operator === 'eq' ? ['text', 'number', 'boolean'] : ['number', 'time']
  const comparisons = kinds.map(
    (kind) =>
      `(kind = '${kind}' AND ${sql.operand.when(kind, (column) => `${column} ${SIGNS[operator]} theirs.${kind}`)})`,
  )
  const shared = matchingEvents(who, context, { aggregate, [operator]: { trait } })
  return context.leaf({
    ...shared,
    reads: { ...shared.reads, traits: [trait] },
    sql: ({ events, traits }) =>
      `SELECT theirs.profile AS profile FROM (SELECT profile, kind, text, number, boolean, time FROM ${traits}
         WHERE trait = ${quoteString(trait)}) AS theirs
       LEFT JOIN (${sql.values(`FROM ${events} WHERE ${matching(who, context)}`)}) AS done
       ON theirs.profile = done.profile WHERE ${comparisons.join(' OR ')}`,
  })
}

function aggregateSql(aggregate: Aggregate, context: CompileContext): AggregateSql {
  if (aggregate === 'count') return numeric('toNullable(toFloat64(count()))', 0)
  const [[name, property]] = Object.entries(aggregate) as [[string, string]]
  const kinds = context.propertyKinds(property)
  const number = kinds.includes('number')
    ? quotedProperty('number', property)
    : "CAST(NULL, 'Nullable(Float64)')"
  switch (name) {
    case 'sum':
      return numeric(`round(sumKahan(${number}), 6)`, 0)
    case 'avg':
      return numeric(`round(sumKahan(${number}) / count(${number}), 6)`)
    case 'min':
    case 'max':
      return numeric(`${name}(${number})`)
    case 'unique':
      return numeric(`toNullable(toFloat64(${distinctSql(property, kinds)}))`, 0)
    case 'first':
    case 'last': {
      const has = kinds.map((kind) => hasProperty(property, kind)).join(' OR ') || '0'
      return {
        values: (from) =>
          `SELECT profile, ${pickBy(name)}(${tupleSql(property, kinds)}, ${EVENT_ORDER}) AS value ${from} AND (${has}) GROUP BY profile`,
        operand: TUPLE_VALUE,
      }
    }
    default:
      return mostFrequent(property, kinds)
  }
}

/** Where events or numbers are missing, the value is NULL: nothing holds of it, or it is 0. */
function numeric(value: string, ofNothing?: number): AggregateSql {
  const column = ofNothing === undefined ? 'value' : `ifNull(value, ${ofNothing})`
  return {
    values: (from) => `SELECT profile, ${value} AS value ${from} GROUP BY profile`,
    operand: {
      when: (kind, predicate) => (kind === 'number' ? `ifNull(${predicate(column)}, 0)` : '0'),
      exists: 'isNotNull(value)',
    },
    ...(ofNothing !== undefined && { ofNothing }),
  }
}

/** Kinds of which values can be counted, in the order in which the least is chosen. */
const COUNTED = ['text', 'number', 'boolean', 'time'] as const

function distinctSql(property: string, kinds: readonly ValueKind[]): string {
  const counts = COUNTED.filter((kind) => kinds.includes(kind)).map((kind) => {
    const column = quotedProperty(kind, property)
    return `uniqExact(${kind === 'number' ? `${column} + 0` : column})`
  })
  return counts.join(' + ') || '0'
}

/** The kind's rank, then a column for each kind; ordered as values of several kinds are. */
function tupleSql(property: string, kinds: readonly ValueKind[]): string {
  const ranks = kinds.map((kind) => `${hasProperty(property, kind)}, ${rankOf(kind)}`)
  const rank = ranks.length === 0 ? '0' : `multiIf(${ranks.join(', ')}, 0)`
  const column = (kind: (typeof COUNTED)[number], empty: string, plus = '') =>
    kinds.includes(kind) ? `ifNull(${quotedProperty(kind, property)}${plus}, ${empty})` : empty
  return `tuple(toUInt8(${rank}), ${column('text', "''")}, ${column('number', 'toFloat64(0)', ' + 0')},
    toUInt8(${column('boolean', 'false')}), ${column('time', "toDateTime64(0, 3, 'UTC')")})`
}

const rankOf = (kind: ValueKind): number => (kind === 'list' ? 5 : COUNTED.indexOf(kind) + 1)

const TUPLE_VALUE: Operand = {
  when: (kind, predicate) =>
    kind === 'list' ? '0' : `(value.1 = ${rankOf(kind)} AND ${predicate(`value.${rankOf(kind) + 1}`)})`,
  exists: '(value.1 > 0)',
}

function mostFrequent(property: string, kinds: readonly ValueKind[]): AggregateSql {
  const counted = COUNTED.filter((kind) => kinds.includes(kind))
  const has = counted.map((kind) => hasProperty(property, kind)).join(' OR ') || '0'
  return {
    values: (from) =>
      `SELECT profile, argMin(each, (-toInt64(times), each)) AS value FROM (
         SELECT profile, ${tupleSql(property, counted)} AS each, count() AS times ${from} AND (${has}) GROUP BY profile, each)
       GROUP BY profile`,
    operand: TUPLE_VALUE,
  }
}
