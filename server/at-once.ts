/** How much of what takes long one member has under way, so that nobody waits for one who asks for everything. */
import { TooMany } from './errors.js'

export class AtOnce {
  readonly #open = new Map<string, number>()
  readonly #most: number
  readonly #refusal: (open: number) => string

  /** @param refusal the words for whoever asks for more */
  constructor(most: number, refusal: (open: number) => string) {
    this.#most = most
    this.#refusal = refusal
  }

  /** Counts while the work goes on. @throws TooMany */
  async during<Value>(member: string, work: () => Promise<Value>): Promise<Value> {
    const open = this.#open.get(member) ?? 0
    if (open >= this.#most) throw new TooMany(this.#refusal(open))
    this.#open.set(member, open + 1)
    try {
      return await work()
    } finally {
      const left = this.#open.get(member)! - 1
      if (left === 0) this.#open.delete(member)
      else this.#open.set(member, left)
    }
  }
}
