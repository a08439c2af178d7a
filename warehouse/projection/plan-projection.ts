/**
 * One plan from a stream's schema and settings to its table's columns, for both ways into the warehouse: rows that the
 * encoder wrote, and blocks of bytes that the engine parses. All mapping happens in the INSERT … SELECT.
 */
import type { FieldSchema, StreamSchema } from '@tributary/schemas'
import { columnType } from '../types/column-type.js'
import { quoteIdentifier } from '../types/identifiers.js'
import type { SchemaChangePlan } from '../types/schema-change.js'
import { parseType } from '../types/type.js'
import { blockField } from './block-field.js'
import { compileWhere, whereFields } from './compile-where.js'
import type { Problem } from './problem.js'
import { type FieldSelection, type KeptField, selectFields } from './select-fields.js'

export interface ProjectionInput {
  readonly schema: StreamSchema
  /** Key fields by their source names: never null, never excluded. */
  readonly primaryKey?: readonly string[]
  readonly cursorField?: string
  readonly fields?: FieldSelection
  /** A condition over the source's fields (before rename and hash), excluded ones included. */
  readonly where?: unknown
  /**
   * `rows`: the encoder checked every value. `blocks`: the engine parses text, which by itself wraps integers, cuts
   * decimals and clamps dates; so the input is parsed in a type that shows the fault, and the insert fails loudly.
   * @default 'rows'
   */
  readonly path?: 'rows' | 'blocks'
  /**
   * Only for blocks. True where the source's own types are the declared ones (a database): numbers are parsed directly.
   * @default false
   */
  readonly exactTypes?: boolean
  /**
   * Open objects get the JSON type instead of text.
   * @default false
   */
  readonly json?: boolean
  /**
   * True where the settings were written for several streams by a pattern: names that this stream lacks are no problem.
   * @default false
   */
  readonly shared?: boolean
  /**
   * What the schema change left for the loader, by column name: restricted columns are encoded as the table's type,
   * discarded ones are not read, so that the encoder meets their fields as unknown.
   */
  readonly change?: Pick<SchemaChangePlan, 'restrict' | 'discard'>
}

export interface ProjectedField {
  readonly field: string
  /** The type to parse it as, which on the blocks path may differ from its column's. */
  readonly type: string
}

export interface ProjectedColumn {
  readonly name: string
  readonly type: string
  /** Its value over the input's fields. List expressions in order without aliases: a rename may swap two names. */
  readonly expression: string
}

export interface Projection {
  /** What is read, in the schema's order: kept fields, and those that only `where` needs. */
  readonly input: readonly ProjectedField[]
  /** The input as `input('…')` and `file(…)` take it. Quote it as a string literal. */
  readonly structure: string
  readonly columns: readonly ProjectedColumn[]
  /** A condition over the input's fields, true or false for every row. */
  readonly where?: string
  /** Fields of the schema that are left out on purpose: for the encoder, known and no column. */
  readonly excluded: readonly string[]
  /** What the settings get wrong. Load nothing while there is one. */
  readonly problems: readonly Problem[]
}

/** Plans a stream's projection. Pure; throws only for a schema with an unknown `x-type`. */
export function planProjection(settings: ProjectionInput): Projection {
  const { properties } = settings.schema
  const { kept, problems } = selectFields({
    names: Object.keys(properties),
    fields: settings.fields ?? {},
    keys: settings.primaryKey ?? [],
    ...(settings.cursorField === undefined ? {} : { cursorField: settings.cursorField }),
    ...(settings.shared === undefined ? {} : { shared: settings.shared }),
  })
  const discarded = new Set(settings.change?.discard.map(({ name }) => name))
  const written = kept.filter(({ name }) => !discarded.has(name))
  const types = fieldTypes(settings, written)
  const resolved = new Map(
    [...types].map(([name, type]) => [name, { type, ...inputField(name, type, settings) }] as const),
  )
  const { where } = settings
  const condition = where === undefined ? undefined : compileWhere(where, (name) => resolved.get(name))
  const needed = new Set([...written.map(({ field }) => field), ...whereFields(where)])
  const input = [...resolved]
    .filter(([name]) => needed.has(name))
    .map(([field, { parsed }]) => ({ field, type: parsed }))
  // What is hashed must not reach the encoder's leftovers in clear.
  const unknown = new Set(
    kept.filter(({ name, hashed }) => discarded.has(name) && !hashed).map(({ field }) => field),
  )
  return {
    input,
    structure: input.map(({ field, type }) => `${quoteIdentifier(field)} ${type}`).join(', '),
    columns: written.map((column) => projectColumn(column, resolved.get(column.field)!)),
    ...(condition === undefined ? {} : { where: condition.sql }),
    excluded: [...resolved.keys()].filter((name) => !needed.has(name) && !unknown.has(name)),
    problems: [...problems, ...(condition?.problems ?? [])],
  }
}

/** Types of all fields: the schema's, but the table's where a column is restricted. */
function fieldTypes(settings: ProjectionInput, written: readonly KeptField[]): Map<string, string> {
  const keys = new Set(settings.primaryKey)
  const restricted = new Map(settings.change?.restrict.map(({ name, existingType }) => [name, existingType]))
  const types = new Map<string, string>()
  for (const [name, field] of Object.entries(settings.schema.properties)) {
    types.set(name, fieldType(name, field, settings, keys))
  }
  for (const { field, name, hashed } of written) {
    const existing = restricted.get(name)
    if (existing !== undefined && !hashed) types.set(field, existing)
  }
  return types
}

function projectColumn(
  { name, hashed }: KeptField,
  source: { type: string; expression: string },
): ProjectedColumn {
  const { type, expression } = source
  return hashed
    ? { name, type: hashType(type), expression: hashExpression(expression) }
    : { name, type, expression }
}

function fieldType(
  name: string,
  field: FieldSchema,
  settings: ProjectionInput,
  keys: ReadonlySet<string>,
): string {
  const required = settings.schema.required?.includes(name) ?? false
  const json = settings.json ?? false
  return keys.has(name)
    ? columnType(withoutNull(field), { required: true, json })
    : columnType(field, { required, json })
}

/** A key is never null, whatever its schema says: a null one would merge strangers. */
function withoutNull(field: FieldSchema): FieldSchema {
  const { enum: values, type, ...rest } = field
  return {
    ...rest,
    ...(values === undefined ? {} : { enum: values.filter((value) => value !== null) }),
    ...(type === undefined
      ? {}
      : { type: typeof type === 'string' ? type : type.filter((one) => one !== 'null') }),
  }
}

function inputField(
  name: string,
  type: string,
  settings: ProjectionInput,
): { parsed: string; expression: string } {
  if (settings.path !== 'blocks') return { parsed: type, expression: quoteIdentifier(name) }
  return blockField(quoteIdentifier(name), type, settings.exactTypes ?? false)
}

/** SHA-256 of the value's text in lower-case hex; null stays null. */
function hashExpression(expression: string): string {
  return `lower(hex(SHA256(toString(${expression}))))`
}

function hashType(type: string): string {
  return parseType(type).nullable ? 'Nullable(String)' : 'String'
}
