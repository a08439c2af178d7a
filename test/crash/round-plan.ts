/** What a round does, chosen by its seed alone. */
import { type Random, seededRandom } from '../support/random.js'

export const MODES = [
  'overwrite',
  'append whole',
  'append incremental',
  'append_dedup incremental',
  'append files',
] as const
export type Mode = (typeof MODES)[number]

export type Victim = 'worker 1' | 'worker 2' | 'Temporal' | 'ClickHouse'

export interface Fault {
  readonly kind: 'kill' | 'stall'
  readonly victim: Victim
  /** Which sync of the round it hits, from 0. */
  readonly sync: number
  /** Strikes when this share of the rows has reached the warehouse, visible or not. */
  readonly share: number
  readonly delayMs: number
  /** How long a stalled process stands still. */
  readonly stallMs: number
}

export interface RoundPlan {
  readonly seed: number
  readonly mode: Mode
  readonly rows: number
  readonly faults: readonly Fault[]
  readonly random: Random
}

/** Syncs of a round that may be disturbed. */
const SYNCS = 2

/** @param heartbeatMs silence after which a worker counts as lost: a stall is longer */
export function planRound(seed: number, heartbeatMs: number): RoundPlan {
  const random = seededRandom(seed)
  const mode = random.pick(MODES)
  const rows = random.between(8, 16) * 1000
  const faults = Array.from({ length: random.pick([1, 1, 1, 2]) }, () => planFault(random, heartbeatMs))
  return { seed, mode, rows, faults, random }
}

function planFault(random: Random, heartbeatMs: number): Fault {
  const stall = random.next() < 0.2
  const victim = stall
    ? random.pick<Victim>(['worker 1', 'worker 2'])
    : random.pick<Victim>(['worker 1', 'worker 2', 'ClickHouse', 'ClickHouse', 'Temporal'])
  return {
    kind: stall ? 'stall' : 'kill',
    victim,
    sync: random.between(0, SYNCS - 1),
    // A little beyond both ends: before the first byte, and while the read is published.
    share: random.next() * 1.2 - 0.1,
    delayMs: random.between(0, 400),
    stallMs: heartbeatMs + random.between(4000, 9000),
  }
}
