/** When something runs by itself, as a form asks for it; every expression that has no words of its own stays what it is. */

/** As a file has it. */
export type Schedule =
  | 'manual'
  | {
      readonly every: string
      readonly offset?: string
      readonly jitter?: string
      readonly catchup_window?: string
    }
  | {
      readonly cron: string
      readonly time_zone?: string
      readonly jitter?: string
      readonly catchup_window?: string
    }

/** As a person chooses it. Days of the week: 0 is Sunday; times: `06:30`. */
export type ScheduleChoice =
  | { readonly kind: 'manual' }
  | { readonly kind: 'interval'; readonly count: number; readonly unit: IntervalUnit }
  | { readonly kind: 'days'; readonly at: string; readonly weekdays: readonly number[] }
  | { readonly kind: 'monthly'; readonly at: string; readonly day: number }
  | { readonly kind: 'expression'; readonly cron: string }

export type IntervalUnit = 'seconds' | 'minutes' | 'hours' | 'days'

/** What each kind is called, in the order in which it is offered. */
export const SCHEDULE_KINDS: readonly { readonly kind: ScheduleChoice['kind']; readonly label: string }[] = [
  { kind: 'interval', label: 'Every so often' },
  { kind: 'days', label: 'At a time of day' },
  { kind: 'monthly', label: 'Once a month' },
  { kind: 'manual', label: 'Only when somebody asks' },
  { kind: 'expression', label: 'By a cron expression' },
]

/** The names of the days, by number; weeks begin on Monday in forms. */
export const WEEKDAYS: readonly { readonly day: number; readonly short: string; readonly name: string }[] = [
  { day: 1, short: 'Mon', name: 'Monday' },
  { day: 2, short: 'Tue', name: 'Tuesday' },
  { day: 3, short: 'Wed', name: 'Wednesday' },
  { day: 4, short: 'Thu', name: 'Thursday' },
  { day: 5, short: 'Fri', name: 'Friday' },
  { day: 6, short: 'Sat', name: 'Saturday' },
  { day: 0, short: 'Sun', name: 'Sunday' },
]

const ALL_DAYS = WEEKDAYS.map(({ day }) => day)
const UNITS: readonly { readonly unit: IntervalUnit; readonly letter: string; readonly seconds: number }[] = [
  { unit: 'days', letter: 'd', seconds: 86_400 },
  { unit: 'hours', letter: 'h', seconds: 3600 },
  { unit: 'minutes', letter: 'm', seconds: 60 },
  { unit: 'seconds', letter: 's', seconds: 1 },
]
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, y: 31_536_000 }

/** What a form begins with where a kind was just chosen. */
export function freshChoice(kind: ScheduleChoice['kind']): ScheduleChoice {
  if (kind === 'interval') return { kind, count: 1, unit: 'hours' }
  if (kind === 'days') return { kind, at: '06:00', weekdays: ALL_DAYS }
  if (kind === 'monthly') return { kind, at: '06:00', day: 1 }
  if (kind === 'expression') return { kind, cron: '0 * * * *' }
  return { kind }
}

/** The choice that a file's schedule stands for. Absent is by hand, as in the file. */
export function readSchedule(schedule: Schedule | undefined): ScheduleChoice {
  if (schedule === undefined || schedule === 'manual') return { kind: 'manual' }
  if ('every' in schedule) return readInterval(schedule.every)
  return readCron(schedule.cron)
}

/**
 * The schedule of a choice. Jitter, catch-up window and time zone of the one before stay; an interval of whole minutes,
 * hours or days that says the same as before stays as it was written.
 */
export function writeSchedule(choice: ScheduleChoice, before?: Schedule): Schedule {
  if (choice.kind === 'manual') return 'manual'
  if (before !== undefined && sameChoice(readSchedule(before), choice)) return before
  const kept = typeof before === 'object' ? before : undefined
  const { jitter, catchup_window } = kept ?? {}
  const rest = { ...(jitter && { jitter }), ...(catchup_window && { catchup_window }) }
  if (choice.kind === 'interval') {
    const { letter } = UNITS.find(({ unit }) => unit === choice.unit)!
    return { every: `${choice.count}${letter}`, ...rest }
  }
  const zone = kept && 'cron' in kept ? kept.time_zone : undefined
  return { cron: cronOf(choice), ...(zone && { time_zone: zone }), ...rest }
}

