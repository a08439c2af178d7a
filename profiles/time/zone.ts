/**
 * Wall clocks of IANA time zones, by the time zone data of the runtime and never by the machine's own zone. A wall time is
 * milliseconds as if the clock stood in UTC: what `Date.UTC` makes of the fields that the clock shows.
 */

const DAY_MS = 86_400_000

const clocks = new Map<string, Intl.DateTimeFormat>()

/**
 * What the wall clock of a zone shows at an instant (milliseconds since 1970).
 * @throws RangeError when the zone is unknown
 */
export function wallAt(instant: number, zone: string): number {
  const field: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {}
  for (const { type, value } of clockOf(zone).formatToParts(instant)) field[type] = Number(value)
  const { year = 0, month = 1, day, hour, minute, second } = field
  const milliseconds = ((instant % 1000) + 1000) % 1000
  return Date.UTC(year, month - 1, day, hour, minute, second, milliseconds)
}

/**
 * The first instant at which the clock of a zone shows a wall time. One that the clock skips is the instant of the skip;
 * of one that it shows twice the earlier counts.
 */
export function instantOf(wall: number, zone: string): number {
  const offsetAt = (instant: number) => wallAt(instant, zone) - instant
  const before = offsetAt(wall - DAY_MS)
  const after = offsetAt(wall + DAY_MS)
  for (const offset of [Math.max(before, after), Math.min(before, after)]) {
    if (wallAt(wall - offset, zone) === wall) return wall - offset
  }
  let [old, changed] = [wall - DAY_MS, wall + DAY_MS]
  while (changed - old > 1) {
    const middle = Math.floor((old + changed) / 2)
    if (offsetAt(middle) === before) old = middle
    else changed = middle
  }
  return changed
}

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone)
  if (known) return known
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  clocks.set(zone, clock)
  return clock
}
