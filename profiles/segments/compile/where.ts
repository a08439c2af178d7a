/** Which events count: name, span and conditions on properties, as a predicate over rows of events. */
import type { PropertyWhere } from '@tributary/schemas'
import { quoteString } from '../../../warehouse/types/identifiers.js'
import { quotedProperty } from '../../facts/values.js'
import { inSpanSql } from '../../time/sql-time.js'
import type { Span } from '../../time/window.js'
import { readCondition } from '../value-test.js'
import type { CompileContext } from './context.js'
import { propertyValue, testSql } from './values.js'

/** SQL predicate: events of a name within a span. */
export const eventsIn = (event: string, span: Span): string =>
  `event = ${quoteString(event)} AND ${inSpanSql('ts', span)}`

/** SQL: ` AND …` for each condition; empty without any. */
export function andWhere(where: readonly PropertyWhere[], context: CompileContext): string {
  return where.map((condition) => ` AND ${whereSql(condition, context)}`).join('')
}

/** SQL predicate of one condition on properties, 0 or 1. */
export function whereSql(condition: PropertyWhere, context: CompileContext): string {
  if ('all' in condition) return joined(condition.all, 'AND', context)
  if ('any' in condition) return joined(condition.any, 'OR', context)
  if ('not' in condition) return `NOT ${whereSql(condition.not, context)}`
  const { negated, test } = readCondition(condition, context)
  const sql = testSql(test, propertyValue(condition.property, context.propertyKinds(condition.property)))
  return negated ? `NOT ${sql}` : sql
}

/** Columns that conditions read, quoted. */
export const columnsIn = (where: readonly PropertyWhere[], context: CompileContext): readonly string[] =>
  where.flatMap((condition) => {
    if ('all' in condition) return columnsIn(condition.all, context)
    if ('any' in condition) return columnsIn(condition.any, context)
    return 'not' in condition ? columnsIn([condition.not], context) : columnsOf(condition.property, context)
  })

/** Columns of a property, quoted. */
export const columnsOf = (property: string, { propertyKinds }: CompileContext): readonly string[] =>
  propertyKinds(property).map((kind) => quotedProperty(kind, property))

const joined = (conditions: readonly PropertyWhere[], by: string, context: CompileContext): string =>
  `(${conditions.map((condition) => whereSql(condition, context)).join(` ${by} `)})`
