/** Writers of dates and times. */
import { bad, type Fault, type ValueWriter } from './fault.js'
import { isStorableSecond, type ParsedTime, parseDate, parseTime } from './parse-time.js'

const NOT_DATE = bad('not a date between 1900-01-01 and 2299-12-31')
const NOT_TIME = bad('not a time in ISO 8601')
const TIME_RANGE = bad('a time outside 1900-01-01 to 2299-12-31')
const MAX_NANOSECONDS = 2n ** 63n

/** Date32. */
export const writeDate: ValueWriter = (buffer, value) => {
  const days = typeof value === 'string' ? parseDate(value) : undefined
  return days === undefined ? NOT_DATE : buffer.writeInt(32, days)
}

/**
 * DateTime64 of 0 to 9 digits, from text with any offset. Numbers are refused: whether they are seconds or milliseconds
 * is for the source to know. Digits beyond the column's are cut off and reported.
 */
export function timeWriter(precision: number): ValueWriter {
  const ticks = 10 ** precision
  const parsed: ParsedTime = { seconds: 0, fraction: 0, fractionDigits: 0, cut: false }
  const cut: Fault = { kind: 'truncated', reason: `time cut to ${precision} digits of a second` }
  const safeSeconds = Number.MAX_SAFE_INTEGER / ticks - 1
  return (buffer, value) => {
    if (typeof value !== 'string' || !parseTime(value, parsed)) return NOT_TIME
    const { seconds, fractionDigits } = parsed
    if (!isStorableSecond(seconds)) return TIME_RANGE
    let fraction = parsed.fraction
    let fault = parsed.cut ? cut : undefined
    if (fractionDigits < precision) fraction *= 10 ** (precision - fractionDigits)
    else if (fractionDigits > precision) {
      const divisor = 10 ** (fractionDigits - precision)
      const whole = Math.floor(fraction / divisor)
      if (whole * divisor !== fraction) fault = cut
      fraction = whole
    }
    if (seconds < safeSeconds && seconds > -safeSeconds) {
      buffer.writeSafeInteger(64, seconds * ticks + fraction)
      return fault
    }
    const count = BigInt(seconds) * BigInt(ticks) + BigInt(fraction)
    if (count >= MAX_NANOSECONDS || count < -MAX_NANOSECONDS) return TIME_RANGE
    buffer.writeBigInt(64, count)
    return fault
  }
}
