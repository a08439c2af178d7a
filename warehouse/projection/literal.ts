/** Writes a value that a person gave in a file as a ClickHouse literal of a column's type, or says what is wrong with it. */
import { unscaledOfNumber, unscaledOfText } from '../rows/parse-decimal.js'
import { isStorableSecond, type ParsedTime, parseDate, parseTime } from '../rows/parse-time.js'
import { quoteString } from '../types/identifiers.js'
import { type BaseType, formatType } from '../types/type.js'
import { castExpression } from '../types/widening.js'

export type Literal = { readonly sql: string } | { readonly problem: string }

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/**
 * The literal to compare a column of type `base` with. Numbers are compared exactly, so a bound need not fit the
 * column (`age > 1.5`); dates and times are ISO 8601.
 */
export function literal(base: BaseType, value: unknown): Literal {
  if (value === null || value === undefined)
    return { problem: 'null compares with nothing; use exists or absent' }
  switch (base.kind) {
    case 'Bool':
      return boolLiteral(value)
    case 'Int':
    case 'Decimal':
      return numberLiteral(value)
    case 'Float':
      return floatLiteral(base, value)
    case 'Date32':
      return dateLiteral(value)
    case 'DateTime64':
      return timeLiteral(value)
    case 'UUID':
      return typeof value === 'string' && UUID.test(value)
        ? { sql: `toUUID('${value}')` }
        : { problem: 'needs a UUID' }
    case 'Array':
      return { problem: 'does not apply to a list; use contains' }
    default:
      return textLiteral(value)
  }
}

function boolLiteral(value: unknown): Literal {
  const text = String(value).toLowerCase()
  return text === 'true' || text === 'false' ? { sql: text } : { problem: 'needs true or false' }
}

/** An exact number: a plain integer, or a Decimal with the scale that the number needs. */
function numberLiteral(value: unknown): Literal {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || !NUMBER.test(text)) return { problem: 'needs a number' }
  const digits = /\.(\d*)/.exec(text)?.[1]?.length ?? 0
  const exponent = Number(/[eE](.*)$/.exec(text)?.[1] ?? 0)
  const scale = Math.max(digits - exponent, 0)
  const unscaled = typeof value === 'number' ? unscaledOfNumber(value, scale) : unscaledOfText(text, scale)
  if (typeof unscaled === 'string' || scale > 76) return { problem: 'has more digits than a column can hold' }
  if (scale > 0)
    return { sql: castExpression(quoteString(decimalText(unscaled, scale)), `Decimal(76, ${scale})`) }
  const small = BigInt(unscaled) >= -(2n ** 63n) && BigInt(unscaled) < 2n ** 63n
  return { sql: small ? castExpression(`'${unscaled}'`, 'Int64') : castExpression(`'${unscaled}'`, 'Int256') }
}

function decimalText(unscaled: number | bigint, scale: number): string {
  const negative = unscaled < 0
  const digits = String(negative ? -unscaled : unscaled).padStart(scale + 1, '0')
  return `${negative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** A Float32 column is compared in Float32: 0.1 there is not the 0.1 of a Float64. */
function floatLiteral(base: BaseType, value: unknown): Literal {
  const text = String(value)
  const valid = (typeof value === 'number' || typeof value === 'string') && NUMBER.test(text)
  return valid
    ? { sql: castExpression(`'${text}'`, formatType({ base, nullable: false, lowCardinality: false })) }
    : { problem: 'needs a number' }
}

function dateLiteral(value: unknown): Literal {
  if (typeof value !== 'string' || parseDate(value) === undefined) {
    return { problem: 'needs a date between 1900-01-01 and 2299-12-31, such as 2026-01-31' }
  }
  return { sql: castExpression(`'${value.slice(0, 10)}'`, 'Date32') }
}

/** Any offset is turned into UTC; the literal has nanoseconds only where they were written. */
function timeLiteral(value: unknown): Literal {
  const time: ParsedTime = { seconds: 0, fraction: 0, fractionDigits: 0, cut: false }
  if (typeof value !== 'string' || !parseTime(value, time) || !isStorableSecond(time.seconds)) {
    return { problem: 'needs a time between 1900 and 2299 in ISO 8601, such as 2026-01-31T10:00:00Z' }
  }
  const digits = time.fractionDigits
  const text = new Date(time.seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')
  const fraction = digits > 0 ? `.${String(time.fraction).padStart(digits, '0')}` : ''
  return { sql: castExpression(`'${text}${fraction}'`, `DateTime64(${digits}, 'UTC')`) }
}

function textLiteral(value: unknown): Literal {
  if (typeof value === 'object') return { problem: 'needs text' }
  const text = String(value)
  return text.includes('\0') ? { problem: 'holds a NUL character; remove it' } : { sql: quoteString(text) }
}
