/** The fixed periods of limits: calendar years, months and weeks (from Monday) in UTC. */
import type { Limit } from './graph.js'

const DAY_MS = 86_400_000

const NEVER = -(2 ** 31)

/** The number of the period that holds a time, 32 bits. Infinite times share a period of their own. */
export function periodOf(per: Limit['per'], timeMs: number): number {
  if (per === 'ever') return 0
  if (!Number.isFinite(timeMs)) return NEVER
  // 1970 began on a Thursday.
  if (per === 'week') return Math.floor((Math.floor(timeMs / DAY_MS) + 3) / 7)
  const date = new Date(timeMs)
  return per === 'year' ? date.getUTCFullYear() : date.getUTCFullYear() * 12 + date.getUTCMonth()
}
