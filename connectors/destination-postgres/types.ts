/** PostgreSQL types as fields that take values, and how a value gets from JSON into a column. */
import type { DestinationField, ExactType } from '@tributary/connector-sdk'
import type { Column, PostgresType } from './catalog.js'

const EXACT: Readonly<Record<string, ExactType>> = {
  bool: 'bool',
  int2: 'int16',
  int4: 'int32',
  int8: 'int64',
  oid: 'uint32',
  float4: 'float32',
  float8: 'float64',
  money: 'decimal(17,2)',
  date: 'date',
  uuid: 'uuid',
  bytea: 'bytes',
  json: 'json',
  jsonb: 'json',
}

const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'citext'])

/** Types whose `=` tells all values apart that are told apart here; of others the text is compared. */
const COMPARABLE: ReadonlySet<string> = new Set([
  ...['bool', 'int2', 'int4', 'int8', 'oid', 'float4', 'float8', 'numeric', 'money', 'date', 'time'],
  ...['timestamp', 'timestamptz', 'uuid', 'bytea', 'jsonb', 'inet', 'cidr'],
])

/** What an activation is told of the column. */
export function columnField(column: Column): DestinationField {
  return {
    ...typeField(column.type),
    ...(column.comment !== undefined && { description: column.comment }),
    ...(column.required && { required: true }),
  }
}

function typeField(type: PostgresType): DestinationField {
  if (type.element) return listField(type.element)
  if (type.labels) return { type: 'string', oneOf: type.labels }
  if (type.kind === 'c') return { type: 'object' }
  const exact = type.schema === 'pg_catalog' ? exactType(type) : undefined
  if (exact) return { 'x-type': exact }
  const maxLength = lengthLimit(type)
  return { type: 'string', ...(maxLength !== undefined && { maxLength }) }
}

function listField(element: PostgresType): DestinationField {
  const { oneOf, maxLength, ...items } = typeField(element)
  return {
    type: 'array',
    items,
    ...(oneOf !== undefined && { oneOf }),
    ...(maxLength !== undefined && { maxLength }),
  }
}

function exactType({ name, modifier }: PostgresType): ExactType | undefined {
  switch (name) {
    case 'numeric':
      return numeric(modifier)
    case 'timestamp':
    case 'timestamptz':
      return `timestamp(${modifier < 0 ? 6 : modifier})`
    default:
      return EXACT[name]
  }
}

/** A plain numeric takes more than any field does: half of the digits are left to each side of its point. */
const PLAIN_NUMERIC: ExactType = 'decimal(76,38)'
const MOST_DIGITS = 76

/** The modifier packs precision and scale: ((p << 16) | (s & 0x7ff)) + 4, scale signed since PostgreSQL 15. */
function numeric(modifier: number): ExactType {
  if (modifier < 4) return PLAIN_NUMERIC
  const precision = (modifier - 4) >> 16
  const scale = (((modifier - 4) & 0x7ff) ^ 0x400) - 0x400
  const digits = scale < 0 ? precision - scale : Math.max(precision, scale)
  return digits > MOST_DIGITS ? PLAIN_NUMERIC : `decimal(${digits},${Math.max(scale, 0)})`
}

/** varchar(n) and char(n); their modifier is n + 4. */
function lengthLimit({ name, modifier }: PostgresType): number | undefined {
  return (name === 'varchar' || name === 'bpchar') && modifier >= 4 ? modifier - 4 : undefined
}

/** The type under which the column's value is read from JSON. */
export function jsonType({ type, typeText }: Column): string {
  return type.name === 'bytea' ? 'text' : typeText
}

/** SQL of the column's value, given SQL of what was read from JSON. */
export function fromJson({ type, typeText }: Column, value: string): string {
  return type.name === 'bytea' ? `pg_catalog.decode(${value}, 'hex')::${typeText}` : value
}

/** SQL that is true where two values of the column are not the same. */
export function differs({ type }: Column, left: string, right: string): string {
  const compared = (value: string): string => {
    if (TEXTS.has(type.name) || type.labels || !COMPARABLE.has(type.name)) return `${value}::text COLLATE "C"`
    return value
  }
  return `${compared(left)} IS DISTINCT FROM ${compared(right)}`
}
