/** Pauses between attempts: doubling from half a second to ten, spread so that many pages do not come at once. */

const FIRST_MS = 500
const LONGEST_MS = 10_000

/** The pause after attempt number `attempt` (from 0); `random` in [0, 1) spreads it over the upper half. */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10))
  return Math.round(full / 2 + (full / 2) * random)
}
