/** From what the builder edits to a definition, with the keys in the order in which people write them. */
import type { Condition, Draft, PropertyTest, Question, Step, Test, Where, Window } from './conditions.js'
import type { Definition, Json, JsonObject } from './definition.js'
import type { Node } from './tree.js'

/** The definition of a draft; empty descriptions and zones are left out. */
export function writeDefinition({ name, description, timeZone, root }: Draft): Definition {
  return {
    name,
    ...(description !== '' && { description }),
    ...(timeZone !== '' && { time_zone: timeZone }),
    who: writeWho(root),
  }
}

/** A tree of conditions. */
export function writeWho(root: Node<Condition>): Json {
  return writeTree(root, writeCondition)
}

function writeTree<Leaf>(node: Node<Leaf>, writeLeaf: (leaf: Leaf) => Json): Json {
  let value: Json =
    node.kind === 'leaf'
      ? writeLeaf(node.leaf)
      : { [node.match]: node.children.map((child) => writeTree(child, writeLeaf)) }
  for (let count = 0; count < node.nots; count += 1) value = { not: value }
  return value
}

/** One condition. */
export function writeCondition(condition: Condition): Json {
  switch (condition.kind) {
    case 'trait':
      return { trait: condition.trait, ...writeTest(condition.test), ...zone(condition) }
    case 'performed': {
      const { event, question, where, window } = condition
      const { comparison, ...asked } = writeQuestion(question)
      return {
        performed: event,
        ...asked,
        ...writeWheres(where),
        ...writeWindow(window),
        ...comparison,
        ...zone(condition),
      }
    }
    case 'sequence':
      return { sequence: condition.steps.map(writeStep), within: condition.within }
    case 'segment':
      return { segment: condition.segment }
    case 'list':
      return { list: condition.list }
    case 'consent':
      return { consent: condition.purpose }
    case 'identifier':
      return { identifier: condition.type, [condition.known ? 'exists' : 'absent']: true }
    case 'random': {
      const { share, seed } = condition
      return { random: { share, ...(seed !== undefined && { seed }) } }
    }
    case 'everyone':
      return { everyone: true }
    case 'other':
      return condition.value
  }
}

function writeTest({ operator, value }: Test): JsonObject {
  return { [operator]: value }
}

function writeQuestion(question: Question): JsonObject & { readonly comparison?: JsonObject } {
  switch (question.ask) {
    case 'any':
      return {}
    case 'times':
      return { times: { [question.comparison]: question.value } }
    case 'occurrence':
      return { occurrence: question.which }
    case 'aggregate': {
      const { of, property, comparison, operand } = question
      return {
        aggregate: property === undefined ? of : { [of]: property },
        comparison: { [comparison]: operand },
      }
    }
  }
}

function writeWindow(window: Window): JsonObject {
  switch (window.span) {
    case 'ever':
      return {}
    case 'within':
      return { within: window.within }
    case 'ago':
      return { between: { from: window.from, to: window.to } }
    case 'dates': {
      const { since, until } = window
      return { ...(since !== undefined && { since }), ...(until !== undefined && { until }) }
    }
    case 'calendar':
      return { calendar: window.period }
  }
}

function writeStep({ not, event, where }: Step): Json {
  const step = { performed: event, ...writeWheres(where) }
  return not ? { not: step } : step
}

function writeWheres(where: readonly Where[] | undefined): JsonObject {
  return where === undefined ? {} : { where: where.map((each) => writeTree(each, writeProperty)) }
}

/** One condition on a property. */
export function writeProperty(test: PropertyTest): Json {
  return test.kind === 'other' ? test.value : { property: test.property, ...writeTest(test.test) }
}

const zone = ({ timeZone }: { readonly timeZone?: string }): JsonObject =>
  timeZone === undefined ? {} : { time_zone: timeZone }
