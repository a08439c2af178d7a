/** A block's bytes that are sent while the source still reads them. */
import { Readable } from 'node:stream'

export interface OpenBodyEvents {
  readonly onBytes: (bytes: number) => void
  /** Called once, when the last byte was taken from the source. */
  readonly onRows: (rows: number) => void
}

/** Counts what passes, and sees to it that the source gets rid of all of it. */
export class OpenBody {
  /** Resolves when the source has no more to give, be it for a failure. */
  readonly ended: Promise<void>
  #end!: () => void
  #done = false

  constructor(
    private readonly chunks: AsyncGenerator<Uint8Array, number>,
    private readonly events: OpenBodyEvents,
  ) {
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
  }

  /** For the request, which may break off: {@link OpenBody.drain} then gives the rest. */
  readable(): Readable {
    return Readable.from(this.#read(), { objectMode: false })
  }

  /** Reads what the request left, if anything: the source waits for it. A failure of the source is the source's to tell. */
  async drain(): Promise<void> {
    try {
      for await (const _ of this.#read());
    } catch {
      // The stream of messages ends with the same error.
    }
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    while (!this.#done) {
      const { done, value } = await this.#next()
      if (!done) {
        this.events.onBytes(value.byteLength)
        yield value
      } else if (!this.#done) {
        this.#done = true
        this.events.onRows(value ?? 0)
        this.#end()
      }
    }
  }

  async #next(): Promise<IteratorResult<Uint8Array, number>> {
    try {
      return await this.chunks.next()
    } catch (error) {
      this.#done = true
      this.#end()
      throw error
    }
  }
}
