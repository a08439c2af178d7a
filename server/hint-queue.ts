/** Hints that wait for one reader: each once, however often it came, and so many at most, however slow the reader is. */

/** What may have changed, and of which thing; an empty id: of any. */
export interface ChangeHint {
  readonly type: 'run' | 'refresh' | 'activation' | 'workspace'
  readonly id: string
}

/** Anything may have changed: pages read everything that they show again. */
export const ANYTHING: ChangeHint = { type: 'workspace', id: '' }

/** A reader who is further behind reads everything anew. */
const MOST = 100

export class HintQueue {
  readonly #signal: AbortSignal
  readonly #waiting = new Map<string, ChangeHint>()
  #wake: () => void = () => undefined

  /** @param signal ends the hints */
  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', () => this.#wake(), { once: true })
  }

  put(given: ChangeHint): void {
    const isTooMuch = this.#waiting.size >= MOST
    if (isTooMuch) this.#waiting.clear()
    const hint = isTooMuch ? ANYTHING : given
    this.#waiting.set(`${hint.type} ${hint.id}`, hint)
    this.#wake()
  }

  /** For one reader, until the signal. */
  async *hints(): AsyncGenerator<ChangeHint> {
    while (!this.#signal.aborted) {
      const [next] = this.#waiting
      if (next !== undefined) {
        const [key, hint] = next
        this.#waiting.delete(key)
        yield hint
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }
}
