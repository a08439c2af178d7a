/**
 * Windows over event time: half-open spans in milliseconds that end at the present moment at the latest. Whom the mere
 * passing of time changes are those with an event in a span that `crossed` names.
 */
import { parseDuration } from '@tributary/schemas'
import { EARLIEST, parseMoment } from './moment.js'
import { instantOf, wallAt } from './zone.js'

/** The keys of a condition or computed trait that say which events count; without any of them the whole history does. */
export interface WindowSpec {
  readonly within?: string
  readonly between?: { readonly from: string; readonly to: string }
  readonly since?: string
  readonly until?: string
  readonly calendar?: CalendarPeriod
}

export type CalendarPeriod =
  | 'today'
  | 'yesterday'
  | `${'this' | 'last'}_${'week' | 'month' | 'quarter' | 'year'}`

/** Half-open: `from <= ts < to`. */
export interface Span {
  /** Null: without beginning. */
  readonly from: Date | null
  readonly to: Date
}

/**
 * The span of event times that a window means at a moment. Never reaches beyond `now`; empty where `from` equals `to`.
 * @throws RangeError when a duration, moment or zone cannot be read
 */
export function windowAt(spec: WindowSpec, now: Date, zone: string): Span {
  const [from, to] = bounds(spec, now.getTime(), zone)
  const end = Math.max(Math.min(to, now.getTime()), EARLIEST)
  const start = from <= EARLIEST ? null : new Date(Math.min(from, end))
  return { from: start, to: new Date(end) }
}

/** The event times that are in the window at one of two moments and not at the other. At most two spans, none empty. */
export function crossed(spec: WindowSpec, zone: string, before: Date, after: Date): readonly Span[] {
  const ends = [before, after].flatMap((now) => {
    const { from, to } = windowAt(spec, now, zone)
    return [from?.getTime() ?? EARLIEST, to.getTime()]
  })
  const [first, second, third, fourth] = ends.sort((a, b) => a - b) as [number, number, number, number]
  return [
    [first, second],
    [third, fourth],
  ].flatMap(([from, to]) => (from! < to! ? [{ from: new Date(from!), to: new Date(to!) }] : []))
}

/** True when the span has this time. */
export function inSpan({ from, to }: Span, time: Date): boolean {
  return (from === null || time >= from) && time < to
}

function bounds(spec: WindowSpec, now: number, zone: string): readonly [from: number, to: number] {
  if (spec.within !== undefined) return [now - parseDuration(spec.within), now]
  if (spec.between) return [now - parseDuration(spec.between.from), now - parseDuration(spec.between.to)]
  if (spec.calendar) return calendarPeriod(spec.calendar, now, zone)
  const since = spec.since === undefined ? undefined : parseMoment(spec.since, zone)
  const until = spec.until === undefined ? undefined : parseMoment(spec.until, zone)
  return [since?.start.getTime() ?? EARLIEST, (until?.isDay ? until.end : until?.start)?.getTime() ?? now]
}

/** How many months a period has. */
const MONTHS = { month: 1, quarter: 3, year: 12 } as const

function calendarPeriod(period: CalendarPeriod, now: number, zone: string): readonly [number, number] {
  const [which, unit] = period.split('_') as [string, 'week' | keyof typeof MONTHS | undefined]
  const today = new Date(wallAt(now, zone))
  const [year, month, day] = [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()]
  const startOf = (index: number): number => {
    if (unit === undefined) return Date.UTC(year, month, day + index)
    if (unit === 'week') return Date.UTC(year, month, day - ((today.getUTCDay() + 6) % 7) + 7 * index)
    return Date.UTC(year, month - (month % MONTHS[unit]) + MONTHS[unit] * index)
  }
  const index = which === 'last' || which === 'yesterday' ? -1 : 0
  return [instantOf(startOf(index), zone), instantOf(startOf(index + 1), zone)]
}
