/** A relation's columns as the stream's schema, and the SELECT list that reads them. */
import type { FieldSchema, StreamSchema } from '@tributary/connector-sdk'
import { identifier, literal } from '@tributary/postgres'
import type { Column, Relation } from '../catalog.js'
import { fieldSchema, mapType, type TypeMapping } from '../types.js'

export interface Field {
  readonly column: Column
  readonly mapping: TypeMapping
}

export interface Fields {
  readonly byName: ReadonlyMap<string, Field>
  readonly schema: StreamSchema
  /** The field that keeps values which their own column cannot hold; undefined where every type can. */
  readonly originals: string | undefined
}

const ORIGINALS = '_original_values'
const ORIGINALS_FIELD: FieldSchema = {
  type: ['string', 'null'],
  description:
    'JSON object of values, as text, that their column cannot hold: infinity and dates outside 1900 to 2299 are clamped there, NaN in a decimal is null, an array loses bounds that do not start at 1.',
  'x-type': 'string',
}

export function fieldsOf(relation: Relation): Fields {
  const byName = new Map<string, Field>()
  for (const column of relation.columns) {
    const mapping = mapType(column.type)
    const isKey = relation.key?.includes(column.name) === true
    byName.set(column.name, { column, mapping: isKey ? neverNull(mapping) : mapping })
  }
  const properties: Record<string, FieldSchema> = {}
  for (const [name, { column, mapping }] of byName) {
    properties[name] = fieldSchema(mapping, column.notNull, describe(column, mapping))
  }
  let originals: string | undefined
  if ([...byName.values()].some(({ mapping }) => mapping.misfit)) {
    originals = ORIGINALS
    while (byName.has(originals)) originals += '_'
    properties[originals] = ORIGINALS_FIELD
  }
  const required = Object.keys(properties).filter((name) => ![properties[name]!.type].flat().includes('null'))
  return { byName, originals, schema: { type: 'object', properties, required, additionalProperties: false } }
}

/** The SELECT list for these fields, in their order. */
export function selectList(fields: Fields, names: readonly string[]): string {
  return names
    .map((name) => (name === fields.originals ? originalsOf(fields, names) : expression(fields, name)))
    .join(', ')
}

function expression(fields: Fields, name: string): string {
  const field = fields.byName.get(name)
  return field ? field.mapping.select(identifier(name)) : 'null'
}

/** One cheap test per column for the row that needs nothing; the object is built only where it does. */
function originalsOf(fields: Fields, names: readonly string[]): string {
  const guarded = names.flatMap((name) => {
    const misfit = fields.byName.get(name)?.mapping.misfit?.(identifier(name))
    return misfit === undefined ? [] : [{ name, misfit }]
  })
  if (guarded.length === 0) return 'null'
  const pairs = guarded.map(
    ({ name, misfit }) => `(${literal(name)}, case when ${misfit} then ${identifier(name)}::text end)`,
  )
  const object = `(select json_object_agg(o.k, o.v) from (values ${pairs.join(', ')}) o (k, v) where o.v is not null)`
  return `case when ${guarded.map(({ misfit }) => misfit).join(' or ')} then ${object}::text end`
}

/** A key's columns are never null in the warehouse either: a NaN there is left for the loader to reject. */
function neverNull(mapping: TypeMapping): TypeMapping {
  if (!mapping.nulls) return mapping
  return { type: mapping.type, select: (column) => column, ...(mapping.cursor && { cursor: true }) }
}

function describe(column: Column, mapping: TypeMapping): string {
  const type =
    mapping.type === 'string' && mapping.select('x') !== 'x' ? `${column.typeText} as JSON` : column.typeText
  return column.comment === undefined ? type : `${column.comment} (${type})`
}
