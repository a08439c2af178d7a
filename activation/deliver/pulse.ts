/**
 * Knows whether this process stood still for so long that another attempt may have begun: stopped, swapped out, or busy. Two
 * attempts that send at once would send batches twice, so who stood still asks before it goes on.
 */
export interface PulseOptions {
  /** How long an attempt may be silent, milliseconds. */
  readonly heartbeatMs: number
  readonly signal: AbortSignal
  /** Epoch milliseconds. */
  now(): number
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** Called every second while the pulse beats. */
  beat(): void
}

const TICK_MS = 1000
/** The last sign of life that was heard may be four fifths of the time old: the rest is what can be missed. */
const MISSED_SHARE = 0.15
/** How long the answer to a sign of life takes, which says that another attempt has begun. */
const ANSWER_MS = 1000

export class Pulse {
  readonly #options: PulseOptions
  readonly #timer: NodeJS.Timeout
  #lastMs: number
  #missed = false

  constructor(options: PulseOptions) {
    this.#options = options
    this.#lastMs = options.now()
    this.#timer = setInterval(() => this.#tick(), Math.min(TICK_MS, this.#allowedMs / 3))
  }

  /** Resolves to true where the process stood still since it was last asked; the signal had its time to abort then. */
  async stoodStill(): Promise<boolean> {
    this.#notice()
    if (!this.#missed) return false
    this.#options.beat()
    await this.#options.sleep(ANSWER_MS, this.#options.signal)
    this.#notice()
    this.#missed = false
    return true
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  get #allowedMs(): number {
    return this.#options.heartbeatMs * MISSED_SHARE
  }

  #tick(): void {
    this.#notice()
    this.#options.beat()
  }

  #notice(): void {
    const now = this.#options.now()
    if (now - this.#lastMs > this.#allowedMs) this.#missed = true
    this.#lastMs = now
  }
}
