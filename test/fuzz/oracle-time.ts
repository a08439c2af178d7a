/** Time zones for the oracle: slow and simple, by asking for the wall clock minute by minute. */

const MINUTE = 60_000
const clocks = new Map<string, Intl.DateTimeFormat>()
const answers = new Map<string, number>()

/** What the clock on the wall shows: year, month, day, hour, minute, second. */
export function wallClock(
  instant: number,
  zone: string,
): readonly [number, number, number, number, number, number] {
  let clock = clocks.get(zone)
  if (!clock) {
    const two = '2-digit'
    clock = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hour12: false,
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    })
    clocks.set(zone, clock)
  }
  const parts = Object.fromEntries(clock.formatToParts(instant).map(({ type, value }) => [type, value]))
  return [
    Number(parts.year),
    Number(parts.month),
    Number(parts.day),
    Number(parts.hour) % 24,
    Number(parts.minute),
    Number(parts.second),
  ]
}

const asUtc = ([year, month, day, hour, minute, second]: readonly number[]): number =>
  Date.UTC(year!, month! - 1, day!, hour!, minute!, second!)

/** The first minute from which on the wall shows this wall time (as if in UTC) or a later one. */
export function firstInstant(wall: number, zone: string): number {
  const key = `${wall} ${zone}`
  const known = answers.get(key)
  if (known !== undefined) return known
  const whole = Math.floor(wall / MINUTE) * MINUTE
  let instant = whole - 16 * 60 * MINUTE
  while (asUtc(wallClock(instant, zone)) < whole) instant += MINUTE
  const shown = asUtc(wallClock(instant, zone))
  // Where the clock skips the time, the moment of the skip; else the seconds within the minute.
  const found = shown > whole ? instant : instant + (wall - whole)
  answers.set(key, found)
  return found
}

/** The first instant of a day of the calendar; days beyond the month's are of the next. */
export const dayStart = (year: number, month: number, day: number, zone: string): number =>
  firstInstant(Date.UTC(year, month - 1, day), zone)
