/** Types that the config fixes for columns: which values fit, and what they become in a Parquet file. */
import type { JsonValue } from '@tributary/connector-sdk'
import type { DeclaredType } from '../config.js'

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
/** ISO 8601, or a blank for the T; without an offset UTC. */
const TIMESTAMP =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i
const INTEGER = /^-?\d{1,19}$/
const NUMBER = /^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i
const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n
const DAY_MS = 86_400_000

/** True where the value cannot be of the type. */
export function misfit(value: JsonValue, type: DeclaredType): boolean {
  return converted(value, type) === undefined
}

/**
 * The value as Parquet stores the type: bool, bigint of int64 and of timestamps (milliseconds or microseconds since 1970),
 * number of float64 and of dates (days since 1970), text; undefined where it is none.
 */
export function converted(
  value: JsonValue,
  type: DeclaredType,
): boolean | bigint | number | string | undefined {
  switch (type) {
    case 'bool':
      return typeof value === 'boolean' ? value : ({ true: true, false: false }[String(value)] ?? undefined)
    case 'int64':
      return int64(value)
    case 'float64':
      if (typeof value === 'number') return value
      return typeof value === 'string' && NUMBER.test(value) ? Number(value) : undefined
    case 'date':
      return typeof value === 'string' ? days(value) : undefined
    case 'timestamp(3)':
      return typeof value === 'string' ? ticks(value, 3) : undefined
    case 'timestamp(6)':
      return typeof value === 'string' ? ticks(value, 6) : undefined
    case 'string':
      return typeof value === 'object' ? JSON.stringify(value) : String(value)
    case 'json':
      return JSON.stringify(value)
  }
}

function int64(value: JsonValue): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
  if (typeof value !== 'string' || !INTEGER.test(value)) return undefined
  const number = BigInt(value)
  return number >= INT64_MIN && number <= INT64_MAX ? number : undefined
}

/** Days since 1970 of a date that exists; of a timestamp its date. */
function days(value: string): number | undefined {
  const date = value.slice(0, 10)
  if (!DATE.test(date) || (value.length > 10 && !TIMESTAMP.test(value))) return undefined
  const ms = Date.parse(`${date}T00:00:00Z`)
  // Date.parse carries a 31st of February over into March.
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date ? undefined : ms / DAY_MS
}

function ticks(value: string, digits: 3 | 6): bigint | undefined {
  if (DATE.test(value)) {
    const day = days(value)
    return day === undefined ? undefined : BigInt(day * DAY_MS) * 10n ** BigInt(digits - 3)
  }
  const match = TIMESTAMP.exec(value)
  if (match === null || days(match[1]!) === undefined) return undefined
  const [, date, minutes, seconds = '00', fraction = '', offset = 'Z'] = match
  const zone = /^z$/i.test(offset) ? 'Z' : `${offset.slice(0, 3)}:${offset.slice(-2)}`
  const ms = Date.parse(`${date}T${minutes}:${seconds}${zone}`)
  if (Number.isNaN(ms)) return undefined
  const parts = BigInt(fraction.padEnd(digits, '0').slice(0, digits))
  return BigInt(ms) * 10n ** BigInt(digits - 3) + parts
}
