/** The published rules of operators on one value, written down from their text alone. */
import { dayStart, firstInstant } from './oracle-time.js'
import type { WorldValue } from './world.js'

export interface Clock {
  readonly now: number
  readonly zone: string
}

type Literal = string | number | boolean

/** What a text literal says of time: a date is a whole day, anything else one millisecond. End is exclusive. */
export function moment(text: string, zone: string): { start: number; end: number } {
  const [, year, month, day, time, offset] =
    /^(\d{4})-(\d{2})-(\d{2})(?:[T ]([\d:.]+)(Z|[+-]\d\d:\d\d)?)?$/.exec(text)!
  const [y, m, d] = [Number(year), Number(month), Number(day)]
  if (time === undefined) return { start: dayStart(y, m, d, zone), end: dayStart(y, m, d + 1, zone) }
  const [hour, minute, second = '0'] = time.split(':')
  const wall = Date.UTC(y, m - 1, d, Number(hour), Number(minute)) + Math.round(Number(second) * 1000)
  let start = wall
  if (offset === undefined) start = firstInstant(wall, zone)
  else if (offset !== 'Z') {
    const [hours, minutes] = offset.slice(1).split(':')
    start = wall - (offset.startsWith('-') ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
  }
  return { start, end: start + 1 }
}

export function duration(text: string): number {
  const unit = { s: 1, m: 60, h: 3600, d: 86_400, y: 365 * 86_400 }[text.at(-1)!]!
  return Number(text.slice(0, -1)) * unit * 1000
}

/** Same kind, same value; lists and times are equal to nothing. */
export function isEqual(value: WorldValue | undefined, literal: WorldValue | undefined): boolean {
  if (value === null || value === undefined || typeof value === 'object') return false
  return typeof value === typeof literal && value === literal
}

/** Whether a value, possibly absent, fulfils an operator. An absent list element kind of value has none. */
export function fulfils(
  value: WorldValue | undefined,
  operator: string,
  literal: unknown,
  { now, zone }: Clock,
): boolean {
  const absent = value === undefined || value === null
  const text = typeof value === 'string' ? value : undefined
  const number = typeof value === 'number' ? value : undefined
  const time = !absent && typeof value === 'object' && 'time' in value ? value.time : undefined
  const list = !absent && typeof value === 'object' && 'list' in value ? value.list : undefined
  const texts = literal as readonly string[]
  if (operator === 'exists') return !absent
  if (operator === 'absent') return absent
  if (operator === 'eq') return isEqual(value, literal as Literal)
  if (operator === 'not_eq') return !isEqual(value, literal as Literal)
  if (operator === 'in') return (literal as Literal[]).some((one) => isEqual(value, one))
  if (operator === 'not_in') return !(literal as Literal[]).some((one) => isEqual(value, one))
  if (operator === 'contains') return text?.includes(literal as string) ?? false
  if (operator === 'not_contains') return !(text?.includes(literal as string) ?? false)
  if (operator === 'starts_with') return text?.startsWith(literal as string) ?? false
  if (operator === 'ends_with') return text?.endsWith(literal as string) ?? false
  if (operator === 'matches') return text !== undefined && new RegExp(literal as string, 'u').test(text)
  if (operator === 'any_of') return list !== undefined && texts.some((one) => list.includes(one))
  if (operator === 'all_of') return list !== undefined && texts.every((one) => list.includes(one))
  if (operator === 'within_last')
    return time !== undefined && time >= now - duration(String(literal)) && time < now
  if (operator === 'before_last') return time !== undefined && time < now - duration(String(literal))
  if (operator === 'within_next')
    return time !== undefined && time >= now && time < now + duration(String(literal))
  if (operator === 'after_next') return time !== undefined && time >= now + duration(String(literal))
  if (operator === 'between') {
    const [least, greatest] = literal as [string | number, string | number]
    if (typeof least === 'number')
      return number !== undefined && number >= least && number <= Number(greatest)
    return (
      time !== undefined && time >= moment(least, zone).start && time < moment(String(greatest), zone).end
    )
  }
  if (typeof literal === 'number') {
    if (number === undefined) return false
    if (operator === 'gt') return number > literal
    if (operator === 'gte') return number >= literal
    if (operator === 'lt') return number < literal
    if (operator === 'lte') return number <= literal
  }
  if (time === undefined) return false
  const { start, end } = moment(String(literal), zone)
  if (operator === 'gt' || operator === 'after') return time >= end
  if (operator === 'gte') return time >= start
  if (operator === 'lt' || operator === 'before') return time < start
  if (operator === 'lte') return time < end
  throw new Error(`the oracle does not know ${operator}`)
}
