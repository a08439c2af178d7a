/** A schedule as people say it who never saw a cron expression. */
import { type CronTimes, parseCron, parseDuration, type Schedule } from '@tributary/schemas'

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const UNITS = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
] as const

/** `by hand`, `every 15 minutes`, `every day at 06:00 (Europe/Paris)`; the expression itself where there are no words for it. */
export function plainSchedule(schedule: Schedule | undefined, workspaceTimeZone: string): string {
  if (schedule === undefined || schedule === 'manual') return 'by hand'
  if ('every' in schedule) return `every ${plainDuration(schedule.every)}`
  const zone = schedule.time_zone ?? workspaceTimeZone
  return `${plainCron(schedule.cron) ?? `at ${schedule.cron}`} (${zone})`
}

function plainDuration(text: string): string {
  try {
    const ms = parseDuration(text)
    const [length, unit] = UNITS.find(([unitMs]) => ms % unitMs === 0) ?? [1000, 'second']
    const number = ms / length
    return number === 1 ? unit : `${number} ${unit}s`
  } catch {
    return text
  }
}

/** Of the expressions that forms write, and those that people write most; undefined for others. */
function plainCron(cron: string): string | undefined {
  const times = timesOf(cron)
  if (times?.months.length !== 12) return undefined
  const { daysOfMonth, daysOfWeek } = times
  const weekdays = [...new Set(daysOfWeek.map((day) => day % 7))].sort()
  if (daysOfMonth.length === 31 && weekdays.length === 7) return plainTimes(times, 'every day')
  if (daysOfMonth.length === 31) return dayTimes(times, plainDays(weekdays))
  if (daysOfMonth.length > 1 || weekdays.length !== 7) return undefined
  return dayTimes(times, `on day ${daysOfMonth[0]} of each month`)
}

function timesOf(cron: string): CronTimes | undefined {
  try {
    return parseCron(cron)
  } catch {
    return undefined
  }
}

/** Of every day: by a step, or at some times. */
function plainTimes(times: CronTimes, days: string): string | undefined {
  const { minutes, hours } = times
  const past = String(minutes[0]).padStart(2, '0')
  if (hours.length === 24) {
    if (minutes.length > 1) return minutes[0] === 0 ? stepWords(minutes, 60, 'minute') : undefined
    return minutes[0] === 0 ? 'every hour' : `every hour at :${past}`
  }
  const step = hours.length > 3 && hours[0] === 0 ? stepWords(hours, 24, 'hour') : undefined
  if (step !== undefined && minutes.length === 1) return minutes[0] === 0 ? step : `${step} at :${past}`
  return dayTimes(times, days)
}

/** `every 15 minutes`, where the values are that far apart all around the clock. */
function stepWords(values: readonly number[], around: number, unit: string): string | undefined {
  const step = around / values.length
  return values.every((value, index) => value === index * step) ? `every ${step} ${unit}s` : undefined
}

/** At a few times of some days. */
function dayTimes({ minutes, hours }: CronTimes, days: string): string | undefined {
  if (minutes.length > 1 || hours.length > 3) return undefined
  const clock = hours.map((hour) => `${String(hour).padStart(2, '0')}:${String(minutes[0]).padStart(2, '0')}`)
  return `${days} at ${inWords(clock)}`
}

function plainDays(weekdays: readonly number[]): string {
  if (weekdays.join() === '1,2,3,4,5') return 'Monday to Friday'
  // Weeks begin on Monday.
  const ordered = [...weekdays].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7))
  return `every ${inWords(ordered.map((day) => DAYS[day]!))}`
}

function inWords(parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
