/** A stretch of the past, by days as people say them: the last day is read, too. */

/** What the API is asked for. */
export interface Stretch {
  readonly from: string
  /** Excluded. */
  readonly to: string
}

/** @param first and `last` as `2026-01-31` */
export function stretchOf(first: string, last: string): Stretch {
  const end = new Date(`${last}T00:00:00Z`)
  end.setUTCDate(end.getUTCDate() + 1)
  return { from: first, to: end.toISOString().slice(0, 10) }
}

/** What is wrong with the days; undefined where nothing is. @param today as `2026-01-31` */
export function daysProblem(first: string, last: string, today: string): string | undefined {
  if (!isDay(first) || !isDay(last)) return 'Choose both days.'
  if (first > last) return 'The first day is after the last one.'
  if (first > today) return 'The first day is in the future.'
  return undefined
}

/** How many days are read, both ends included. */
export function dayCount(first: string, last: string): number {
  return Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000) + 1
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
}
