/** Ends queries whose clients have gone: all of them with one statement, again until they are over. */
import type { Engine } from './engine.js'

const AGAIN_MS = 100

/** Kills by log_comment, on the connection kept for administration. */
export class Killer {
  readonly #engine: Engine
  readonly #doomed = new Set<string>()
  #busy = false

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Kills the query of `comment` once `signal` aborts; call the result when the query is over. */
  watch(comment: string, signal: AbortSignal): () => void {
    const doom = (): void => {
      this.#doomed.add(comment)
      void this.#work()
    }
    if (signal.aborted) doom()
    else signal.addEventListener('abort', doom)
    return () => {
      signal.removeEventListener('abort', doom)
      this.#doomed.delete(comment)
    }
  }

  async #work(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    while (this.#doomed.size > 0) {
      await this.#engine.kill([...this.#doomed]).catch(() => undefined)
      // A query may not have been registered yet.
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
    this.#busy = false
  }
}