/** In words, as the lists have it: `every 15 minutes`, `every day at 06:00`. */
export function sayChoice(choice: ScheduleChoice): string {
  if (choice.kind === 'manual') return 'only when somebody asks'
  if (choice.kind === 'interval') {
    const { count, unit } = choice
    return count === 1 ? `every ${unit.slice(0, -1)}` : `every ${count} ${unit}`
  }
  if (choice.kind === 'expression') return `at ${choice.cron}`
  if (choice.kind === 'monthly') return `on day ${choice.day} of each month at ${choice.at}`
  return `${sayDays(choice.weekdays)} at ${choice.at}`
}

/** What is wrong with a choice; undefined where nothing is. */
export function choiceProblem(choice: ScheduleChoice): string | undefined {
  if (choice.kind === 'interval') {
    if (!Number.isInteger(choice.count) || choice.count < 1) return 'Type a whole number, 1 or more.'
    if (choice.unit === 'seconds' && choice.count < 10) return 'At least 10 seconds.'
    return undefined
  }
  if (choice.kind === 'expression') {
    const fields = choice.cron.trim().split(/\s+/).length
    if (fields === 5 || choice.cron.trim().startsWith('@')) return undefined
    return 'Five parts are needed: minute, hour, day of month, month, day of week. For example 30 6 * * 1-5.'
  }
  if (choice.kind === 'manual') return undefined
  if (!/^\d\d:\d\d$/.test(choice.at)) return 'Type a time of day, for example 06:30.'
  if (choice.kind === 'days' && choice.weekdays.length === 0) return 'Choose at least one day.'
  if (choice.kind === 'monthly' && !(choice.day >= 1 && choice.day <= 31)) return 'Type a day from 1 to 31.'
  return undefined
}

function readInterval(every: string): ScheduleChoice {
  const [, number = '', letter = ''] = /^(\d+)([smhdy])$/.exec(every) ?? []
  const seconds = Number(number) * (SECONDS[letter] ?? Number.NaN)
  const found = UNITS.find((unit) => seconds >= unit.seconds && seconds % unit.seconds === 0)
  // No interval at all: the file's problems say so.
  if (found === undefined) return { kind: 'interval', count: 1, unit: 'hours' }
  return { kind: 'interval', count: seconds / found.seconds, unit: found.unit }
}

function readCron(cron: string): ScheduleChoice {
  const [minute = '', hour = '', day = '', month = '', weekday = '', ...more] = cron.trim().split(/\s+/)
  const expression = { kind: 'expression', cron } as const
  if (more.length > 0 || month !== '*' || !isBelow(minute, 60) || !isBelow(hour, 24)) return expression
  const at = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  if (day === '*') {
    const weekdays = readWeekdays(weekday)
    return weekdays === undefined ? expression : { kind: 'days', at, weekdays }
  }
  if (weekday !== '*' || !isBelow(day, 32) || Number(day) < 1) return expression
  return { kind: 'monthly', at, day: Number(day) }
}

function isBelow(text: string, limit: number): boolean {
  return /^\d{1,2}$/.test(text) && Number(text) < limit
}

function readWeekdays(text: string): readonly number[] | undefined {
  if (text === '*') return ALL_DAYS
  const days = new Set<number>()
  for (const part of text.split(',')) {
    const [, from, to] = /^([0-7])(?:-([0-7]))?$/.exec(part) ?? []
    if (from === undefined) return undefined
    for (let day = Number(from); day <= Number(to ?? from); day += 1) days.add(day % 7)
  }
  const found = ALL_DAYS.filter((day) => days.has(day))
  return found.length === 0 ? undefined : found
}

function cronOf(choice: Exclude<ScheduleChoice, { readonly kind: 'manual' | 'interval' }>): string {
  if (choice.kind === 'expression') return choice.cron.trim()
  const [hour = 0, minute = 0] = choice.at.split(':').map(Number)
  if (choice.kind === 'monthly') return `${minute} ${hour} ${choice.day} * *`
  const { weekdays } = choice
  return `${minute} ${hour} * * ${weekdays.length === 7 ? '*' : isWorkdays(weekdays) ? '1-5' : [...weekdays].sort((a, b) => a - b).join(',')}`
}

function isWorkdays(weekdays: readonly number[]): boolean {
  return weekdays.length === 5 && [1, 2, 3, 4, 5].every((day) => weekdays.includes(day))
}

function sayDays(weekdays: readonly number[]): string {
  if (weekdays.length === 7) return 'every day'
  if (isWorkdays(weekdays)) return 'Monday to Friday'
  const names = WEEKDAYS.filter(({ day }) => weekdays.includes(day)).map(({ name }) => name)
  return names.length < 2
    ? `every ${names.join('')}`
    : `every ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function sameChoice(one: ScheduleChoice, other: ScheduleChoice): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
