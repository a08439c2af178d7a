/** Answers take a bounded time: a part that stands still, rather than being gone, fails nothing by itself. */

/** How long an answer may take, milliseconds. */
export interface AnswerWithin {
  /** To what is only read. */
  readonly readMs: number
  /** To what changes something, or asks for much. */
  readonly changeMs: number
}

export const ANSWER_WITHIN: AnswerWithin = { readMs: 30_000, changeMs: 120_000 }
/** For what looks through everything there is. */
export const LONG_MS = 300_000
/** For what asks somebody else's system, which has time of its own. */
export const ASKING_MS = 150_000

/**
 * What the work resolves to. When it takes too long, its signal aborts; where it heeds none it goes on, and nobody waits for it.
 * @throws what `overdue` makes, and what the work throws
 */
export async function within<Value>(
  ms: number,
  overdue: () => Error,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const late = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = overdue()
      // Told before the work itself fails by the signal, in words of its own.
      reject(error)
      late.abort(error)
    }, ms)
  })
  try {
    return await Promise.race([work(late.signal), tooLong])
  } finally {
    clearTimeout(timer)
  }
}
