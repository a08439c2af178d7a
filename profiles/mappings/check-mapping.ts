/** What is wrong between a mapping and the columns of its stream: each problem with its place and what to do. Pure. */
import type { IdentityFile, MappedEvent, MappingFile } from '@tributary/schemas'
import { nearestName } from '@tributary/schemas'
import { compileWhere } from '../../warehouse/projection/compile-where.js'
import { quoteIdentifier } from '../../warehouse/types/identifiers.js'
import type { StreamDescription } from './describe-stream.js'
import { lookupsOf } from './lookups.js'
import { keyOf, type MappingSource, messageIdOf } from './plan-mapping.js'
import { canBeTruth, isTruthTrait } from './truth-trait.js'
import { isScalar, kindOfType } from './value-of-type.js'

export interface MappingProblem {
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly remedy: string
}

/** Empty where `stageMapping` will take the mapping. */
export function checkMapping({
  mapping,
  identity,
  stream,
  lookups,
}: MappingSource): readonly MappingProblem[] {
  const check = new Check(stream)
  checkIdentifiers(check, mapping, identity)
  for (const [index, event] of (mapping.events ?? []).entries()) checkEvent(check, event, index)
  checkKey(check, mapping, stream)
  checkTraits(check, mapping)
  checkLookups(check, mapping, lookups)
  return check.problems
}

type Path = MappingProblem['path']

class Check {
  readonly problems: MappingProblem[] = []
  readonly #types: ReadonlyMap<string, string>

  constructor(readonly stream: StreamDescription) {
    this.#types = new Map(stream.columns.map(({ name, type }) => [name, type]))
  }

  typeOf(column: string): string | undefined {
    return this.#types.get(column)
  }

  add(path: Path, message: string, remedy: string): void {
    this.problems.push({ path, message, remedy })
  }

  /** The type of a column that has to be there. */
  column(path: Path, name: string, stream: StreamDescription = this.stream): string | undefined {
    const type = stream.columns.find((column) => column.name === name)?.type
    if (type !== undefined) return type
    const names = stream.columns.map((column) => column.name)
    const near = nearestName(name, names)
    const remedy = near === undefined ? `use one of: ${names.join(', ')}` : `did you mean ${near}?`
    this.add(path, `${stream.source}.${stream.stream} has no column ${name}`, remedy)
    return undefined
  }

  time(path: Path, name: string | undefined, stream?: StreamDescription): void {
    const type = name === undefined ? undefined : this.column(path, name, stream)
    if (type === undefined || kindOfType(type) === 'time') return
    this.add(
      path,
      `${name} is no time but ${type}`,
      'name a column of dates or times, or declare the format date-time in the schema of the stream',
    )
  }

  text(path: Path, text: unknown): void {
    if (typeof text !== 'string' || !text.includes('\0')) return
    this.add(path, 'holds a NUL character', 'remove it')
  }
}

function checkIdentifiers(check: Check, mapping: MappingFile, identity: IdentityFile): void {
  const known = Object.keys(identity.identifiers)
  for (const [type, column] of Object.entries(mapping.identifiers)) {
    const path = ['identifiers', type]
    if (!known.includes(type)) {
      const near = nearestName(type, known)
      const others = known.length === 0 ? '' : `, or use one of: ${known.join(', ')}`
      check.add(
        path,
        `identity.yaml knows no identifier ${type}`,
        `${near === undefined ? '' : `did you mean ${near}? Else `}add it there${others}`,
      )
    }
    const columnType = check.column(path, column)
    if (columnType !== undefined && !isScalar(columnType)) {
      check.add(
        path,
        `${column} is ${columnType}, which identifies nobody`,
        'name a column of texts or numbers',
      )
    }
  }
}

function checkEvent(check: Check, event: MappedEvent, index: number): void {
  const path = ['events', index]
  check.text([...path, 'name'], event.name)
  if (typeof event.timestamp === 'string') check.time([...path, 'timestamp'], event.timestamp)
  for (const [position, column] of (event.message_id ?? []).entries()) {
    const type = check.column([...path, 'message_id', position], column)
    if (type !== undefined && !isScalar(type)) {
      check.add(
        [...path, 'message_id', position],
        `${column} is ${type}, which identifies nothing`,
        'name columns of texts, numbers or times',
      )
    }
  }
  for (const [property, value] of Object.entries(event.properties ?? {})) {
    const place = [...path, 'properties', property]
    if (typeof value === 'string') check.column(place, value)
    else if ('constant' in value) check.text(place, value.constant)
  }
  if (event.when === undefined) return
  const { problems } = compileWhere(event.when, (name) => {
    const type = check.typeOf(name)
    return type === undefined ? undefined : { expression: quoteIdentifier(name), type }
  })
  for (const { path: where, message, remedy } of problems) {
    const [, ...steps] = where.split('.')
    check.add(
      [...path, 'when', ...steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step))],
      message,
      remedy,
    )
  }
}

function checkKey(check: Check, mapping: MappingFile, stream: StreamDescription): void {
  const events = mapping.events ?? []
  const first = messageIdOf(mapping)
  if (first !== undefined) {
    for (const [index, { message_id }] of events.entries()) {
      const differs = !same(message_id ?? stream.key, first)
      if (!differs) continue
      check.add(
        ['events', index, 'message_id'],
        'events of one mapping have different message ids',
        `write message_id: [${first.join(', ')}] here too, or map them in files of their own`,
      )
    }
    return
  }
  if (keyOf(mapping, stream).length > 0) return
  check.add(
    ['events', 0, 'message_id'],
    `rows of ${stream.source}.${stream.stream} have no key that is known`,
    `write message_id with the columns that identify the event, or set primary_key of the stream in sources/${stream.source}.yaml`,
  )
}

function checkLookups(check: Check, mapping: MappingFile, streams: MappingSource['lookups']): void {
  for (const { lookup, path, isTime } of lookupsOf(mapping)) {
    const type = check.column([...path, 'key'], lookup.key)
    if (type !== undefined && !isScalar(type)) {
      check.add(
        [...path, 'key'],
        `${lookup.key} is ${type}, which names no row`,
        'name a column of texts or numbers',
      )
    }
    const stream = streams.get(lookup.lookup)
    if (stream === undefined) {
      const remedy = 'load it first, or correct its name'
      check.add([...path, 'lookup'], `the warehouse has no stream ${lookup.lookup}`, remedy)
      continue
    }
    if (stream.key.length !== 1) {
      const key = stream.key.length === 0 ? 'none' : stream.key.join(', ')
      const remedy = 'look values up in a stream whose primary key is one column'
      check.add([...path, 'lookup'], `the key of ${lookup.lookup} is not one column but ${key}`, remedy)
    }
    if (isTime) check.time([...path, 'field'], lookup.field, stream)
    else check.column([...path, 'field'], lookup.field, stream)
  }
}

function checkTraits(check: Check, mapping: MappingFile): void {
  for (const [trait, value] of Object.entries(mapping.traits ?? {})) {
    const column = typeof value === 'string' ? value : value.field
    const path = typeof value === 'string' ? ['traits', trait] : ['traits', trait, 'field']
    const type = check.column(path, column)
    if (typeof value !== 'string') check.time(['traits', trait, 'timestamp'], value.timestamp)
    if (type === undefined || !isTruthTrait(trait) || canBeTruth(type)) continue
    const remedy = 'name a column of truth values, or of words such as yes and no'
    check.add(path, `${trait} is true or false, but ${column} is ${type}`, remedy)
  }
}

const same = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((name, index) => name === right[index])
