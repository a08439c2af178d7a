/** The fast path: files as blocks that the warehouse reads itself, whole and untouched where that is safe. */
import { type Block, block, type StreamMessage } from '@tributary/connector-sdk'
import type { Compression } from '../formats/file-kind.js'
import type { LocalFile } from '../locations/location.js'
import type { FilePosition } from './read-state.js'
import { type TextFile, textChunks } from './text-file.js'

/** Larger files are cut, so that a crash costs one block and not the file. Compressed ones grow when they are read. */
const WHOLE_BYTES = 512 << 20
const WHOLE_COMPRESSED_BYTES = 48 << 20
const BLOCK_BYTES = 32 << 20

export interface FileMessage {
  readonly message: StreamMessage
  /** Where to go on behind it; absent when the message is not a place to stop. */
  readonly position?: FilePosition
}

/** Blocks of a text file from a position on. `fields`: all fields of the stream, which NDJSON is matched with. */
export async function* textBlocks(
  file: TextFile,
  from: FilePosition | undefined,
  fields: readonly string[],
): AsyncGenerator<FileMessage> {
  const shape = blockShape(file, fields)
  if (from === undefined && passesWhole(file)) {
    yield { message: block({ ...shape, body: fileBody(file.local, file.compression) }) }
    return
  }
  const header =
    file.layout && Buffer.from(headerLine(file.layout.columns, file.layout.delimiter, file.csv.quote))
  for await (const chunk of textChunks(file, from, BLOCK_BYTES)) {
    const bytes = header === undefined ? chunk.pieces : [header, ...chunk.pieces]
    yield {
      message: block({ ...shape, body: { kind: 'bytes', bytes } }),
      position: { offset: chunk.endOffset, line: chunk.endLine },
    }
  }
}

/** A Parquet file is always one block: it cannot be cut at a byte. */
export function parquetBlock(
  local: LocalFile,
  columns: readonly string[],
  rows: number,
  exactTypes: boolean,
): FileMessage {
  return {
    message: block({ format: 'Parquet', columns, rows, exactTypes, body: fileBody(local, undefined) }),
  }
}

function fileBody(
  local: Pick<LocalFile, 'path' | 'bytes'>,
  compression: Compression | undefined,
): Block['body'] {
  return { kind: 'file', path: local.path, bytes: local.bytes, ...(compression && { compression }) }
}

function passesWhole(file: TextFile): boolean {
  if (file.format === 'json' || file.marked) return false
  if (file.layout !== undefined && !(file.layout.exactHeader && file.csv.encoding === 'utf-8')) return false
  return file.local.bytes <= (file.compression === undefined ? WHOLE_BYTES : WHOLE_COMPRESSED_BYTES)
}

function blockShape(file: TextFile, fields: readonly string[]): Omit<Block, 'body'> {
  const { layout, csv } = file
  if (layout === undefined)
    return { format: 'JSONEachRow', columns: fields, settings: { date_time_input_format: 'best_effort' } }
  return {
    format: 'CSVWithNames',
    columns: layout.columns,
    settings: {
      date_time_input_format: 'best_effort',
      format_csv_delimiter: layout.delimiter,
      input_format_csv_skip_trailing_empty_lines: 1,
      format_csv_allow_double_quotes: csv.quote === '"' ? 1 : 0,
      format_csv_allow_single_quotes: csv.quote === "'" ? 1 : 0,
      format_csv_null_representation: csv.nullValues[0] ?? '',
    },
  }
}

/** The field names as a line of the file's own dialect. */
function headerLine(columns: readonly string[], delimiter: string, quote: string): string {
  const quoted = columns.map(
    (name) => quote + (quote === '' ? name : name.replaceAll(quote, quote + quote)) + quote,
  )
  return `${quoted.join(delimiter)}\n`
}
