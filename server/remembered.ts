/** An answer that many ask for at once: looked for by the first, and good for a moment. */
export interface Remembered<Value> {
  get(): Promise<Value>
  /** The next one who asks makes it be looked for. */
  forget(): void
}

/**
 * One reading at a time; a failed one is not remembered. While it goes on all wait for it: where what is read stands still, no
 * heap of questions waits for it.
 */
export function remembered<Value>(read: () => Promise<Value>, freshMs: number): Remembered<Value> {
  let current: { readonly value: Promise<Value>; readonly atMs: number; isOver: boolean } | undefined
  return {
    get() {
      if (current && !(current.isOver && performance.now() - current.atMs >= freshMs)) return current.value
      const value = read()
      const reading = { value, atMs: performance.now(), isOver: false }
      current = reading
      value.then(
        () => {
          reading.isOver = true
        },
        () => {
          if (current === reading) current = undefined
        },
      )
      return value
    },
    forget() {
      current = undefined
    },
  }
}
