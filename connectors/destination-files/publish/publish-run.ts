/** Makes one file of a run's parts. */
import { ConnectorError } from '@tributary/connector-sdk'
import type { FileOptions } from '../config.js'
import { encodeFile, orderedColumns, type RowLines } from '../formats/encode.js'
import { fileName } from '../naming/file-name.js'
import { ColumnKinds } from '../parts/kinds.js'
import { type PartHead, readHead, readRows } from '../parts/part.js'
import type { Store } from '../stores/store.js'

export interface Publication {
  readonly activation: string
  readonly run: string
  /** In the order of their batches, at least one. */
  readonly parts: readonly string[]
  readonly options: FileOptions
  /** Templates of the names to write. */
  readonly fileName: string
  readonly latestName: string | undefined
  readonly signal: AbortSignal
}

export interface Published {
  /** Null where nothing happened that a file would tell of. */
  readonly file: string | null
  /** Of a new whole: the header of the next one, should that have no rows. */
  readonly columns?: readonly string[]
}

/**
 * Writes the file and, where the config wants it, the newest file's second name. Called again it writes the same bytes
 * under the same names: the parts tell all, the time in the name too.
 * @throws ConnectorError ConfigInvalid where a new whole would be empty since none of its records was taken
 */
export async function publishRun(store: Store, publication: Publication): Promise<Published> {
  const { activation, run, parts, options, signal } = publication
  const columns = new ColumnKinds()
  const heads: PartHead[] = []
  for (const part of parts) {
    signal.throwIfAborted()
    const head = await readHead(part, await store.read(part))
    for (const [name, kinds] of head.columns) columns.add(name, kinds)
    // The columns of every part would be held until the end of the file.
    heads.push({ ...head, columns: [] })
  }
  const [{ at, operation } = { at: '', operation: 'replace' }] = heads
  const whole = operation === 'replace'
  if (heads.every(({ rows }) => rows === 0)) {
    if (!whole) return { file: null }
    if (heads.some(({ rejected }) => rejected > 0))
      throw new ConnectorError(
        'ConfigInvalid',
        'finishing the run: every record was rejected; the file stays as it was; correct parquet.types or the activation',
      )
  }
  const file = fileName(publication.fileName, options.ending, { activation, run, at })
  await store.write(file, encodeFile(options, columns, rowsOfParts(store, parts, signal)))
  if (publication.latestName !== undefined) {
    const latest = fileName(publication.latestName, options.ending, { activation, run, at })
    if (latest !== file) await store.copy(file, latest)
  }
  return { file, ...(whole && { columns: orderedColumns(options, columns) }) }
}

async function* rowsOfParts(
  store: Store,
  parts: readonly string[],
  signal: AbortSignal,
): RowLines & AsyncGenerator {
  for (const part of parts) {
    signal.throwIfAborted()
    yield* readRows(await store.read(part))
  }
}
