/** A text file that is being read: where its records begin and the chunks that it is read in. */
import type { CsvOptions, FileFormat } from '../config.js'
import { byteSource, skipBytes } from '../formats/byte-source.js'
import { type CsvLayout, csvLayout } from '../formats/csv-header.js'
import type { Compression } from '../formats/file-kind.js'
import { documentLines } from '../formats/json-document.js'
import { type RecordChunk, recordChunks } from '../formats/record-chunks.js'
import { csvCutter, lineCutter } from '../formats/record-cutter.js'
import type { LocalFile } from '../locations/location.js'
import type { FilePosition } from './read-state.js'

const START_BYTES = 1 << 18
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

export interface TextFileOptions {
  readonly name: string
  readonly local: Pick<LocalFile, 'path' | 'bytes'>
  readonly format: Exclude<FileFormat, 'parquet'>
  readonly compression: Compression | undefined
  readonly csv: CsvOptions
  readonly jsonPath: readonly string[]
  readonly signal: AbortSignal
}

export interface TextFile extends TextFileOptions {
  /** Of CSV. */
  readonly layout: CsvLayout | undefined
  /** True when a byte order mark stands before the text. */
  readonly marked: boolean
}

/** Looks at the beginning of a file. Undefined: it holds no text at all. */
export async function openText(options: TextFileOptions): Promise<TextFile | undefined> {
  const start = await startOf(options)
  const marked = start.subarray(0, BOM.length).equals(BOM)
  const text = marked ? start.subarray(BOM.length) : start
  if (text.length === 0) return undefined
  if (options.format !== 'csv') return { ...options, marked, layout: undefined }
  const layout = csvLayout(text, options.csv, options.name)
  return layout && { ...options, marked, layout }
}

async function startOf(options: TextFileOptions): Promise<Buffer> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of bytesOf(options, 0)) {
    pieces.push(piece)
    bytes += piece.length
    if (bytes >= START_BYTES) break
  }
  return Buffer.concat(pieces)
}

function bytesOf(options: TextFileOptions, offset: number): AsyncGenerator<Buffer> {
  return byteSource({
    path: options.local.path,
    name: options.name,
    compression: options.compression,
    encoding: options.format === 'csv' ? options.csv.encoding : 'utf-8',
    offset,
    signal: options.signal,
  })
}

/** Chunks of whole records from a position on; without one from the first record. */
export function textChunks(
  file: TextFile,
  from: FilePosition | undefined,
  targetBytes: number,
): AsyncGenerator<RecordChunk> {
  const bom = file.marked ? BOM.length : 0
  if (file.format === 'json') {
    const { offset, line } = from ?? { offset: 0, line: 1 }
    const lines = documentLines(bytesOf(file, bom), file.jsonPath, file.name)
    return recordChunks(skipBytes(lines, offset), lineCutter(), { targetBytes, offset, line })
  }
  const { layout } = file
  const first = { offset: bom + (layout?.headerBytes ?? 0), line: 1 + (layout?.headerLines ?? 0) }
  const { offset, line } = from ?? first
  const cutter = layout === undefined ? lineCutter() : csvCutter(layout.delimiter, file.csv.quote)
  return recordChunks(bytesOf(file, offset), cutter, { targetBytes, offset, line })
}
