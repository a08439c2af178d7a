/** The bytes of a file from the rows of its parts, some at a time. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { FileOptions } from '../config.js'
import type { ColumnKinds } from '../parts/kinds.js'
import { parseRow } from '../parts/part.js'
import { csvWriter } from './csv.js'
import { encodeParquet } from './parquet.js'

const NEWLINE = Buffer.from('\n')

/** Rows as JSON lines, in the file's order; each list is let go of before the next one is asked for. */
export type RowLines = AsyncIterable<readonly Buffer[]>

/** The same rows give the same bytes. */
export async function* encodeFile(
  options: FileOptions,
  columns: ColumnKinds,
  lines: RowLines,
): AsyncGenerator<Uint8Array> {
  const names = orderedColumns(options, columns)
  // A Parquet file has a column at least; a whole that was empty from the start knows none.
  if (options.format === 'parquet')
    return yield* encodeParquet(options, names.length === 0 ? ['empty'] : names, columns, lines)
  const encoded = options.format === 'csv' ? encodeCsv(options, names, lines) : encodeNdjson(lines)
  if (options.gzip) yield* gzip(encoded)
  else yield* encoded
}

/** The columns in their order: the config's first, then as they came. */
export function orderedColumns(options: FileOptions, columns: ColumnKinds): string[] {
  return [...new Set([...options.columns, ...columns.names()])]
}

async function* encodeCsv(
  options: FileOptions,
  names: readonly string[],
  lines: RowLines,
): AsyncGenerator<Uint8Array> {
  const csv = csvWriter(names, options.csv)
  if (csv.head !== '') yield Buffer.from(csv.head)
  for await (const some of lines) if (some.length > 0) yield Buffer.from(csv.lines(some.map(parseRow)))
}

async function* encodeNdjson(lines: RowLines): AsyncGenerator<Uint8Array> {
  for await (const some of lines)
    if (some.length > 0) yield Buffer.concat(some.flatMap((line) => [line, NEWLINE]))
}

/** Node writes no time into the head: the same rows give the same bytes here too. */
async function* gzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const zip = createGzip()
  const fed = pipeline(Readable.from(chunks), zip)
  // The reader below gets the same error; this one must not be unhandled meanwhile.
  fed.catch(() => undefined)
  yield* zip as AsyncIterable<Uint8Array>
  await fed
}
