/**
 * Reads dates and times from text, by arithmetic on characters: no Date objects, no zone of the machine.
 * Proleptic Gregorian, 1900-01-01 to 2299-12-31: what Date32 and DateTime64 hold on every server version.
 */

/** Seconds since 1970 UTC, and the digits of the fraction as they were written. */
export interface ParsedTime {
  seconds: number
  fraction: number
  fractionDigits: number
  /** True when digits after the ninth were cut off, and one of them was not zero. */
  cut: boolean
}

const FIRST_DAY = daysOf(1900, 1, 1)
const LAST_DAY = daysOf(2299, 12, 31)
const DAY_SECONDS = 86_400

/** True for the range that every server version holds. */
export function isStorableSecond(seconds: number): boolean {
  return seconds >= FIRST_DAY * DAY_SECONDS && seconds < (LAST_DAY + 1) * DAY_SECONDS
}

/** Days since 1970 of `YYYY-MM-DD`, or of a time that is midnight without an offset; undefined: not a date or out of range. */
export function parseDate(text: string): number | undefined {
  const days = daysAt(text)
  if (days === undefined || days < FIRST_DAY || days > LAST_DAY) return undefined
  if (text.length === 10 || /^[T ]00:00(:00(\.0+)?)?Z?$/.test(text.slice(10))) return days
  return undefined
}

/**
 * Parses `YYYY-MM-DD[T| ]hh:mm[:ss[.fraction]][Z|±hh[[:]mm]]`, or a bare date as midnight; without an offset it is UTC.
 * Writes into `into`, so that no object is made per value. False: not such a text, or no such moment (02-30, 25:00).
 */
export function parseTime(text: string, into: ParsedTime): boolean {
  const days = daysAt(text)
  if (days === undefined) return false
  into.fraction = 0
  into.fractionDigits = 0
  into.cut = false
  into.seconds = days * DAY_SECONDS
  const length = text.length
  if (length === 10) return true
  const separator = text.charCodeAt(10)
  if ((separator !== 84 && separator !== 32 && separator !== 116) || text.charCodeAt(13) !== 58) return false
  const hours = twoDigits(text, 11)
  const minutes = twoDigits(text, 14)
  let seconds = 0
  let at = 16
  if (text.charCodeAt(16) === 58) {
    seconds = twoDigits(text, 17)
    at = 19
    if (text.charCodeAt(19) === 46) at = parseFraction(text, into)
  }
  if (!(hours < 24 && minutes < 60 && seconds < 60) || at < 0) return false
  const offset = at === length ? 0 : offsetSeconds(text, at)
  if (offset === undefined) return false
  into.seconds += hours * 3600 + minutes * 60 + seconds - offset
  return true
}

/** Reads the fraction that starts at the point (character 19); returns the index after it, or -1 when it has no digits. */
function parseFraction(text: string, into: ParsedTime): number {
  let at = 20
  for (; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) break
    if (at < 29) {
      into.fraction = into.fraction * 10 + digit
      into.fractionDigits++
    } else if (digit !== 0) into.cut = true
  }
  return at === 20 ? -1 : at
}

function offsetSeconds(text: string, at: number): number | undefined {
  const sign = text.charCodeAt(at)
  if (sign === 90 || sign === 122) return at + 1 === text.length ? 0 : undefined
  if (sign !== 43 && sign !== 45) return undefined
  const match = /^(\d\d)(?::?([0-5]\d)(?::?([0-5]\d))?)?$/.exec(text.slice(at + 1))
  if (!match || Number(match[1]) > 15) return undefined
  const seconds = Number(match[1]) * 3600 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0)
  return sign === 45 ? -seconds : seconds
}

/** Days since 1970 of the `YYYY-MM-DD` at the start of the text. */
function daysAt(text: string): number | undefined {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return undefined
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1)) return undefined
  if (day > 28 && day > daysInMonth(year, month)) return undefined
  return daysOf(year, month, day)
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** The number in two digits, or NaN, which fails every comparison. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

/** Howard Hinnant's days_from_civil (https://howardhinnant.github.io/date_algorithms.html). */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}
