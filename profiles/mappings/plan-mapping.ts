/**
 * Compiles a mapping over a stream's columns into SQL expressions, and says what is wrong with it. Pure. The expressions
 * are over the stream's columns and the helper columns that `gather-rows.ts` adds.
 */
import { createHash } from 'node:crypto'
import type { IdentityFile, MappedEvent, MappedTrait, MappingFile } from '@tributary/schemas'
import { compileWhere, whereFields } from '../../warehouse/projection/compile-where.js'
import { quoteIdentifier, quoteString } from '../../warehouse/types/identifiers.js'
import { propertyColumn, type ValueKind } from '../facts/values.js'
import type { StreamDescription } from './describe-stream.js'
import { lookupColumn, lookupKind, lookupsOf, type PlannedLookup, planLookups } from './lookups.js'
import { isTruthTrait, truthOf } from './truth-trait.js'
import { kindOfType, propertyValue, textOf, timeOf } from './value-of-type.js'

/** The row's key as a number, and when it was extracted. No column of a stream can be named so by a person's mistake. */
export const ROW = quoteIdentifier(':row')
export const RECEIVED = quoteIdentifier(':received')

/** Raise it where the same definitions give other facts than before: everything is then mapped anew. */
const VERSION = 1

export interface PlannedIdentifier {
  readonly type: string
  /** SQL of the text as the column has it; never null. */
  readonly text: string
}

export interface PlannedProperty {
  /** `number:total` */
  readonly column: string
  readonly kind: ValueKind
  readonly sql: string
}

export interface PlannedEvent {
  readonly name: string
  /** SQL, two-valued: the row gives this event. */
  readonly when: string
  /** SQL of the time, never null. */
  readonly ts: string
  readonly properties: readonly PlannedProperty[]
}

export interface PlannedTrait {
  readonly name: string
  readonly kind: ValueKind
  readonly ts: string
  /** SQL, two-valued: the row says something of the trait; a number that is not finite says nothing. */
  readonly says: string
  /** SQL of the value, null where it unsets the trait. */
  readonly value: string
}

export interface MappingPlan {
  readonly mapping: string
  readonly identity: IdentityFile
  readonly stream: StreamDescription
  /** Columns that identify a row, as `keyOf` gives them. */
  readonly key: readonly string[]
  /** Columns of the stream that are read. */
  readonly columns: readonly string[]
  /** SQL of the row's key as UInt64. */
  readonly row: string
  readonly messageId: string
  /** In the order of their priority. */
  readonly identifiers: readonly PlannedIdentifier[]
  readonly events: readonly PlannedEvent[]
  readonly traits: readonly PlannedTrait[]
  readonly lookups: readonly PlannedLookup[]
  /** Of everything that decides what facts a row gives. */
  readonly hash: string
}

export interface MappingSource {
  readonly mapping: MappingFile
  readonly identity: IdentityFile
  readonly stream: StreamDescription
  /** The streams in which values are looked up, by `source.stream`. */
  readonly lookups: ReadonlyMap<string, StreamDescription>
}

/** Compiles a mapping that `checkMapping` has no problem with; what comes of another one is not to be used. */
export function planMapping(
  name: string,
  { mapping, identity, stream, lookups }: MappingSource,
): MappingPlan {
  const types = new Map(stream.columns.map((column) => [column.name, column.type]))
  const typeOf = (column: string) => types.get(column) ?? 'String'
  const key = keyOf(mapping, stream)
  const keyTexts = key.map((column) => textOf(typeOf(column), quoteIdentifier(column)))
  const planned = { typeOf, types, lookups }
  const events = (mapping.events ?? []).map((event) => planEvent(event, planned))
  const traits = Object.entries(mapping.traits ?? {}).map(([trait, value]) => planTrait(trait, value, typeOf))
  const columns = readColumns(mapping, key)
  return {
    mapping: name,
    identity,
    stream,
    key,
    columns,
    row: `sipHash64(${keyTexts.map((text) => `ifNull(${text}, '\\0')`).join(', ')})`,
    messageId: `concat(${[...keyTexts.map((text) => `ifNull(${text}, '')`)].join(`, ':', `)}, '')`,
    identifiers: Object.keys(identity.identifiers)
      .filter((type) => mapping.identifiers[type] !== undefined)
      .map((type) => {
        const column = mapping.identifiers[type]!
        return { type, text: `ifNull(${textOf(typeOf(column), quoteIdentifier(column))}, '')` }
      }),
    events,
    traits,
    lookups: planLookups(mapping, lookups, typeOf),
    hash: hashOf({
      mapping,
      identity,
      kinds: columns.map((column) => [column, kindOfType(typeOf(column))]),
      lookups: lookupsOf(mapping).map(({ lookup }) => lookupKind(lookup, lookups)),
      key,
    }),
  }
}

/** Quoted names of the columns that rows have from here on, helpers excepted. */
export const contentColumns = ({ columns, lookups }: MappingPlan): string[] => [
  ...columns.map(quoteIdentifier),
  ...lookups.flatMap(({ fields }) => fields.map(({ column }) => column)),
]

/**
 * Columns that identify a row: those of `message_id`, else the stream's key. A list of people often has neither: where rows
 * say only what is known of somebody, the newest row about the same identifiers counts. Empty where nothing tells rows apart.
 */
