/** Reads a file to its end without keeping anything, so that nothing of a damaged one is loaded. */
import { setImmediate as pause } from 'node:timers/promises'
import { type ParquetFile, parquetRows } from '../formats/parquet.js'
import { type TextFile, textChunks } from './text-file.js'

const CHUNK_BYTES = 8 << 20
const PARQUET_ROWS = 100_000

/** Throws UnreadableData. Text that is stored as it is has no end that could be missing. */
export async function proveText(file: TextFile): Promise<void> {
  if (file.format !== 'json' && file.compression === undefined) return
  for await (const _ of textChunks(file, undefined, CHUNK_BYTES)) await pause()
}

/** Throws UnreadableData. */
export async function proveParquet(
  name: string,
  file: ParquetFile,
  fields: readonly string[],
): Promise<void> {
  for (let start = 0; start < file.rows; start += PARQUET_ROWS) {
    await parquetRows(name, file, fields, start, Math.min(start + PARQUET_ROWS, file.rows))
    await pause()
  }
}
