/** Dates and times of traits as ISO 8601 text in UTC. */
import type { JsonValue } from '../json.js'

/** Unix time from here on is in milliseconds; as seconds this would be the year 5138. */
const MILLISECONDS_FROM = 1e11

const ISO =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i

/** `YYYY-MM-DD`; of a time with a zone the day in UTC. Undefined for what is no date. */
export function dateText(value: JsonValue): string | undefined {
  return timestampText(value, 0)?.slice(0, 10)
}

/**
 * `YYYY-MM-DDThh:mm:ss.sssZ` with so many digits of a second; more digits are cut. A time without a zone is UTC, a date its
 * first moment. Undefined for what is no time.
 * @param digits of a second, 0 to 9
 */
export function timestampText(value: JsonValue, digits: number): string | undefined {
  if (typeof value === 'number') return unixTime(value, digits)
  const match = typeof value === 'string' ? ISO.exec(value.trim()) : null
  if (!match) return undefined
  const [, day, minute = '00:00', second = '00', fraction = '', zone = 'Z'] = match
  const local = `${day}T${minute}:${second}`
  const ms = Date.parse(`${local}${isoZone(zone)}`)
  if (Number.isNaN(ms) || !isDay(day!)) return undefined
  // Midnight may be written as 24:00 of the day before.
  const seconds = isUtc(zone) && !minute.startsWith('24') ? local : utcSeconds(ms)
  return seconds === undefined ? undefined : withFraction(seconds, fraction, digits)
}

function unixTime(value: number, digits: number): string | undefined {
  const ms = Math.floor(Math.abs(value) < MILLISECONDS_FROM ? value * 1000 : value)
  const seconds = utcSeconds(ms)
  if (seconds === undefined) return undefined
  return withFraction(seconds, new Date(ms).toISOString().slice(20, 23), digits)
}

function isUtc(zone: string): boolean {
  return zone === 'Z' || zone === 'z'
}

/** `+02`, `+0200` and `+02:00` as the last. */
function isoZone(zone: string): string {
  if (isUtc(zone)) return 'Z'
  return `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`
}

/** JavaScript takes February 30 for March 2. */
function isDay(day: string): boolean {
  return day.slice(8) <= '28' || utcSeconds(Date.parse(`${day}T00:00:00Z`))?.startsWith(day) === true
}

/** `YYYY-MM-DDThh:mm:ss`, undefined for no time and beyond the years 0 to 9999, which have no such text. */
function utcSeconds(ms: number): string | undefined {
  const time = new Date(ms)
  const year = time.getUTCFullYear()
  return year >= 0 && year <= 9999 ? time.toISOString().slice(0, 19) : undefined
}

function withFraction(seconds: string, fraction: string, digits: number): string {
  const part = fraction.padEnd(digits, '0').slice(0, digits)
  return `${seconds}${part ? `.${part}` : ''}Z`
}
