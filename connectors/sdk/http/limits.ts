/** Client-side limits of a connector's requests: how many a second, and how many at once. */
import { sleep } from './abort.js'

/** A turn-taking limit: `take` resolves when it is the caller's turn. */
export interface RateBudget {
  /** Rejects with the signal's reason when it aborts first; the turn is then given up. */
  take(signal: AbortSignal): Promise<void>
}

/**
 * A token bucket that holds one second's worth of requests (at least one) and refills at `perSecond`.
 * @param now a clock, epoch milliseconds
 */
export function createRateBudget(
  perSecond: number,
  now: () => number,
  wait: typeof sleep = sleep,
): RateBudget {
  const capacity = Math.max(1, perSecond)
  let tokens = capacity
  let filledAt = now()
  return {
    async take(signal) {
      const time = now()
      tokens = Math.min(capacity, tokens + (Math.max(0, time - filledAt) * perSecond) / 1000)
      filledAt = time
      // Tokens may go negative: a waiting caller has reserved its turn, so that the order of arrival holds.
      tokens -= 1
      if (tokens < 0) await wait(Math.ceil((-tokens * 1000) / perSecond), signal)
    },
  }
}

/** At most `limit` holders at once, in the order of arrival. */
export interface Slots {
  /** Resolves to the function that gives the slot back; calling it twice does nothing. */
  take(signal: AbortSignal): Promise<() => void>
}

export function createSlots(limit: number): Slots {
  let taken = 0
  const waiting: (() => void)[] = []

  const give = (): (() => void) => {
    let held = true
    return () => {
      if (!held) return
      held = false
      const next = waiting.shift()
      if (next) next()
      else taken -= 1
    }
  }

  return {
    take(signal) {
      if (signal.aborted) return Promise.reject(signal.reason)
      if (taken < limit) {
        taken += 1
        return Promise.resolve(give())
      }
      return new Promise((resolve, reject) => {
        const onTurn = (): void => {
          signal.removeEventListener('abort', onAbort)
          resolve(give())
        }
        const onAbort = (): void => {
          waiting.splice(waiting.indexOf(onTurn), 1)
          reject(signal.reason)
        }
        waiting.push(onTurn)
        signal.addEventListener('abort', onAbort, { once: true })
      })
    },
  }
}
