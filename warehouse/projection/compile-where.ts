/**
 * Compiles a stream's `where` into a ClickHouse condition. Literals are checked and written in the column's own type.
 * Two-valued: a comparison with null is false, and `not_eq`, `not_in`, `not_contains` and `not` are the exact opposites
 * of what they negate, so they are true for null.
 */
import { quoteString } from '../types/identifiers.js'
import { type BaseType, parseType } from '../types/type.js'
import { literal } from './literal.js'
import type { Problem } from './problem.js'

/** `{ field, <operator>: value, … }`, or `{ all: […] }`, `{ any: […] }`, `{ not: … }`. Operators side by side all hold. */
export type Where =
  | { readonly all: readonly Where[] }
  | { readonly any: readonly Where[] }
  | { readonly not: Where }
  | { readonly field: string; readonly [operator: string]: unknown }

/** A field as the condition sees it: the expression that gives its value, and that value's type. */
export interface WhereField {
  readonly expression: string
  readonly type: string
}

export interface CompiledWhere {
  /** True or false for every row, never null. Meaningless where there are problems. */
  readonly sql: string
  readonly problems: readonly Problem[]
}

const OPERATORS = [
  'eq',
  'not_eq',
  'gt',
  'gte',
  'lt',
  'lte',
  'between',
  'in',
  'not_in',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'matches',
  'exists',
  'absent',
]

/** Compiles a condition over the fields that `fieldOf` knows. Never throws for what a person can write. */
export function compileWhere(
  where: unknown,
  fieldOf: (name: string) => WhereField | undefined,
): CompiledWhere {
  const problems: Problem[] = []
  return { sql: compileNode(where, 'where', { fieldOf, problems }), problems }
}

/** Names of the fields that a condition reads, each once. Parts that are no condition are passed over. */
export function whereFields(where: unknown): string[] {
  const names = new Set<string>()
  const visit = (node: unknown): void => {
    if (!isObject(node)) return
    if (typeof node.field === 'string') names.add(node.field)
    for (const part of ['all', 'any']) if (Array.isArray(node[part])) node[part].forEach(visit)
    visit(node.not)
  }
  visit(where)
  return [...names]
}

interface Compilation {
  readonly fieldOf: (name: string) => WhereField | undefined
  readonly problems: Problem[]
}

function compileNode(node: unknown, path: string, context: Compilation): string {
  if (!isObject(node))
    return fail(context, path, 'a condition is an object such as { field: status, eq: paid }')
  const { field, ...operators } = node
  if (field !== undefined) return compileField(field, operators, path, context)
  const [kind, ...others] = Object.keys(node)
  const part = `${path}.${kind}`
  if (others.length > 0 || (kind !== 'all' && kind !== 'any' && kind !== 'not')) {
    return fail(context, path, 'a condition has field with operators, or one of all, any, not')
  }
  if (kind === 'not') return `(NOT ${compileNode(node.not, part, context)})`
  const parts = node[kind]
  if (!Array.isArray(parts) || parts.length === 0) return fail(context, part, 'needs a list of conditions')
  const compiled = parts.map((inner, index) => compileNode(inner, `${part}.${index}`, context))
  return `(${compiled.join(kind === 'all' ? ' AND ' : ' OR ')})`
}

function compileField(
  name: unknown,
  operators: Readonly<Record<string, unknown>>,
  path: string,
  context: Compilation,
): string {
  const field = typeof name === 'string' ? context.fieldOf(name) : undefined
  if (field === undefined) return fail(context, `${path}.field`, `the stream has no field ${String(name)}`)
  const compiled = Object.entries(operators).map(([operator, operand]) => {
    const part = `${path}.${operator}`
    if (!OPERATORS.includes(operator)) {
      return fail(context, part, `unknown operator; use one of ${OPERATORS.join(', ')}`)
    }
    const outcome = compileOperator(operator, operand, field)
    return 'sql' in outcome ? outcome.sql : fail(context, part, outcome.problem)
  })
  if (compiled.length === 0) return fail(context, path, `needs an operator: one of ${OPERATORS.join(', ')}`)
  return compiled.length === 1 ? compiled[0]! : `(${compiled.join(' AND ')})`
}

