/** ClickHouse column types as values: parsed from text, written back to the same text. */

/** A column's type. `LowCardinality` and `Nullable` are flags, because they say how a value is kept, not what it is. */
export interface ColumnType {
  readonly base: BaseType
  readonly nullable: boolean
  readonly lowCardinality: boolean
}

export type BaseType =
  | { readonly kind: 'Bool' | 'Date32' | 'UUID' | 'String' | 'JSON' }
  | { readonly kind: 'Int'; readonly bits: number; readonly signed: boolean }
  | { readonly kind: 'Float'; readonly bits: 32 | 64 }
  | { readonly kind: 'Decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'DateTime64'; readonly precision: number; readonly zone: string | undefined }
  | { readonly kind: 'Array'; readonly of: ColumnType }
  /** A type that the warehouse never creates but may meet in a table: compared by its text only. */
  | { readonly kind: 'Other'; readonly text: string }

const SIMPLE = new Set(['Bool', 'Date32', 'UUID', 'String', 'JSON'])

/** Parses a type as `system.columns` or {@link formatType} writes it. Never throws: unknown text becomes `Other`. */
export function parseType(text: string): ColumnType {
  const trimmed = text.trim()
  const lowCardinality = argument(trimmed, 'LowCardinality')
  if (lowCardinality !== undefined) return { ...parseType(lowCardinality), lowCardinality: true }
  const nullable = argument(trimmed, 'Nullable')
  if (nullable !== undefined) return { ...parseType(nullable), nullable: true }
  return { base: parseBase(trimmed), nullable: false, lowCardinality: false }
}

/** Writes a type as ClickHouse does in `system.columns`, so that equal types have equal text. */
export function formatType(type: ColumnType): string {
  const inner = type.nullable ? `Nullable(${formatBase(type.base)})` : formatBase(type.base)
  return type.lowCardinality ? `LowCardinality(${inner})` : inner
}

function parseBase(text: string): BaseType {
  if (SIMPLE.has(text)) return { kind: text as 'String' }
  const integer = /^(U?)Int(8|16|32|64|128|256)$/.exec(text)
  if (integer) return { kind: 'Int', bits: Number(integer[2]), signed: integer[1] === '' }
  if (text === 'Float32' || text === 'Float64') return { kind: 'Float', bits: text === 'Float32' ? 32 : 64 }
  const decimal = /^Decimal\((\d+),\s*(\d+)\)$/.exec(text)
  if (decimal) return { kind: 'Decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) }
  const time = /^DateTime64\((\d)(?:,\s*'([^']*)')?\)$/.exec(text)
  if (time) return { kind: 'DateTime64', precision: Number(time[1]), zone: time[2] }
  const array = argument(text, 'Array')
  if (array !== undefined) return { kind: 'Array', of: parseType(array) }
  return { kind: 'Other', text }
}

function formatBase(base: BaseType): string {
  switch (base.kind) {
    case 'Int':
      return `${base.signed ? '' : 'U'}Int${base.bits}`
    case 'Float':
      return `Float${base.bits}`
    case 'Decimal':
      return `Decimal(${base.precision}, ${base.scale})`
    case 'DateTime64':
      return base.zone === undefined
        ? `DateTime64(${base.precision})`
        : `DateTime64(${base.precision}, '${base.zone}')`
    case 'Array':
      return `Array(${formatType(base.of)})`
    case 'Other':
      return base.text
    default:
      return base.kind
  }
}

/** The text inside `Name(…)` where the whole of `text` is that call. */
function argument(text: string, name: string): string | undefined {
  return text.startsWith(`${name}(`) && text.endsWith(')') ? text.slice(name.length + 1, -1) : undefined
}
