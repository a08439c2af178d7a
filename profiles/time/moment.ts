/**
 * Moments as people write them: a date is a whole day of a time zone, a date with a time of day is one millisecond. Both are
 * half-open spans, so that every comparison with a moment is one with its start or its end.
 */
import { instantOf } from './zone.js'

/** Nothing earlier can be stored: the first millisecond of ClickHouse's DateTime64. */
export const EARLIEST = Date.UTC(1900, 0, 1)

/** Nothing later can be stored. */
const LATEST = Date.UTC(2299, 11, 31, 23, 59, 59, 999)

const DAY_MS = 86_400_000

const PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-]\d{2}:\d{2})?)?$/

/** `v < start`: before it. `v >= end`: after it. */
export interface Moment {
  /** True for a date, which is a whole day. */
  readonly isDay: boolean
  readonly start: Date
  /** Exclusive: the next day's first moment, or a millisecond after `start`. */
  readonly end: Date
}

/**
 * Reads `2026-03-29`, `2026-03-29T08:30`, `2026-03-29T08:30:00.250Z` or `2026-03-29 08:30:00+02:00`. Dates, and times without
 * an offset, are of the zone. A day is as long as its zone makes it; a time that the clock skips is the moment of the skip, of
 * one that it shows twice the earlier counts.
 * @throws RangeError when the text is not a moment, or the zone is unknown
 */
export function parseMoment(text: string, zone: string): Moment {
  const match = PATTERN.exec(text)
  if (!match) throw notAMoment(text)
  const [, year, month, day, hour, minute, second, fraction, offset] = match
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const isDate = new Date(date).toISOString().startsWith(text.slice(0, 10))
  if (!isDate || date < EARLIEST || date > LATEST) throw notAMoment(text)
  if (hour === undefined) {
    return { isDay: true, ...span(instantOf(date, zone), instantOf(date + DAY_MS, zone)) }
  }
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second ?? 0) < 60
  if (!isTime) throw notAMoment(text)
  const wall =
    date +
    Number(hour) * 3_600_000 +
    Number(minute) * 60_000 +
    Number(second ?? 0) * 1000 +
    Number((fraction ?? '').padEnd(3, '0'))
  const instant = offset === undefined ? instantOf(wall, zone) : wall - offsetMs(offset, text)
  return { isDay: false, ...span(instant, instant + 1) }
}

function span(start: number, end: number): { start: Date; end: Date } {
  const within = (instant: number) => new Date(Math.min(Math.max(instant, EARLIEST), LATEST))
  return { start: within(start), end: within(end) }
}

function offsetMs(offset: string, text: string): number {
  if (offset === 'Z') return 0
  const [hours, minutes] = offset.slice(1).split(':').map(Number) as [number, number]
  if (hours > 15 || minutes > 59) throw notAMoment(text)
  return (offset.startsWith('-') ? -1 : 1) * (hours * 3_600_000 + minutes * 60_000)
}

function notAMoment(text: string): RangeError {
  return new RangeError(
    `reading moment "${text}": write a date, or a date and a time of day, e.g. 2026-01-31 or 2026-01-31T08:30:00Z`,
  )
}
