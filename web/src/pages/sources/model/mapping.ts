/**
 * A mapping as it is edited: what a stream's rows say of people. Every function gives a new mapping; what a form does not
 * show (lookups, conditions of several levels) stays as it was written.
 */

import { renamed, withEntry } from '../../../ui/entries.js'

/** As a mapping's file has it. */
export interface Mapping {
  readonly stream: string
  /** Column by type of identifier. */
  readonly identifiers: Readonly<Record<string, string>>
  readonly events?: readonly MappedEvent[]
  readonly traits?: Readonly<Record<string, MappedTrait>>
}

export interface MappedEvent {
  readonly name: string
  readonly message_id?: readonly string[]
  readonly timestamp?: string | Lookup
  readonly when?: Condition
  readonly properties?: Readonly<Record<string, MappedValue>>
}

export type MappedTrait = string | { readonly field: string; readonly timestamp?: string }
export type MappedValue = string | { readonly constant: Scalar } | Lookup
export type Scalar = string | number | boolean

/** A field of another stream's row. */
export interface Lookup {
  readonly lookup: string
  readonly key: string
  readonly field: string
}

/** Only the simple ones are edited by form. */
export type Condition = Readonly<Record<string, unknown>>

/** One test of a column. */
export interface Test {
  readonly field: string
  readonly operator: Operator
  /** As it is typed; lists have commas. Of no account for `exists` and `absent`. */
  readonly value: string
}

export const OPERATORS = [
  { operator: 'eq', label: 'is' },
  { operator: 'not_eq', label: 'is not' },
  { operator: 'in', label: 'is one of' },
  { operator: 'not_in', label: 'is none of' },
  { operator: 'gt', label: 'is more than' },
  { operator: 'gte', label: 'is at least' },
  { operator: 'lt', label: 'is less than' },
  { operator: 'lte', label: 'is at most' },
  { operator: 'contains', label: 'contains' },
  { operator: 'exists', label: 'has a value' },
  { operator: 'absent', label: 'has no value' },
] as const
export type Operator = (typeof OPERATORS)[number]['operator']

/** A mapping with nothing in it. */
export function emptyMapping(stream: string): Mapping {
  return { stream, identifiers: {} }
}

/** The column and the time of a trait. */
export function traitParts(trait: MappedTrait): { readonly field: string; readonly timestamp?: string } {
  return typeof trait === 'string' ? { field: trait } : trait
}

/** What a column's values may be called of a person: its words in small letters, without accents. */
export function traitNameOf(column: string): string {
  const words = column
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
  return words.replace(/^[^a-z]+|_+$/g, '') || 'trait'
}

/** The same, and another one where that is taken. */
export function freeTraitName({ traits = {} }: Mapping, column: string): string {
  const name = traitNameOf(column)
  return name in traits ? `${name}_${Object.keys(traits).length + 1}` : name
}

/** What is wrong with the name of a trait; undefined where nothing is. */
export function traitNameProblem(name: string): string | undefined {
  return /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/.test(name)
    ? undefined
    : 'Small letters, digits and _, beginning with a letter.'
}

/** The column identifies people by a type; no column: it does so no more. */
export function setIdentifier(mapping: Mapping, type: string, column: string | undefined): Mapping {
  return { ...mapping, identifiers: withEntry(mapping.identifiers, type, column) }
}

/** Another trait in place of one, or beside the others; its place in the list stays. */
export function setTrait(
  mapping: Mapping,
  name: string,
  trait: { readonly field: string; readonly timestamp?: string } | undefined,
  before: string = name,
): Mapping {
  const { traits = {}, ...rest } = mapping
  const value = trait && (trait.timestamp ? { field: trait.field, timestamp: trait.timestamp } : trait.field)
  const changed = renamed(traits, before, name, value)
  return Object.keys(changed).length === 0 ? rest : { ...rest, traits: changed }
}

/** Another event in place of one, or behind the others. */
export function setEvent(mapping: Mapping, index: number, event: MappedEvent | undefined): Mapping {
  const { events = [], ...rest } = mapping
  const changed =
    event === undefined
      ? events.filter((_event, place) => place !== index)
      : index < events.length
        ? events.map((before, place) => (place === index ? event : before))
        : [...events, event]
  return changed.length === 0 ? rest : { ...rest, events: changed }
}

/** Another property in place of one, or beside the others. */
export function setProperty(
  event: MappedEvent,
  name: string,
  value: MappedValue | undefined,
  before: string = name,
): MappedEvent {
  const { properties = {}, ...rest } = event
  const changed = renamed(properties, before, name, value)
  return Object.keys(changed).length === 0 ? rest : { ...rest, properties: changed }
}

/** The tests of a condition that a form can show: one, or several that must all hold; undefined: it says more than that. */
export function readTests(when: Condition | undefined): readonly Test[] | undefined {
  if (when === undefined) return []
  if ('all' in when) {
    const parts = when.all as readonly Condition[]
    const tests = parts.map(readTest)
    return tests.every((test) => test !== undefined) ? tests : undefined
  }
  const test = readTest(when)
  return test && [test]
}