export function keyOf(mapping: MappingFile, stream: Pick<StreamDescription, 'key'>): readonly string[] {
  const written = messageIdOf(mapping)
  if (written !== undefined) return written
  if (stream.key.length > 0 || (mapping.events ?? []).length > 0) return stream.key
  return [...new Set(Object.values(mapping.identifiers))]
}

/** The columns that all events name, undefined where none does. */
export const messageIdOf = (mapping: MappingFile): readonly string[] | undefined =>
  mapping.events?.find((event) => event.message_id !== undefined)?.message_id

/** SQL of the earliest time that a row's facts have, of its extraction where it gives none. */
export function rowTime({ events, traits }: MappingPlan): string {
  const never = "toDateTime64('2299-12-31 23:59:59.999', 3, 'UTC')"
  const times = [
    ...events.map(({ when, ts }) => `if(${when}, ${ts}, ${never})`),
    ...traits.map(({ says, ts }) => `if(${says}, ${ts}, ${never})`),
  ]
  if (times.length === 0) return RECEIVED
  const earliest = times.length === 1 ? times[0]! : `least(${times.join(', ')})`
  return `if(${givesFacts({ events, traits })}, ${earliest}, ${RECEIVED})`
}

/** SQL, two-valued: the row gives an event or says something of a trait. */
export function givesFacts({ events, traits }: Pick<MappingPlan, 'events' | 'traits'>): string {
  const tests = [...events.map(({ when }) => when), ...traits.map(({ says }) => says)]
  return tests.length === 0 ? 'false' : `(${tests.join(' OR ')})`
}

interface Columns {
  readonly typeOf: (column: string) => string
  readonly types: ReadonlyMap<string, string>
  readonly lookups: MappingSource['lookups']
}

function planEvent(event: MappedEvent, { typeOf, types, lookups }: Columns): PlannedEvent {
  const fieldOf = (name: string) => {
    const type = types.get(name)
    return type === undefined ? undefined : { expression: quoteIdentifier(name), type }
  }
  const properties = Object.entries(event.properties ?? {}).map(([property, value]) => {
    if (typeof value === 'string') {
      const kind = kindOfType(typeOf(value))
      return {
        column: propertyColumn(kind, property),
        kind,
        sql: propertyValue(typeOf(value), quoteIdentifier(value)),
      }
    }
    const { kind, sql } =
      'lookup' in value
        ? { kind: lookupKind(value, lookups), sql: lookupColumn(value) }
        : constant(value.constant)
    return { column: propertyColumn(kind, property), kind, sql }
  })
  return {
    name: event.name,
    when: event.when === undefined ? 'true' : compileWhere(event.when, fieldOf).sql,
    ts:
      typeof event.timestamp === 'object'
        ? `ifNull(${lookupColumn(event.timestamp)}, ${RECEIVED})`
        : timestamp(event.timestamp),
    properties,
  }
}

function planTrait(name: string, trait: MappedTrait, typeOf: (column: string) => string): PlannedTrait {
  const { field, timestamp: at } =
    typeof trait === 'string' ? { field: trait, timestamp: undefined } : { timestamp: undefined, ...trait }
  const type = typeOf(field)
  if (isTruthTrait(name) && kindOfType(type) !== 'boolean') {
    const value = truthOf(name, textOf(type, quoteIdentifier(field)))
    return { name, kind: 'boolean', ts: timestamp(at), says: 'true', value }
  }
  const value = propertyValue(type, quoteIdentifier(field))
  const mayBeNoNumber = type.includes('Float') && kindOfType(type) === 'number'
  return {
    name,
    kind: kindOfType(type),
    ts: timestamp(at),
    says: mayBeNoNumber ? `ifNull(isFinite(${quoteIdentifier(field)}), true)` : 'true',
    value,
  }
}

function timestamp(column: string | undefined): string {
  return column === undefined ? RECEIVED : `ifNull(${timeOf(quoteIdentifier(column))}, ${RECEIVED})`
}

function constant(value: string | number | boolean): { readonly kind: ValueKind; readonly sql: string } {
  if (typeof value === 'string') return { kind: 'text', sql: quoteString(value) }
  if (typeof value === 'number') return { kind: 'number', sql: `toFloat64(${value})` }
  return { kind: 'boolean', sql: String(value) }
}

function readColumns(mapping: MappingFile, key: readonly string[]): string[] {
  return [
    ...new Set([
      ...key,
      ...Object.values(mapping.identifiers),
      ...(mapping.events ?? []).flatMap((event) => [
        ...(typeof event.timestamp === 'string' ? [event.timestamp] : []),
        ...whereFields(event.when),
        ...Object.values(event.properties ?? {}).filter((value) => typeof value === 'string'),
      ]),
      ...lookupsOf(mapping).map(({ lookup }) => lookup.key),
      ...Object.values(mapping.traits ?? {}).flatMap((trait) =>
        typeof trait === 'string' ? [trait] : [trait.field, ...(trait.timestamp ? [trait.timestamp] : [])],
      ),
    ]),
  ].sort()
}

function hashOf({
  mapping,
  identity,
  ...rest
}: Pick<MappingSource, 'mapping' | 'identity'> & Record<string, unknown>): string {
  const identifiers = Object.entries(identity.identifiers)
    .filter(([type]) => mapping.identifiers[type] !== undefined)
    .map(([type, { normalize, region }]) => [type, normalize, region])
  const decides = { VERSION, mapping, identifiers, block: identity.block, ...rest }
  return createHash('sha256').update(JSON.stringify(decides)).digest('hex').slice(0, 32)
}
