/** Ids of loads and epochs: 64-bit, ordered by time, unique by a random tail. Decimal text outside this file. */
import { randomInt } from 'node:crypto'

/** Milliseconds since 2020 in the upper 42 bits, randomness in the lower 22: good for a century. */
const EPOCH_MS = Date.UTC(2020, 0, 1)
const RANDOM_BITS = 22

/** A new id of a load. Two attempts at the same instant differ. */
export function newLoadId(nowMs: number = Date.now()): string {
  return timeId(nowMs).toString()
}

/** What every load registered before this moment is below, and every later one is not. */
export function loadIdAt(ms: number): string {
  return (BigInt(Math.max(0, Math.floor(ms) - EPOCH_MS)) << BigInt(RANDOM_BITS)).toString()
}

/**
 * The epoch of a new run of a stream: by time, but always above every epoch the ledger knows, so that a worker whose
 * clock is behind cannot open a run that an older one outranks.
 */
export function nextEpoch(newestKnown: string, nowMs: number = Date.now()): string {
  const byTime = timeId(nowMs)
  const byLedger = BigInt(newestKnown) + 1n
  return (byTime > byLedger ? byTime : byLedger).toString()
}

function timeId(nowMs: number): bigint {
  return (BigInt(nowMs - EPOCH_MS) << BigInt(RANDOM_BITS)) | BigInt(randomInt(2 ** RANDOM_BITS))
}
