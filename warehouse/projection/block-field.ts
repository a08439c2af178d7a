/**
 * How one field of a block is parsed. ClickHouse's parsers keep going where a value does not fit: `300` in an Int8 is 44,
 * `1.239` in a Decimal(10, 2) is 1.23, 1800-01-01 is 1900-01-01, 02-31 is 03-03, null in a plain column is 0. Here each
 * of these fails the insert instead, and the rows path then finds the row.
 */
import { quoteString } from '../types/identifiers.js'
import { type ColumnType, formatType, parseType } from '../types/type.js'
import { castExpression } from '../types/widening.js'

export interface BlockField {
  /** The type to parse as. */
  readonly parsed: string
  /** The value in the column's type, or an exception. */
  readonly expression: string
}

const TEXT = 'Nullable(String)'

/**
 * The parse type and conversion of a field. `name` is its quoted name. With `exactTypes` the source's values are of the
 * declared types, and are parsed directly; dates and times are checked always, because databases reach beyond the
 * warehouse's range.
 */
export function blockField(name: string, type: string, exactTypes: boolean): BlockField {
  const column = parseType(type)
  switch (column.base.kind) {
    case 'Date32':
      return { parsed: TEXT, expression: dateExpression(name, column, exactTypes) }
    case 'DateTime64':
      return exactTypes ? exactTime(name, column) : looseTime(name, column, column.base.precision)
    case 'Int':
      if (exactTypes) return direct(name, column)
      return { parsed: TEXT, expression: integerExpression(name, column) }
    case 'Decimal':
      if (exactTypes) return direct(name, column)
      return { parsed: TEXT, expression: decimalExpression(name, column, column.base.scale) }
    case 'Float':
      return exactTypes ? direct(name, column) : looseFloat(name, column)
    case 'Array':
      return listField(name, type, column.base.of, exactTypes)
    default:
      return direct(name, column)
  }
}

/** Parsed as what it is; null in a column that cannot be null fails in the CAST. */
function direct(name: string, column: ColumnType): BlockField {
  if (column.nullable) return { parsed: formatType(column), expression: name }
  return { parsed: nullableText(column), expression: castExpression(name, formatType(column)) }
}

/**
 * A null list is an empty one; a null item where there can be none fails. Numbers and times of a loose list are compared
 * with their text; a text that is written otherwise (`1.50`, ISO 8601) is left to the rows path.
 */
function listField(name: string, type: string, item: ColumnType, exactTypes: boolean): BlockField {
  if (!exactTypes && CLAMPED.has(item.base.kind)) {
    const text = `translate(ifNull(${name}, '[]'), '"', '\\'')`
    const list = castExpression(text, type)
    const same = `toString(${list}) = replaceAll(${text}, ' ', '')`
    return { parsed: TEXT, expression: `if(throwIf(NOT (${same}), ${quoteString(LIST)}) = 0, ${list}, [])` }
  }
  if (!exactTypes && item.base.kind === 'Float') return looseFloats(name, type, item)
  if (item.nullable || item.base.kind === 'Array') return { parsed: type, expression: name }
  const parsed = `Array(${nullableText(item)})`
  const hasNull = `arrayExists(item -> item IS NULL, ${name})`
  return {
    parsed,
    expression: castExpression(`if(throwIf(${hasNull}, ${quoteString(LIST)}) = 0, ${name}, [])`, type),
  }
}

const CLAMPED: ReadonlySet<string> = new Set(['Int', 'Decimal', 'Date32', 'DateTime64'])
const LIST = 'an item of a list does not fit'

/**
 * From Nullable(String) every cast to a nullable type makes null of what it cannot read, accurateCast too: text that
 * became null is the fault to look for.
 */
function isLost(text: string, value: string): string {
  return `${text} IS NOT NULL AND ${value} IS NULL`
}

/** Parsed as text: Int128 and Int256 would cost 0.04 CPU seconds a million less, but they wrap too, and make 1 of true. */
function integerExpression(name: string, column: ColumnType): string {
  const value = `accurateCast(${name}, ${quoteString(nullableText(column))})`
  return guarded(isLost(name, value), value, 'a whole number does not fit', column)
}

