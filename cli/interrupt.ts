/** Ctrl-C while a command waits: the wait ends, what was started goes on, and that is said. */
import { Interrupted } from './errors.js'

/** Runs work with a signal that Ctrl-C aborts. @throws Interrupted with the words */
export async function untilInterrupted<Result>(
  words: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const abort = new AbortController()
  const onSignal = () => abort.abort(new Interrupted(words))
  process.once('SIGINT', onSignal)
  try {
    return await work(abort.signal)
  } finally {
    process.off('SIGINT', onSignal)
  }
}
