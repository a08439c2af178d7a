/** Durations as people write them: fixed lengths, `90s`, `15m`, `6h`, `30d`, `1y` (365 days). Pure, usable in workflows. */

const UNITS = [
  ['y', 365 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const

/** One whole number and one unit. */
export const DURATION_PATTERN = /^(0|[1-9][0-9]{0,9})([smhdy])$/

/**
 * Milliseconds of a duration text.
 * @throws RangeError when the text is not a duration
 */
export function parseDuration(text: string): number {
  const match = DURATION_PATTERN.exec(text)
  const unit = UNITS.find(([name]) => name === match?.[2])
  if (!match || !unit) {
    throw new RangeError(
      `reading duration "${text}": write a whole number and s, m, h, d or y, e.g. 90s or 15m`,
    )
  }
  return Number(match[1]) * unit[1]
}

/**
 * The shortest duration text of a time, in the largest unit that divides it. The inverse of {@link parseDuration} up to
 * the choice of the unit.
 * @throws RangeError when the time is not a whole number of seconds from 0 on
 */
export function formatDuration(milliseconds: number): string {
  if (!Number.isSafeInteger(milliseconds) || milliseconds < 0 || milliseconds % 1000 !== 0) {
    throw new RangeError(
      `writing duration ${milliseconds} ms: it must be a whole number of seconds from 0 on`,
    )
  }
  if (milliseconds === 0) return '0s'
  const [name, length] = UNITS.find(([, unit]) => milliseconds % unit === 0)!
  return `${milliseconds / length}${name}`
}
