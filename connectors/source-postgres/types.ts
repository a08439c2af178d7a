/**
 * PostgreSQL types as fields, and the SQL expression that writes each so that ClickHouse reads it back without loss.
 * Values that the warehouse's type cannot hold (infinity, BC, NaN in a decimal) are clamped or nulled, and their text goes
 * to one more field of the row: nothing fails the block, nothing changes silently.
 */
import type { ExactType, FieldSchema } from '@tributary/connector-sdk'

/** A column's type, domains resolved to what they are made of. */
export interface PostgresType {
  readonly schema: string
  readonly name: string
  /** pg_type.typtype: b(ase), c(omposite), e(num), r(ange), m(ultirange), p(seudo). */
  readonly kind: string
  /** True for arrays of any element. */
  readonly isArray: boolean
  /** atttypmod or the domain's; -1: none. */
  readonly modifier: number
}

export interface TypeMapping {
  readonly type: ExactType
  /** SQL of the value, given SQL of the column. */
  readonly select: (column: string) => string
  /** SQL that is true where `select` cannot hold the value. */
  readonly misfit?: (column: string) => string
  /** True: misfits become null, so the field is nullable even where the column is not. */
  readonly nulls?: boolean
  /** Its order can drive an incremental read. */
  readonly cursor?: boolean
}

const asIs = (column: string): string => column
const asJsonText = (column: string): string => `to_json(${column})::text`

const SIMPLE: Readonly<Record<string, TypeMapping>> = {
  bool: { type: 'bool', select: asIs },
  int2: { type: 'int16', select: asIs, cursor: true },
  int4: { type: 'int32', select: asIs, cursor: true },
  int8: { type: 'int64', select: asIs, cursor: true },
  oid: { type: 'uint32', select: asIs },
  float4: { type: 'float32', select: asIs },
  float8: { type: 'float64', select: asIs },
  // its number of decimals is the locale's, never more than four
  money: { type: 'decimal(38,4)', select: (column) => `${column}::numeric` },
  uuid: { type: 'uuid', select: asIs },
  bytea: { type: 'bytes', select: (column) => `encode(${column}, 'hex')` },
  date: between('date', 'date', '1900-01-01', '2299-12-31', asIs),
}

/** JSON has no lower bounds: an array that does not start at 1 is kept as PostgreSQL writes it too. */
const startsElsewhere = (column: string): string =>
  `array_lower(${column}, 1) <> 1 or array_lower(${column}, 2) <> 1`
const ARRAY: TypeMapping = { type: 'string', select: asJsonText, misfit: startsElsewhere }

/** Half the time of to_json, which is what most of a table with such a column takes. */
const INTEGER_ARRAY: TypeMapping = {
  ...ARRAY,
  select: (column) =>
    `case when ${startsElsewhere(column)} then ${asJsonText(column)} ` +
    `else replace(translate(${column}::text, '{}', '[]'), 'NULL', 'null') end`,
}

/** Decimal of 76 digits, half of them behind the point: what an unconstrained numeric almost always fits in. */
const WIDE_SCALE = 38
const WIDE_LIMIT = `1e${76 - WIDE_SCALE}::numeric`

/** How a column of this type becomes a field. Every type has a mapping; what has no exact one is text as PostgreSQL prints it. */
export function mapType(type: PostgresType): TypeMapping {
  if (type.isArray) return /^_int[248]$/.test(type.name) ? INTEGER_ARRAY : ARRAY
  if (type.kind === 'c' || type.name === 'hstore') return { type: 'string', select: asJsonText }
  if (type.schema !== 'pg_catalog') return { type: 'string', select: asIs }
  switch (type.name) {
    case 'numeric':
      return numeric(type.modifier)
    case 'timestamp':
      return timestamp('timestamp', type.modifier, asIs)
    case 'timestamptz':
      return timestamp('timestamptz', type.modifier, (value) => `(${value} at time zone 'UTC')`)
    default:
      return SIMPLE[type.name] ?? { type: 'string', select: asIs }
  }
}

/** The field's schema; nullable where the column is, or where misfits become null. */
export function fieldSchema(mapping: TypeMapping, notNull: boolean, description?: string): FieldSchema {
  const { type } = mapping
  const json =
    type === 'bool'
      ? 'boolean'
      : /^u?int(8|16|32)$/.test(type)
        ? 'integer'
        : /^float/.test(type)
          ? 'number'
          : 'string'
  const wide = type === 'int64' ? (['integer', 'string'] as const) : [json as 'string']
  const nullable = !notNull || mapping.nulls === true
  const types = nullable ? ([...wide, 'null'] as const) : wide
  return {
    type: types.length === 1 ? types[0]! : types,
    ...(type === 'uuid' && { format: 'uuid' }),
    ...(type === 'date' && { format: 'date' }),
    ...(description !== undefined && { description }),
    'x-type': type,
  }
}

function timestamp(name: string, modifier: number, zone: (value: string) => string): TypeMapping {
  const digits = modifier < 0 ? 6 : modifier
  return between(name, `timestamp(${digits})`, '1900-01-01 00:00:00', '2299-12-31 23:59:59.999999', zone)
}

function between(
  name: string,
  type: ExactType,
  low: string,
  high: string,
  convert: (value: string) => string,
): TypeMapping {
  const [least, most] = [`'${low}'::${name}`, `'${high}'::${name}`]
  return {
    type,
    select: (column) =>
      convert(
        `case when ${column} < ${least} then ${least} when ${column} > ${most} then ${most} else ${column} end`,
      ),
    misfit: (column) => `${column} < ${least} or ${column} > ${most}`,
    cursor: true,
  }
}

/** The modifier packs precision and scale: ((p << 16) | (s & 0x7ff)) + 4, scale signed since PostgreSQL 15. */
function numeric(modifier: number): TypeMapping {
  const precision = modifier < 4 ? Number.POSITIVE_INFINITY : (modifier - 4) >> 16
  const scale = (((modifier - 4) & 0x7ff) ^ 0x400) - 0x400
  const digits = scale < 0 ? precision - scale : Math.max(precision, scale)
  if (digits > 76) return wideNumeric
  return {
    type: `decimal(${digits},${Math.max(scale, 0)})`,
    select: (column) => `nullif(${column}, 'NaN'::numeric)`,
    misfit: (column) => `${column} = 'NaN'::numeric`,
    nulls: true,
    cursor: true,
  }
}

const wideNumeric: TypeMapping = {
  type: `decimal(76,${WIDE_SCALE})`,
  select: (column) =>
    `case when ${column} > -${WIDE_LIMIT} and ${column} < ${WIDE_LIMIT} then ` +
    `case when scale(${column}) <= ${WIDE_SCALE} then ${column} ` +
    `when ${column} = trunc(${column}, ${WIDE_SCALE}) then trunc(${column}, ${WIDE_SCALE}) end end`,
  // NaN is greater than every number
  misfit: (column) =>
    `${column} <= -${WIDE_LIMIT} or ${column} >= ${WIDE_LIMIT} or ` +
    `scale(${column}) > ${WIDE_SCALE} and ${column} <> trunc(${column}, ${WIDE_SCALE})`,
  nulls: true,
  cursor: true,
}
