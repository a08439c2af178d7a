/**
 * What is wrong between mappings, identity and traits, as far as their files tell: names that nothing bears. What needs the
 * stream's columns is checked where they are known.
 */
import type { PropertyWhere } from '@tributary/schemas'
import { type Definitions, mappedTraits, type Vocabulary, vocabulary } from './vocabulary.js'

export interface DefinitionProblem {
  readonly about: 'mapping' | 'traits'
  /** The mapping's id; empty for traits. */
  readonly id: string
  readonly path: readonly (string | number)[]
  /** Point to the key rather than to its value. */
  readonly onKey?: boolean
  readonly message: string
  readonly remedy: string
  readonly severity?: 'error' | 'warning'
}

/** @param sources ids of the workspace's sources */
export function checkDefinitions(
  definitions: Definitions,
  sources: ReadonlySet<string>,
): readonly DefinitionProblem[] {
  const known = vocabulary(definitions)
  return [
    ...definitions.mappings.flatMap((mapping) => mappingProblems(mapping, definitions, known, sources)),
    ...traitProblems(definitions, known),
  ]
}

function mappingProblems(
  { id, definition }: Definitions['mappings'][number],
  { identity }: Definitions,
  known: Vocabulary,
  sources: ReadonlySet<string>,
): DefinitionProblem[] {
  const problems: DefinitionProblem[] = []
  const add = (problem: Omit<DefinitionProblem, 'about' | 'id'>) =>
    problems.push({ about: 'mapping', id, ...problem })
  const source = definition.stream.slice(0, definition.stream.indexOf('.'))
  if (!sources.has(source)) {
    const remedy = sources.size === 0 ? 'add sources/' : `sources are: ${list(sources)}`
    add({ path: ['stream'], message: `there is no source ${source}`, remedy })
  }
  if (!identity) {
    add({
      path: ['identifiers'],
      message: 'there is no identity.yaml to say what identifiers are',
      remedy: `write one with identifiers: { ${Object.keys(definition.identifiers).join(': {}, ')}: {} }`,
    })
    return problems
  }
  for (const type of Object.keys(definition.identifiers)) {
    if (known.identifiers.has(type)) continue
    add({
      path: ['identifiers', type],
      onKey: true,
      message: `identity.yaml knows no identifier ${type}`,
      remedy: `add it there, or use one of: ${list(known.identifiers)}`,
    })
  }
  return problems
}

function traitProblems(definitions: Definitions, known: Vocabulary): DefinitionProblem[] {
  const mapped = mappedTraits(definitions.mappings)
  const { traits = {}, computed = {} } = definitions.traits
  const problems: DefinitionProblem[] = []
  const add = (problem: Omit<DefinitionProblem, 'about' | 'id'>) =>
    problems.push({ about: 'traits', id: '', ...problem })
  for (const [name, { rule, source_priority }] of Object.entries(traits)) {
    const path = ['traits', name]
    if (!mapped.has(name)) {
      const remedy = 'map it, or remove the rule'
      add({ path, onKey: true, message: `no mapping makes the trait ${name}`, remedy, severity: 'warning' })
    }
    if (rule !== undefined && source_priority !== undefined) {
      add({ path, message: 'has both a rule and source_priority', remedy: 'keep one of them' })
    }
  }
  for (const [name, trait] of Object.entries(computed)) {
    const path = ['computed', name]
    if (mapped.has(name)) {
      add({ path, onKey: true, message: `a mapping makes the trait ${name}, too`, remedy: 'rename one' })
    }
    const properties = known.events.get(trait.event)
    if (!properties) {
      const remedy = known.events.size === 0 ? 'map one' : `events are: ${list(known.events.keys())}`
      add({ path: [...path, 'event'], message: `no mapping makes the event ${trait.event}`, remedy })
      continue
    }
    const windows = ['within', 'between', 'calendar'].filter((window) => window in trait)
    if ('since' in trait || 'until' in trait) windows.push('since and until')
    if (windows.length > 1) {
      add({ path, message: `has several windows: ${windows.join(', ')}`, remedy: 'keep one of them' })
    }
    const used = [
      ...Object.values(trait.aggregate === 'count' ? {} : trait.aggregate),
      ...propertiesOf(trait.where),
    ]
    for (const property of used.filter((used) => !properties.has(used))) {
      const remedy = properties.size === 0 ? 'map it' : `its properties are: ${list(properties)}`
      add({ path, message: `${trait.event} has no property ${property}`, remedy })
    }
  }
  return problems
}

function propertiesOf(where: readonly PropertyWhere[] | undefined): string[] {
  return (where ?? []).flatMap((condition) => {
    if ('all' in condition) return propertiesOf(condition.all)
    if ('any' in condition) return propertiesOf(condition.any)
    return 'not' in condition ? propertiesOf([condition.not]) : [condition.property]
  })
}

const list = (names: Iterable<string>): string => [...names].sort().slice(0, 20).join(', ')