type Outcome = { readonly sql: string } | { readonly problem: string }

const COMPARISONS: Readonly<Record<string, string>> = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' }
const OPPOSITES: Readonly<Record<string, string>> = { not_eq: 'eq', not_in: 'in', not_contains: 'contains' }

function compileOperator(operator: string, operand: unknown, field: WhereField): Outcome {
  const opposite = OPPOSITES[operator]
  if (opposite !== undefined) {
    const inner = compileOperator(opposite, operand, field)
    return 'sql' in inner ? { sql: `(NOT ${inner.sql})` } : inner
  }
  const { expression } = field
  const { base } = parseType(field.type)
  switch (operator) {
    case 'exists':
    case 'absent': {
      if (typeof operand !== 'boolean') return { problem: 'needs true or false' }
      const wantsNull = (operator === 'absent') === operand
      return {
        sql: base.kind === 'Array' ? emptiness(expression, wantsNull) : nullness(expression, wantsNull),
      }
    }
    case 'in':
      return compileIn(operand, field)
    case 'between':
      return compileBetween(operand, field)
    case 'contains':
    case 'starts_with':
    case 'ends_with':
    case 'matches':
      return compileText(operator, operand, expression, base)
    default: {
      const value = literal(base, operand)
      return 'sql' in value ? total(`${expression} ${COMPARISONS[operator]} ${value.sql}`) : value
    }
  }
}

function compileIn(operand: unknown, field: WhereField): Outcome {
  if (!Array.isArray(operand) || operand.length === 0) return { problem: 'needs a list of values' }
  const { base } = parseType(field.type)
  const values: string[] = []
  for (const item of operand) {
    const value = literal(base, item)
    if ('problem' in value) return value
    values.push(value.sql)
  }
  return total(`${field.expression} IN (${values.join(', ')})`)
}

function compileBetween(operand: unknown, field: WhereField): Outcome {
  const range = isObject(operand) ? [operand.from, operand.to] : operand
  if (!Array.isArray(range) || range.length !== 2) return { problem: 'needs [from, to], both included' }
  const { base } = parseType(field.type)
  const from = literal(base, range[0])
  const to = literal(base, range[1])
  if ('problem' in from) return from
  if ('problem' in to) return to
  return total(`${field.expression} BETWEEN ${from.sql} AND ${to.sql}`)
}

function compileText(operator: string, operand: unknown, expression: string, base: BaseType): Outcome {
  if (base.kind === 'Array' && operator === 'contains') {
    const item = literal(base.of.base, operand)
    return 'sql' in item ? { sql: `has(${expression}, ${item.sql})` } : item
  }
  if (base.kind === 'Array') return { problem: 'does not apply to a list' }
  if (typeof operand !== 'string' && typeof operand !== 'number') return { problem: 'needs text' }
  if (String(operand).includes('\0')) return { problem: 'holds a NUL character; remove it' }
  const text = base.kind === 'String' ? expression : `toString(${expression})`
  const value = quoteString(String(operand))
  switch (operator) {
    case 'contains':
      return total(`position(${text}, ${value}) > 0`)
    case 'starts_with':
      return total(`startsWith(${text}, ${value})`)
    case 'ends_with':
      return total(`endsWith(${text}, ${value})`)
    default:
      return total(`match(${text}, ${value})`)
  }
}

/** Makes a comparison two-valued: with null it is false. */
function total(comparison: string): Outcome {
  return { sql: `ifNull(${comparison}, false)` }
}

function nullness(expression: string, wantsNull: boolean): string {
  return `(${expression} IS ${wantsNull ? 'NULL' : 'NOT NULL'})`
}

function emptiness(expression: string, wantsEmpty: boolean): string {
  return `${wantsEmpty ? 'empty' : 'notEmpty'}(${expression})`
}

function fail(context: Compilation, path: string, message: string): string {
  context.problems.push({ path, message, remedy: 'correct the condition' })
  return 'false'
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
