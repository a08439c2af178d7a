/** A budget of requests for each second of the clock. */

export class RateLimit {
  readonly #perSecond: number
  #second = 0
  #used = 0

  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /** False: the budget of this second is used up. */
  allows(): boolean {
    const second = Math.floor(Date.now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#used = 0
    }
    this.#used += 1
    return this.#used <= this.#perSecond
  }
}
