/** Numbers, sizes, times and lengths of time in words. Everything that the page says of an amount goes through here. */

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const PERCENT = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 })
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** `12,345`, two decimals at most. */
export function formatNumber(value: number): string {
  return WHOLE.format(value)
}

/** `12.3K`: for places where room is short; show the whole number beside or on hover. */
export function formatCompact(value: number): string {
  return COMPACT.format(value)
}

/** A share of one: `0.125` is `12.5%`. */
export function formatShare(value: number): string {
  return PERCENT.format(value)
}

/** `1 person`, `1,204 people`. @param many the plural where it is not `one` with an s */
export function formatCount(value: number, one: string, many = `${one}s`): string {
  return `${formatNumber(value)} ${value === 1 ? one : many}`
}

/** `1.5 MB`, powers of 1000 as the IEC has them. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 ? Math.round(value) : trim(value)} ${units[power]}`
}

/** `850 ms`, `12 s`, `3 min 20 s`, `2 h 5 min`, `4 d 3 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 10) return `${trim(seconds)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return pair(whole, 60, 'min', 1, 's')
  if (whole < 86_400) return pair(whole, 3600, 'h', 60, 'min')
  return pair(whole, 86_400, 'd', 3600, 'h')
}

/** `15 Nov 2026, 14:03:22` in a time zone. */
export function formatTime(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone }).format(at)
}

/** `15 Nov 2026` in a time zone. */
export function formatDate(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone }).format(at)
}

/** `15 Nov, 14:03` in a time zone: where the year is plain, as on the axis of a chart. */
export function formatShortTime(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(at)
}

/** `3 minutes ago`, `in 2 hours`, `yesterday`. Less than 10 seconds is `just now`, or `in a moment`. */
export function formatRelative(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000
  const size = Math.abs(seconds)
  if (size < 10) return seconds > 0 ? 'in a moment' : 'just now'
  const [unit, length] = UNITS.find(([, , upTo]) => size < upTo) ?? UNITS[UNITS.length - 1]!
  return RELATIVE.format(Math.trunc(seconds / length), unit)
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number, number])[] = [
  ['second', 1, 60],
  ['minute', 60, 3600],
  ['hour', 3600, 86_400],
  ['day', 86_400, 30 * 86_400],
  ['month', 30 * 86_400, 365 * 86_400],
  ['year', 365 * 86_400, Number.POSITIVE_INFINITY],
]

/** The moment that the API's text or number stands for: ISO 8601, ClickHouse's `YYYY-MM-DD hh:mm:ss` in UTC, or milliseconds. */
export function toDate(at: string | number | Date): Date {
  if (at instanceof Date) return at
  if (typeof at === 'number') return new Date(at)
  const text = at.replace(' ', 'T')
  return new Date(/T/.test(text) && !/(Z|[+-]\d\d:?\d\d)$/.test(text) ? `${text}Z` : text)
}

const CURSOR_MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}(:?\d{2})?)?$/

/**
 * How far a stream was read, as people read it: a moment in a time zone, and anything else as the source has it. A moment without
 * a zone is by the source's own clock, and stays so.
 */
export function formatCursor(cursor: string, timeZone: string): string {
  const zone = CURSOR_MOMENT.exec(cursor)?.[2]
  if (!CURSOR_MOMENT.test(cursor)) return cursor
  if (zone === undefined) return formatTime(toDate(cursor), 'UTC')
  return formatTime(toDate(cursor.replace(/([+-]\d{2})$/, '$1:00')), timeZone)
}

function trim(value: number): string {
  return String(Math.round(value * 10) / 10)
}

function pair(seconds: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((seconds % large) / small)
  const head = `${Math.floor(seconds / large)} ${largeUnit}`
  return rest === 0 ? head : `${head} ${rest} ${smallUnit}`
}
