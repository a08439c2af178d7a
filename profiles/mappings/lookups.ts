/**
 * Values that a mapping takes from rows of other streams: a row's column names the other row by its key. Absent where
 * there is no such row; of several with the same key the newest counts.
 */
import type { MappingFile } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow } from '../../warehouse/query.js'
import { streamView } from '../../warehouse/tables/stream-table.js'
import { quoteIdentifier, quoteString } from '../../warehouse/types/identifiers.js'
import { PROPERTY_TYPES, type ValueKind } from '../facts/values.js'
import { describeStream, type StreamDescription } from './describe-stream.js'
import { kindOfType, propertyValue, textOf } from './value-of-type.js'

export interface Lookup {
  readonly lookup: string
  readonly key: string
  readonly field: string
}

/** All fields that are looked up in one stream by one column. */
export interface PlannedLookup {
  readonly stream: StreamDescription
  /** SQL of the row's column as text, null where it is null. */
  readonly key: string
  readonly fields: readonly { readonly column: string; readonly sql: string }[]
}

const KEY = quoteIdentifier(':key')
const EXTRACTED = quoteIdentifier(':extracted')

/** The lookups of a mapping, each once, with the places where they stand. */
export function lookupsOf(mapping: MappingFile): readonly {
  readonly lookup: Lookup
  readonly path: readonly (string | number)[]
  readonly isTime: boolean
}[] {
  return (mapping.events ?? []).flatMap(({ timestamp, properties }, index) => [
    ...(typeof timestamp === 'object'
      ? [{ lookup: timestamp, path: ['events', index, 'timestamp'], isTime: true }]
      : []),
    ...Object.entries(properties ?? {}).flatMap(([name, value]) =>
      typeof value === 'object' && 'lookup' in value
        ? [{ lookup: value, path: ['events', index, 'properties', name], isTime: false }]
        : [],
    ),
  ])
}

/** Describes a mapping's stream and those in which it looks values up, as far as the warehouse has them. */
export async function describeStreams(
  warehouse: Warehouse,
  mapping: MappingFile,
): Promise<{
  readonly stream: StreamDescription | undefined
  readonly lookups: ReadonlyMap<string, StreamDescription>
}> {
  const names = [...new Set(lookupsOf(mapping).map(({ lookup }) => lookup.lookup))]
  const [stream, ...found] = await Promise.all(
    [mapping.stream, ...names].map((name) => describeStream(warehouse, name)),
  )
  const lookups = new Map<string, StreamDescription>()
  for (const [index, name] of names.entries()) {
    const description = found[index]
    if (description !== undefined) lookups.set(name, description)
  }
  return { stream, lookups }
}

/** Quoted name of the helper column that holds a looked-up value, as a property of its kind. */
export const lookupColumn = ({ lookup, key, field }: Lookup): string =>
  quoteIdentifier(`:${lookup} ${key} ${field}`)

export function lookupKind(
  { lookup, field }: Lookup,
  streams: ReadonlyMap<string, StreamDescription>,
): ValueKind {
  return kindOfType(columnType(streams.get(lookup), field))
}

/** Groups the lookups of a mapping by the joins that they need. @param typeOf types of the row's own columns */
export function planLookups(
  mapping: MappingFile,
  streams: ReadonlyMap<string, StreamDescription>,
  typeOf: (column: string) => string,
): PlannedLookup[] {
  const joins = new Map<string, { stream: StreamDescription; key: string; fields: Map<string, string> }>()
  for (const { lookup } of lookupsOf(mapping)) {
    const stream = streams.get(lookup.lookup)
    if (stream === undefined) continue
    const id = `${lookup.lookup} ${lookup.key}`
    const key = textOf(typeOf(lookup.key), quoteIdentifier(lookup.key))
    const join = joins.get(id) ?? { stream, key, fields: new Map<string, string>() }
    const type = columnType(stream, lookup.field)
    const value = propertyValue(type, quoteIdentifier(lookup.field))
    join.fields.set(lookupColumn(lookup), `CAST(${value}, ${quoteString(PROPERTY_TYPES[kindOfType(type)])})`)
    joins.set(id, join)
  }
  return [...joins.values()].map(({ stream, key, fields }) => ({
    stream,
    key,
    fields: [...fields].map(([column, sql]) => ({ column, sql })),
  }))
}

/** SQL that joins the looked-up values to rows. */
export const lookupJoins = (lookups: readonly PlannedLookup[]): string =>
  lookups
    .map(
      (lookup, index) =>
        `LEFT ANY JOIN (${lookupRows(lookup)}) AS lookup_${index} ON ${lookup.key} = lookup_${index}.${KEY}`,
    )
    .join(' ')

/** What can be looked up at this moment, as one number: while it stays, so do the values. */
export async function lookupDigest(warehouse: Warehouse, lookups: readonly PlannedLookup[]): Promise<string> {
  const digests = await Promise.all(
    lookups.map((lookup) =>
      selectRow<{ digest: string }>(
        warehouse,
        `SELECT concat(toString(count()), '-', toString(sum(sipHash64(tuple(*))))) AS digest FROM (${lookupRows(lookup)})`,
      ),
    ),
  )
  return digests.map((row) => row?.digest ?? '').join(' ')
}

function lookupRows({ stream, fields }: PlannedLookup): string {
  const [column = ''] = stream.key
  const key = textOf(columnType(stream, column), quoteIdentifier(column))
  const values = fields.map(({ column: name, sql }) => `${sql} AS ${name}`).join(', ')
  const rows = `SELECT ${key} AS ${KEY}, _extracted_at AS ${EXTRACTED}, ${values} FROM ${streamView(stream)} WHERE isNotNull(${KEY})`
  const names = fields.map((field) => field.column)
  if (stream.keyed) return `SELECT ${[KEY, ...names].join(', ')} FROM (${rows})`
  const newest = `argMax(tuple(${names.join(', ')}), (${EXTRACTED}, toString(tuple(${names.join(', ')}))))`
  return `SELECT ${[KEY, ...names.map((name, index) => `newest.${index + 1} AS ${name}`)].join(', ')}
    FROM (SELECT ${KEY}, ${newest} AS newest FROM (${rows}) GROUP BY ${KEY})`
}

const columnType = (stream: StreamDescription | undefined, name: string): string =>
  stream?.columns.find((column) => column.name === name)?.type ?? 'String'
