/**
 * From a definition to what the builder edits. Nothing is lost: whatever would not be written back as it was becomes a
 * condition of its own that is kept as it is.
 */
import type {
  Condition,
  Draft,
  PropertyTest,
  Question,
  SequenceCondition,
  Step,
  Test,
  Where,
  Window,
} from './conditions.js'
import { type Definition, isObject, isSame, type Json, type JsonObject } from './definition.js'
import { OPERATORS } from './operators.js'
import { groupNode, leafNode, type Node, newId } from './tree.js'
import { writeCondition, writeProperty } from './write.js'

/** The draft of a definition. */
export function readDefinition({ name, description = '', time_zone = '', who }: Definition): Draft {
  return { name, description, timeZone: time_zone, root: readWho(who) }
}

/** A tree of conditions. */
export function readWho(who: Json): Node<Condition> {
  return readTree(who, 0, (value): Condition => {
    const condition = isObject(value) ? readCondition(value) : undefined
    return condition !== undefined && isSame(writeCondition(condition), value)
      ? condition
      : { kind: 'other', value }
  })
}

function readTree<Leaf>(value: Json, nots: number, readLeaf: (value: Json) => Leaf): Node<Leaf> {
  if (isObject(value) && Object.keys(value).length === 1) {
    const { all, any, not } = value
    if (not !== undefined) return readTree(not, nots + 1, readLeaf)
    const parts = all ?? any
    if (Array.isArray(parts)) {
      const children = parts.map((part: Json) => readTree(part, 0, readLeaf))
      return groupNode(all === undefined ? 'any' : 'all', children, nots)
    }
  }
  return leafNode(readLeaf(value), nots)
}

function readCondition(value: JsonObject): Condition | undefined {
  if (isText(value.trait)) {
    const test = readTest(value)
    return test && { kind: 'trait', trait: value.trait, test, ...zoneOf(value) }
  }
  if (isText(value.performed)) {
    return {
      kind: 'performed',
      event: value.performed,
      question: readQuestion(value),
      ...whereOf(value),
      window: readWindow(value),
      ...zoneOf(value),
    }
  }
  if (Array.isArray(value.sequence)) return readSequence(value.sequence, value.within)
  if (isText(value.segment)) return { kind: 'segment', segment: value.segment }
  if (isText(value.list)) return { kind: 'list', list: value.list }
  if (isText(value.consent)) return { kind: 'consent', purpose: value.consent }
  if (isText(value.identifier))
    return { kind: 'identifier', type: value.identifier, known: value.exists === true }
  if (isObject(value.random)) {
    const { share = '', seed } = value.random
    return { kind: 'random', share, ...(isText(seed) && { seed }) }
  }
  return value.everyone === true ? { kind: 'everyone' } : undefined
}

function readTest(value: JsonObject): Test | undefined {
  const operator = Object.keys(value).find((key) => key in OPERATORS)
  return operator === undefined ? undefined : { operator, value: value[operator]! }
}

function readQuestion(value: JsonObject): Question {
  const { times, aggregate, occurrence } = value
  if (isObject(times)) {
    const [comparison = 'gte', count = ''] = Object.entries(times)[0] ?? []
    return { ask: 'times', comparison, value: count }
  }
  if (isText(occurrence)) return { ask: 'occurrence', which: occurrence }
  if (aggregate === undefined) return { ask: 'any' }
  const comparison = ['eq', 'not_eq', 'gt', 'gte', 'lt', 'lte'].find((name) => name in value) ?? 'gte'
  const compared = { comparison, operand: value[comparison] ?? '' }
  if (!isObject(aggregate)) return { ask: 'aggregate', of: String(aggregate), ...compared }
  const [of = 'count', property] = Object.entries(aggregate)[0] ?? []
  return { ask: 'aggregate', of, ...(isText(property) && { property }), ...compared }
}

function readWindow({ within, between, since, until, calendar }: JsonObject): Window {
  if (isText(within)) return { span: 'within', within }
  if (isObject(between) && isText(between.from) && isText(between.to))
    return { span: 'ago', from: between.from, to: between.to }
  if (isText(calendar)) return { span: 'calendar', period: calendar }
  if (since === undefined && until === undefined) return { span: 'ever' }
  return { span: 'dates', ...(isText(since) && { since }), ...(isText(until) && { until }) }
}

function readSequence(sequence: readonly Json[], within: Json | undefined): SequenceCondition | undefined {
  const steps = sequence.map(readStep)
  if (!isText(within) || !steps.every((step) => step !== undefined)) return undefined
  return { kind: 'sequence', steps, within }
}

function readStep(value: Json): Step | undefined {
  if (!isObject(value)) return undefined
  const not = isObject(value.not)
  const event = isObject(value.not) ? value.not : value
  return isText(event.performed) ? { id: newId(), not, event: event.performed, ...whereOf(event) } : undefined
}

function whereOf({ where }: JsonObject): { readonly where?: readonly Where[] } {
  return Array.isArray(where) ? { where: where.map(readWhere) } : {}
}

/** Conditions on properties. */
export function readWhere(value: Json): Where {
  return readTree(value, 0, (leaf): PropertyTest => {
    const test = isObject(leaf) && isText(leaf.property) ? readTest(leaf) : undefined
    if (test === undefined) return { kind: 'other', value: leaf }
    const property = { kind: 'property', property: (leaf as { property: string }).property, test } as const
    return isSame(writeProperty(property), leaf) ? property : { kind: 'other', value: leaf }
  })
}

const zoneOf = ({ time_zone }: JsonObject) => (isText(time_zone) ? { timeZone: time_zone } : {})

const isText = (value: Json | undefined): value is string => typeof value === 'string'
