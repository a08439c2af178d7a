/**
 * What was finished: a small file for each activation, so that finishing again finds it done, and a part that comes late
 * (a worker that was stopped and woke up) is known to belong to a run that is over.
 */
import type { Store } from '../stores/store.js'

/** Runs that are remembered: more than can be late at once. */
const REMEMBERED = 50

export interface Journal {
  readonly finished: readonly { readonly run: string; readonly file: string | null }[]
  /** Columns of the newest whole: the header of one that has no rows. */
  readonly columns: readonly string[]
}

export async function readJournal(store: Store, name: string): Promise<Journal> {
  const bytes = await store.get(name)
  return bytes === undefined ? { finished: [], columns: [] } : (JSON.parse(bytes.toString('utf8')) as Journal)
}

/** Adds a run. Read anew, so that what another worker noted meanwhile stays. */
export async function noteFinished(
  store: Store,
  name: string,
  run: string,
  outcome: { readonly file: string | null; readonly columns?: readonly string[] },
): Promise<void> {
  const journal = await readJournal(store, name)
  const others = journal.finished.filter((entry) => entry.run !== run)
  const next: Journal = {
    finished: [...others, { run, file: outcome.file }].slice(-REMEMBERED),
    columns: outcome.columns ?? journal.columns,
  }
  await store.write(name, [Buffer.from(`${JSON.stringify(next)}\n`)])
}
