/** Dates and times as text: the forms that ClickHouse's best_effort parser reads, recognised and normalised to UTC. */

const DATE = /^(\d{4})([-/])(\d{2})\2(\d{2})$/
const TIME =
  /^(\d{4})([-/])(\d{2})\2(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?: ?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?$/
const NAMED =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(\d{1,2})[ -](Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[ -](\d{4}) (\d{2}):(\d{2}):(\d{2})(?: (GMT|UTC|[+-]\d{4}))?$/
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** The date as `YYYY-MM-DD`, or undefined when the text is none. Years 1900 to 2299: ClickHouse bends others silently. */
export function normalizeDate(text: string): string | undefined {
  const match = DATE.exec(text)
  if (match === null || !isDay(Number(match[1]), Number(match[3]), Number(match[4]))) return undefined
  return match[2] === '-' ? text : text.replaceAll('/', '-')
}

/** What most files hold, and what needs no change: times in UTC on a day that every month has. */
const USUAL =
  /^(?:19|2[0-2])\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z?$/

/** The time in UTC, as it is where it is one already; undefined when the text is no time. */
export function normalizeTime(text: string): string | undefined {
  return USUAL.test(text) ? text : parseTime(text)?.text
}

export interface ParsedTime {
  /** `YYYY-MM-DD hh:mm:ss[.fraction]` in UTC; a text without an offset is taken as UTC. */
  readonly text: string
  /** Digits of the fraction of a second. */
  readonly digits: number
}

/** The point in time, or undefined when the text is none of the known forms. */
export function parseTime(text: string): ParsedTime | undefined {
  if (text.length < 16) return undefined
  const match = TIME.exec(text)
  if (match !== null) {
    const [, year, , month, day, hour, minute, second, fraction, zone] = match
    const parts = [year, month, day, hour, minute, second ?? '0'].map(Number)
    return toUtc(parts as TimeParts, fraction ?? '', zone)
  }
  const named = NAMED.exec(text)
  if (named === null) return undefined
  const [, day, month, year, hour, minute, second, zone] = named
  const parts = [year, MONTHS.indexOf(month!) + 1, day, hour, minute, second].map(Number)
  return toUtc(parts as TimeParts, '', zone)
}

type TimeParts = [year: number, month: number, day: number, hour: number, minute: number, second: number]

function toUtc(parts: TimeParts, fraction: string, zone: string | undefined): ParsedTime | undefined {
  const [year, month, day, hour, minute, second] = parts
  if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 59) return undefined
  const time = Date.UTC(year, month - 1, day, hour, minute, second) - offsetMinutes(zone) * 60_000
  const text = new Date(time).toISOString()
  return {
    text: `${text.slice(0, 10)} ${text.slice(11, 19)}${fraction === '' ? '' : `.${fraction}`}`,
    digits: fraction.length,
  }
}

function offsetMinutes(zone: string | undefined): number {
  if (zone === undefined || !/^[+-]/.test(zone)) return 0
  const digits = zone.replace(/[^\d]/g, '')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0)
  return zone.startsWith('-') ? -minutes : minutes
}

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1900 || year > 2299 || month < 1 || month > 12 || day < 1 || day > DAYS[month - 1]!) return false
  return month !== 2 || day < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))
}
