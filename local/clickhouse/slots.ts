/** Bounds how many of something run at once; the others wait in order of arrival. */
import { ClickHouseException } from './errors.js'

/** A counted resource. */
export class Slots {
  readonly #waiting = new Set<() => void>()
  readonly #maxWaiting: number
  #free: number

  constructor(count: number, maxWaiting: number) {
    this.#free = count
    this.#maxWaiting = maxWaiting
  }

  /**
   * Waits for a slot and gives the function that returns it.
   * @throws ClickHouseException TOO_MANY_SIMULTANEOUS_QUERIES when too many wait, QUERY_WAS_CANCELLED on abort
   */
  async take(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw cancelled()
    if (this.#free > 0) this.#free--
    else await this.#wait(signal)
    let held = true
    return () => {
      if (!held) return
      held = false
      const [next] = this.#waiting
      if (next === undefined) this.#free++
      else next()
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.#maxWaiting) {
      const message = `Too many queries wait for their turn. Maximum: ${this.#maxWaiting}`
      throw new ClickHouseException(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', message)
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(proceed)
        signal.removeEventListener('abort', refuse)
      }
      const proceed = (): void => {
        leave()
        resolve()
      }
      const refuse = (): void => {
        leave()
        reject(cancelled())
      }
      this.#waiting.add(proceed)
      signal.addEventListener('abort', refuse)
    })
  }
}

const cancelled = () => new ClickHouseException(394, 'QUERY_WAS_CANCELLED', 'Query was cancelled')
