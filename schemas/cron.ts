/**
 * Cron expressions as Temporal reads them: five fields (minute hour day-of-month month day-of-week) or a shorthand such as
 * `@daily`. Day of month and day of week must both match. Pure, usable in workflows.
 */

/** The times that an expression names: sorted values of each field. */
export interface CronTimes {
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  readonly daysOfMonth: readonly number[]
  readonly months: readonly number[]
  readonly daysOfWeek: readonly number[]
}

interface Field {
  readonly name: keyof CronTimes
  readonly title: string
  readonly min: number
  readonly max: number
  readonly names?: readonly string[]
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
const FIELDS: readonly Field[] = [
  { name: 'minutes', title: 'minute', min: 0, max: 59 },
  { name: 'hours', title: 'hour', min: 0, max: 23 },
  { name: 'daysOfMonth', title: 'day of month', min: 1, max: 31 },
  { name: 'months', title: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'daysOfWeek', title: 'day of week', min: 0, max: 7, names: DAYS },
]
const SHORTHANDS: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
}

/**
 * The times of an expression.
 * @throws RangeError naming the field that is wrong
 */
export function parseCron(text: string): CronTimes {
  const parts = (SHORTHANDS[text.trim()] ?? text).trim().split(/\s+/)
  if (parts.length !== FIELDS.length) {
    throw new RangeError(
      `expected 5 fields (minute hour day-of-month month day-of-week), found ${parts.length}`,
    )
  }
  const entries = FIELDS.map((field, index) => [field.name, fieldValues(field, parts[index]!)] as const)
  return Object.fromEntries(entries) as unknown as CronTimes
}

/** The shortest time between two moments of an expression, milliseconds, judged by minutes and hours alone. */
export function cronIntervalMs(times: CronTimes): number {
  if (times.minutes.length > 1) return shortestGap(times.minutes, 60) * 60_000
  if (times.hours.length > 1) return shortestGap(times.hours, 24) * 3_600_000
  return 86_400_000
}

function shortestGap(values: readonly number[], period: number): number {
  return Math.min(...values.map((value, index) => (values[index + 1] ?? values[0]! + period) - value))
}

function fieldValues(field: Field, text: string): number[] {
  const values = new Set<number>()
  for (const part of text.split(',')) {
    const match = /^(\*|[0-9A-Za-z]+)(?:-([0-9A-Za-z]+))?(?:\/([0-9]+))?$/.exec(part)
    if (!match) throw new RangeError(`the ${field.title} "${text}" is not a list of values, ranges and steps`)
    const step = Number(match[3] ?? 1)
    const start = match[1] === '*' ? field.min : fieldValue(field, match[1]!)
    const openEnd = match[1] === '*' || match[3] !== undefined
    const end = match[2] === undefined ? (openEnd ? lastOf(field) : start) : fieldValue(field, match[2])
    if (step < 1 || start > end) throw new RangeError(`the ${field.title} "${text}" names no value`)
    for (let value = start; value <= end; value += step) values.add(field.names === DAYS ? value % 7 : value)
  }
  return [...values].sort((left, right) => left - right)
}

function lastOf(field: Field): number {
  return field.names === DAYS ? 6 : field.max
}

function fieldValue(field: Field, text: string): number {
  const named = field.names?.indexOf(text.toUpperCase().slice(0, 3)) ?? -1
  const value =
    named >= 0 && /^[A-Za-z]+$/.test(text) ? named + (field.names === MONTHS ? 1 : 0) : Number(text)
  if (!Number.isInteger(value) || value < field.min || value > field.max) {
    throw new RangeError(`the ${field.title} "${text}" is not within ${field.min}-${lastOf(field)}`)
  }
  return value
}
