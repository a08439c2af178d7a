/** Keeps a source and its reader busy at once: while one item is used, the next ones are already being read. */

/**
 * The items of `source`, read up to `depth` ahead.
 * @param depth items held besides the one in use
 * @param stop called once at the end, also when the reader stops early: frees what a pending read waits for
 */
export async function* readAhead<T>(
  source: AsyncIterable<T>,
  depth: number,
  stop: () => Promise<void>,
): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]()
  const started: Promise<IteratorResult<T>>[] = []
  const start = (): void => {
    const next = iterator.next()
    // its failure is thrown when its turn comes
    next.catch(() => undefined)
    started.push(next)
  }
  try {
    for (let count = 0; count < depth; count++) start()
    for (;;) {
      const result = await started.shift()!
      if (result.done) return
      start()
      yield result.value
    }
  } finally {
    await stop()
    await iterator.return?.()
  }
}

/** Items of several sources as they come. The first failure ends all; so does a reader that stops. */
export async function* merge<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]())
  const pull = async (index: number) => ({ index, result: await iterators[index]!.next() })
  const waiting = new Map(iterators.map((_, index) => [index, pull(index)]))
  for (const promise of waiting.values()) promise.catch(() => undefined)
  try {
    while (waiting.size > 0) {
      const { index, result } = await Promise.race(waiting.values())
      if (result.done) {
        waiting.delete(index)
        continue
      }
      const next = pull(index)
      next.catch(() => undefined)
      waiting.set(index, next)
      yield result.value
    }
  } finally {
    await Promise.allSettled(iterators.map((iterator) => iterator.return?.()))
  }
}
