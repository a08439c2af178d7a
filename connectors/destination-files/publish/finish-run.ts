/**
 * The end of a run: its parts become one file and are removed. Every step may be the last one before a crash; called
 * again, it goes on to the same end.
 */
import { ConnectorError, type RunSummary } from '@tributary/connector-sdk'
import { groupByRun, partName, publishedMark, type Staging } from '../naming/staging.js'
import { encodePart, readHead } from '../parts/part.js'
import type { Store } from '../stores/store.js'
import { noteFinished, readJournal } from './journal.js'
import { type Publication, publishRun } from './publish-run.js'

export type FinishInput = Omit<Publication, 'parts'>

/** @throws ConnectorError where nothing is left of what was written */
export async function finishRun(
  store: Store,
  staged: Staging,
  input: FinishInput,
  summary: RunSummary,
): Promise<void> {
  const journal = await readJournal(store, staged.journal)
  const over = new Set(journal.finished.map(({ run }) => run))
  const runs = groupByRun(staged, await store.list(staged.runs))

  for (const [run, { parts, published }] of runs)
    if (run !== input.run) await settle(store, staged, { ...input, run }, parts, published || over.has(run))

  if (!over.has(input.run)) {
    const own = runs.get(input.run)?.parts ?? []
    const parts = own.length > 0 ? own : await emptyWhole(store, staged, input, summary)
    const done = parts.length > 0 ? await publishRun(store, { ...input, parts }) : { file: null }
    await noteFinished(store, staged.journal, input.run, done)
  }
  await store.remove(await ownNames(store, staged, input.run))
  await store.tidy()
}

/**
 * What another run of the activation left behind. A run that failed or was cancelled has told of changes that were
 * acknowledged and are never sent again: they get the file that the run did not come to. A new whole that is not
 * complete is of no use.
 */
async function settle(
  store: Store,
  staged: Staging,
  input: FinishInput,
  parts: readonly string[],
  settled: boolean,
): Promise<void> {
  const mark = publishedMark(staged, input.run)
  if (!settled && parts.length > 0) {
    const { operation } = await readHead(parts[0]!, await store.read(parts[0]!))
    if (operation !== 'replace') await publishRun(store, { ...input, parts })
    // From here on the parts are only to be removed, also when some of them are gone.
    await store.write(mark, [Buffer.from('\n')])
  }
  await store.remove(parts)
  await store.remove([mark])
}

/** A whole without members is a file without rows, which is made of a part as every other. */
async function emptyWhole(
  store: Store,
  staged: Staging,
  input: FinishInput,
  summary: RunSummary,
): Promise<string[]> {
  // Nothing of many records must not become an empty whole.
  if (summary.records > 0)
    throw new ConnectorError(
      'SourceUnavailable',
      'finishing the run: its parts are gone from the location; leave the folder .tributary alone and start the activation again',
    )
  if (summary.operation !== 'replace') return []
  const { columns } = await readJournal(store, staged.journal)
  const name = partName(staged, input.run, 0)
  await store.write(name, [
    encodePart({ operation: 'replace', at: new Date().toISOString(), rejected: 0 }, [], columns),
  ])
  return [name]
}

async function ownNames(store: Store, staged: Staging, run: string): Promise<string[]> {
  const found = groupByRun(staged, await store.list(staged.runs)).get(run)
  return found === undefined ? [] : [...found.parts, publishedMark(staged, run)]
}
