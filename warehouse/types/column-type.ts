/**
 * Which ClickHouse type a field gets. The choice never narrows: every value that the schema allows has a place in the
 * column, and only what the schema lets be null is Nullable.
 */
import type { FieldSchema, JsonType } from '@tributary/schemas'
import { type BaseType, type ColumnType, formatType } from './type.js'

export interface ColumnTypeOptions {
  /** The field is in the schema's `required`: it is Nullable only where its type list names `null`. */
  readonly required: boolean
  /**
   * Gives open objects and `json` the JSON type, for streams whose people query inside; it costs the engine 2.5 times
   * the time at load. Otherwise they are kept as JSON text in a String.
   * @default false
   */
  readonly json?: boolean
}

/** An enum is a dictionary (LowCardinality) up to this many values of this length. */
const ENUM_VALUES = 1000
const ENUM_LENGTH = 128

const EXACT: Readonly<Record<string, BaseType>> = {
  bool: { kind: 'Bool' },
  float32: { kind: 'Float', bits: 32 },
  float64: { kind: 'Float', bits: 64 },
  date: { kind: 'Date32' },
  uuid: { kind: 'UUID' },
  string: { kind: 'String' },
  bytes: { kind: 'String' },
}

/**
 * The column type of a field, as `system.columns` writes it. Rules, first match: `x-type`; `type` and `format`; JSON
 * text in a String. Of note:
 * - `bytes` stay the hex text that they are in a record.
 * - An array of scalars is `Array(T)`; ClickHouse has no Nullable arrays, so null and a missing field become `[]`.
 * - Other arrays, objects and mixed types are JSON text.
 * Throws when `x-type` is not one of the contract's.
 */
export function columnType(field: FieldSchema, options: ColumnTypeOptions): string {
  return formatType(resolve(field, options))
}

function resolve(field: FieldSchema, options: ColumnTypeOptions): ColumnType {
  const types = typeList(field)
  const base = field['x-type'] === undefined ? fromSchema(field, types, options) : fromExact(field, options)
  const mayBeNull = !options.required || types.includes('null') || (field.enum?.includes(null) ?? false)
  return {
    base,
    nullable: mayBeNull && base.kind !== 'Array',
    lowCardinality: base.kind === 'String' && isShortEnum(field.enum),
  }
}

function fromExact(field: FieldSchema, options: ColumnTypeOptions): BaseType {
  const text = field['x-type'] as string
  const simple = EXACT[text]
  if (simple) return simple
  if (text === 'json') return { kind: options.json ? 'JSON' : 'String' }
  const integer = /^(u?)int(8|16|32|64|128|256)$/.exec(text)
  if (integer) return { kind: 'Int', bits: Number(integer[2]), signed: integer[1] === '' }
  const decimal = /^decimal\((\d+),\s*(\d+)\)$/.exec(text)
  if (decimal) {
    const precision = Number(decimal[1])
    const scale = Number(decimal[2])
    if (precision >= 1 && precision <= 76 && scale <= precision) return { kind: 'Decimal', precision, scale }
  }
  const time = /^timestamp\(([0-9])\)$/.exec(text)
  if (time) return { kind: 'DateTime64', precision: Number(time[1]), zone: 'UTC' }
  throw new Error(
    `choosing a column type: unknown x-type "${text}"; use one of the connector contract's exact types`,
  )
}

function fromSchema(field: FieldSchema, types: readonly JsonType[], options: ColumnTypeOptions): BaseType {
  const values = types.filter((type) => type !== 'null')
  if (values.length === 2 && values.includes('integer') && values.includes('number')) {
    return { kind: 'Float', bits: 64 }
  }
  if (values.length !== 1) return { kind: 'String' }
  switch (values[0]) {
    case 'integer':
      return { kind: 'Int', bits: 64, signed: true }
    case 'number':
      return { kind: 'Float', bits: 64 }
    case 'boolean':
      return { kind: 'Bool' }
    case 'string':
      return fromFormat(field.format)
    case 'array':
      return fromItems(field.items)
    case 'object':
      return { kind: options.json ? 'JSON' : 'String' }
    default:
      return { kind: 'String' }
  }
}

function fromFormat(format: string | undefined): BaseType {
  if (format === 'date-time') return { kind: 'DateTime64', precision: 3, zone: 'UTC' }
  if (format === 'date') return { kind: 'Date32' }
  if (format === 'uuid') return { kind: 'UUID' }
  return { kind: 'String' }
}

function fromItems(items: FieldSchema | undefined): BaseType {
  if (items === undefined || !holdsScalars(items)) return { kind: 'String' }
  return { kind: 'Array', of: resolve(items, { required: true }) }
}

function holdsScalars(items: FieldSchema): boolean {
  if (items['x-type'] !== undefined) return items['x-type'] !== 'json'
  const values = typeList(items).filter((type) => type !== 'null')
  return values.length === 1 && values[0] !== 'object' && values[0] !== 'array'
}

function typeList(field: FieldSchema): readonly JsonType[] {
  if (field.type === undefined) return []
  return typeof field.type === 'string' ? [field.type] : field.type
}

function isShortEnum(values: readonly unknown[] | undefined): boolean {
  if (values === undefined || values.length === 0 || values.length > ENUM_VALUES) return false
  return values.every((value) => value === null || (typeof value === 'string' && value.length <= ENUM_LENGTH))
}
