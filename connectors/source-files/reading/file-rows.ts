/** The careful path: files parsed here, record by record, so that bad lines are told from good ones. */
import { records, rejects, type StreamMessage } from '@tributary/connector-sdk'
import { type ParquetFile, parquetRows } from '../formats/parquet.js'
import { csvRows, ndjsonRows, type RowBatch, type RowFields } from '../formats/row-batch.js'
import type { FileMessage } from './file-blocks.js'
import type { FilePosition } from './read-state.js'
import { type TextFile, textChunks } from './text-file.js'

const CHUNK_BYTES = 1 << 20
const CHECKPOINT_BYTES = 32 << 20
const BATCH_ROWS = 5000
/** Rows of a Parquet file that are held at once. */
const PARQUET_ROWS = 100_000

/** Records and rejects of a text file from a position on. */
export async function* textRows(
  file: TextFile,
  from: FilePosition | undefined,
  fields: RowFields,
): AsyncGenerator<FileMessage> {
  const parse = rowParser(file, fields)
  let sinceCheckpoint = 0
  for await (const chunk of textChunks(file, from, CHUNK_BYTES)) {
    const bytes = chunk.pieces.length === 1 ? chunk.pieces[0]! : Buffer.concat(chunk.pieces)
    const messages = batchMessages(parse(bytes, chunk.firstLine))
    sinceCheckpoint += chunk.bytes
    const isPlace = sinceCheckpoint >= CHECKPOINT_BYTES
    if (isPlace) sinceCheckpoint = 0
    const position = { offset: chunk.endOffset, line: chunk.endLine }
    for (const [index, message] of messages.entries())
      yield { message, ...(isPlace && index === messages.length - 1 && { position }) }
    // The parser does not wait for anything: without a pause nothing else in the process would run.
    await new Promise(setImmediate)
  }
}

function rowParser(file: TextFile, fields: RowFields): (bytes: Buffer, firstLine: number) => RowBatch {
  const { layout } = file
  if (layout === undefined) return ndjsonRows(fields, file.name, file.format === 'json' ? 'record' : 'line')
  const options = {
    delimiter: layout.delimiter,
    quote: file.csv.quote,
    nullValues: new Set(file.csv.nullValues),
  }
  return csvRows(fields, layout.columns, options, file.name)
}

function batchMessages(batch: RowBatch): StreamMessage[] {
  const messages: StreamMessage[] = []
  for (let at = 0; at < batch.records.length; at += BATCH_ROWS)
    messages.push(records(batch.records.slice(at, at + BATCH_ROWS)))
  if (batch.rejects.length > 0) messages.push(rejects(batch.rejects))
  return messages
}

/** Records of a Parquet file; a position's offset counts rows. */
export async function* parquetRecords(
  name: string,
  file: ParquetFile,
  from: FilePosition | undefined,
  fields: readonly string[],
): AsyncGenerator<FileMessage> {
  let start = 0
  for (const group of file.metadata.row_groups) {
    const groupEnd = start + Number(group.num_rows)
    for (let at = start; at < groupEnd; at = Math.min(at + PARQUET_ROWS, groupEnd)) {
      if (from !== undefined && at < from.offset) continue
      const end = Math.min(at + PARQUET_ROWS, groupEnd)
      const rows = await parquetRows(name, file, fields, at, end)
      for (let i = 0; i < rows.length; i += BATCH_ROWS) {
        const isLast = i + BATCH_ROWS >= rows.length
        yield {
          message: records(rows.slice(i, i + BATCH_ROWS)),
          ...(isLast && { position: { offset: end, line: end + 1 } }),
        }
      }
    }
    start = groupEnd
  }
}