/** A number beyond the type's range is read as infinite; one that is written as infinite is left to the rows path. */
function looseFloat(name: string, column: ColumnType): BlockField {
  const parsed = formatType({ ...column, base: FLOAT64, nullable: true })
  const value = castExpression(name, nullableText(column))
  return { parsed, expression: guarded(`isInfinite(${value})`, value, INFINITE, column) }
}

function looseFloats(name: string, type: string, item: ColumnType): BlockField {
  const nullable = nullableText(item)
  const parsed = `Array(${formatType({ ...item, base: FLOAT64, nullable: true })})`
  const wrong = item.nullable ? 'isInfinite(item)' : 'item IS NULL OR isInfinite(item)'
  const list = castExpression(name, `Array(${nullable})`)
  const checked = `if(throwIf(arrayExists(item -> ${wrong}, ${list}), ${quoteString(LIST)}) = 0, ${list}, [])`
  return { parsed, expression: castExpression(checked, type) }
}

const FLOAT64 = { kind: 'Float', bits: 64 } as const
const INFINITE = 'a number is infinite or out of range'

function dateExpression(name: string, column: ColumnType, exactTypes: boolean): string {
  const outside = exactTypes
    ? `${name} < '1900-01-01' OR ${name} > '2299-12-31' OR length(${name}) != 10`
    : isNoDate(name)
  return guarded(
    outside,
    castExpression(name, nullableText(column)),
    'a date is outside 1900 to 2299',
    column,
  )
}

/** The text of what was parsed is the text that came in, unless the engine clamped or shifted it. */
function isNoDate(text: string): string {
  const date = `CAST(${text}, 'Nullable(Date32)')`
  return `(${isLost(text, date)}) OR toString(${date}) != ${text}`
}

function exactTime(name: string, column: ColumnType): BlockField {
  const parsed = nullableText(column)
  return { parsed, expression: guarded(isOutside(name), name, OUTSIDE, column) }
}

/** Best effort reads any ISO 8601 offset; its guesses at other notations are stopped by the check of the date. */
function looseTime(name: string, column: ColumnType, precision: number): BlockField {
  // The variant without OrNull parses the empty text behind a null.
  const time = `parseDateTime64BestEffortOrNull(${name}, ${precision}, 'UTC')`
  // 25:00 would be the next day's 01:00.
  const clock = `substring(${name}, 12, 2) > '23' OR substring(${name}, 15, 2) > '59'`
  const wrong = `${time} IS NULL OR ${isNoDate(`substring(${name}, 1, 10)`)} OR ${clock} OR ${isOutside(time)}`
  const outside = `${name} IS NOT NULL AND (${wrong})`
  return { parsed: TEXT, expression: guarded(outside, time, OUTSIDE, column) }
}

const OUTSIDE = 'a time is no ISO 8601 time between 1900 and 2299'

function isOutside(time: string): string {
  const bound = (text: string) => `toDateTime64('${text}', 0, 'UTC')`
  return `${time} < ${bound('1900-01-01 00:00:00')} OR ${time} > ${bound('2299-12-31 23:59:59')}`
}

/** Exponents and digits beyond the scale are left to the rows path, which is exact. */
function decimalExpression(name: string, column: ColumnType, scale: number): string {
  const tooFine = `position(${name}, '.') > 0 AND length(${name}) - position(${name}, '.') > ${scale}`
  const value = castExpression(name, nullableText(column))
  const unusual = `positionCaseInsensitive(${name}, 'e') > 0 OR (${tooFine}) OR (${isLost(name, value)})`
  return guarded(unusual, value, 'a decimal has too many digits or is none', column)
}

/** The value, which may be null, unless `wrong` holds; null is not wrong by itself. */
function guarded(wrong: string, value: string, message: string, column: ColumnType): string {
  const checked = `if(throwIf(${wrong}, ${quoteString(message)}) = 0, ${value}, NULL)`
  return column.nullable ? checked : castExpression(checked, formatType(column))
}

function nullableText(column: ColumnType): string {
  return formatType({ ...column, nullable: true })
}