/** The condition of tests; undefined: every row. @param types of the columns, so that numbers are compared as such */
export function writeTests(
  tests: readonly Test[],
  types: Readonly<Record<string, string>>,
): Condition | undefined {
  const conditions = tests.map((test) => ({ field: test.field, [test.operator]: valueOfTest(test, types) }))
  return conditions.length < 2 ? conditions[0] : { all: conditions }
}

/** What a column is used as. */
export interface ColumnRole {
  readonly kind: 'identifier' | 'trait' | 'property' | 'time' | 'id' | 'condition'
  /** Of the identifier, the trait, or the event. */
  readonly name: string
}

/** What a column is used as, in all places of a mapping. */
export function columnRoles(mapping: Mapping, column: string): readonly ColumnRole[] {
  const roles: ColumnRole[] = []
  for (const [name, field] of Object.entries(mapping.identifiers))
    if (field === column) roles.push({ kind: 'identifier', name })
  for (const [name, trait] of Object.entries(mapping.traits ?? {})) {
    const { field, timestamp } = traitParts(trait)
    if (field === column) roles.push({ kind: 'trait', name })
    else if (timestamp === column) roles.push({ kind: 'time', name })
  }
  for (const event of mapping.events ?? []) {
    const { name, message_id = [], timestamp, properties = {} } = event
    if (message_id.includes(column)) roles.push({ kind: 'id', name })
    if (timestamp === column) roles.push({ kind: 'time', name })
    if (readTests(event.when)?.some(({ field }) => field === column)) roles.push({ kind: 'condition', name })
    const isUsed = (value: MappedValue) =>
      value === column || (typeof value === 'object' && 'key' in value && value.key === column)
    if (Object.values(properties).some(isUsed)) roles.push({ kind: 'property', name })
  }
  return roles.filter(
    (role, place) => roles.findIndex(({ kind, name }) => kind === role.kind && name === role.name) === place,
  )
}

/** Columns that a mapping names and the stream does not have, in the order in which they are found. */
export function missingColumns(mapping: Mapping, columns: readonly string[]): readonly string[] {
  const named = [
    ...Object.values(mapping.identifiers),
    ...Object.values(mapping.traits ?? {}).flatMap((trait) => Object.values(traitParts(trait))),
    ...(mapping.events ?? []).flatMap(columnsOfEvent),
  ]
  return [...new Set(named)].filter((name) => !columns.includes(name))
}

function columnsOfEvent({ message_id = [], timestamp, when, properties = {} }: MappedEvent): string[] {
  const tested = readTests(when)?.map(({ field }) => field) ?? []
  const values = [...(timestamp === undefined ? [] : [timestamp]), ...Object.values(properties)]
  return [...message_id, ...tested, ...values.flatMap((value) => columnOf(value) ?? [])]
}

function columnOf(value: MappedValue): string | undefined {
  if (typeof value === 'string') return value
  return 'key' in value ? value.key : undefined
}

/** What keeps a mapping from being saved, in words. */
export function mappingProblems(mapping: Mapping): readonly string[] {
  const problems: string[] = []
  if (Object.keys(mapping.identifiers).length === 0)
    problems.push('Choose the column that says whom a row is about.')
  if (
    mapping.events === undefined &&
    mapping.traits === undefined &&
    Object.keys(mapping.identifiers).length < 2
  )
    problems.push('Add an event or something that is known of people; so far rows say nothing but who.')
  for (const name of Object.keys(mapping.traits ?? {}))
    if (traitNameProblem(name) !== undefined)
      problems.push(`The name ${name} has to be of small letters, digits and _, beginning with a letter.`)
  for (const { name, properties = {} } of mapping.events ?? []) {
    if (name.trim() === '') problems.push('Every event needs a name.')
    for (const property of Object.keys(properties))
      if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(property))
        problems.push(`The property ${property} of ${name} has to begin with a letter and hold no blanks.`)
  }
  return problems
}

function readTest(condition: Condition): Test | undefined {
  const { field, ...rest } = condition
  const [[operator, value] = [], ...more] = Object.entries(rest)
  const known = OPERATORS.find((each) => each.operator === operator)
  if (typeof field !== 'string' || known === undefined || more.length > 0) return undefined
  if (known.operator === 'exists' || known.operator === 'absent')
    return { field, operator: known.operator, value: '' }
  // A list whose values hold commas could not be told apart again.
  if (Array.isArray(value) && value.some((item) => String(item).includes(','))) return undefined
  return { field, operator: known.operator, value: Array.isArray(value) ? value.join(', ') : String(value) }
}

function valueOfTest({ field, operator, value }: Test, types: Readonly<Record<string, string>>): unknown {
  if (operator === 'exists' || operator === 'absent') return true
  const one = (text: string) => scalarOf(text.trim(), types[field] ?? '')
  if (operator === 'in' || operator === 'not_in') return value.split(',').map(one)
  return operator === 'contains' ? value : one(value)
}

function scalarOf(text: string, type: string): Scalar {
  if (/bool/i.test(type) && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  if (/int|float|decimal|number|double|numeric/i.test(type) && /^-?\d+(\.\d+)?$/.test(text))
    return Number(text)
  return text
}
