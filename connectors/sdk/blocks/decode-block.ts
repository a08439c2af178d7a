/**
 * Turns blocks of text formats back into records, for whoever needs rows: the Airbyte protocol and the conformance
 * suite. The warehouse never does; it reads the bytes itself.
 */
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { FieldSchema, StreamSchema } from '@tributary/schemas'
import type { Block, SourceRecord } from '../contract.js'
import { ConnectorError, ConnectorErrorKind } from '../errors.js'
import { type Cell, csvRows, lines, tabSeparatedRows } from './lines.js'

/**
 * The records of a block of TabSeparated, CSV, CSVWithNames or JSONEachRow, plain or gzip.
 * @throws ConnectorError ContractViolation for other formats (ask the stream with `path: 'rows'`), for rows with another
 * number of cells than columns, and for cells that are not of their field's type.
 */
export async function* decodeBlock(block: Block, schema: StreamSchema): AsyncGenerator<SourceRecord> {
  if (block.format === 'Parquet') throw undecodable('Parquet is not decoded; ask the stream for rows')
  const chunks = textOf(block)
  if (block.format === 'JSONEachRow') {
    for await (const line of lines(chunks)) if (line.trim() !== '') yield parseObject(line)
    return
  }
  const rows =
    block.format === 'TabSeparated'
      ? tabSeparatedRows(chunks)
      : csvRows(chunks, String(block.settings?.format_csv_delimiter ?? ','))
  let columns = block.format === 'CSVWithNames' ? undefined : block.columns
  for await (const cells of rows) {
    if (columns === undefined) {
      columns = cells.map(String)
      continue
    }
    if (cells.length !== columns.length) {
      throw undecodable(`a row has ${cells.length} cells for ${columns.length} columns`)
    }
    yield Object.fromEntries(
      columns.map((column, index) => [column, decodeCell(cells[index]!, column, schema.properties[column])]),
    )
  }
}

async function* textOf({ body }: Block): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const chunk of bytesOf(body)) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}

function bytesOf(body: Block['body']): AsyncIterable<Uint8Array> {
  if (body.kind === 'bytes') {
    return Readable.from(body.bytes instanceof Uint8Array ? [body.bytes] : body.bytes)
  }
  if (body.kind === 'open') return body.chunks
  if (body.compression === 'zstd') throw undecodable('zstd is not decoded; ask the stream for rows')
  const file = createReadStream(body.path)
  if (body.compression !== 'gzip') return file
  return file.compose(createGunzip()) as AsyncIterable<Uint8Array>
}

function decodeCell(cell: Cell, column: string, field: FieldSchema | undefined): unknown {
  if (cell === null) return null
  const kind = kindOf(field)
  switch (kind) {
    case 'integer':
    case 'number': {
      const number = Number(cell)
      if (cell.trim() === '' || (Number.isNaN(number) && !/^nan$/i.test(cell))) {
        throw undecodable(`a cell of ${column} is no ${kind}`)
      }
      if (kind === 'integer' && !Number.isSafeInteger(number)) return cell
      return Number.isFinite(number) ? number : cell
    }
    case 'boolean':
      if (/^(t|true|1)$/i.test(cell)) return true
      if (/^(f|false|0)$/i.test(cell)) return false
      throw undecodable(`a cell of ${column} is no boolean`)
    case 'json':
      try {
        return JSON.parse(cell) as unknown
      } catch {
        throw undecodable(`a cell of ${column} is no JSON`)
      }
    default:
      return cell
  }
}

function kindOf(field: FieldSchema | undefined): 'integer' | 'number' | 'boolean' | 'json' | 'text' {
  const exact = field?.['x-type']
  if (exact !== undefined) {
    if (/^u?int/.test(exact)) return 'integer'
    if (exact.startsWith('float')) return 'number'
    return exact === 'bool' ? 'boolean' : exact === 'json' ? 'json' : 'text'
  }
  const types = [field?.type ?? []].flat().filter((type) => type !== 'null')
  const [type] = types
  if (types.length !== 1 || type === undefined) return 'text'
  if (type === 'object' || type === 'array') return 'json'
  return type === 'integer' || type === 'number' || type === 'boolean' ? type : 'text'
}

function parseObject(line: string): SourceRecord {
  try {
    return JSON.parse(line) as SourceRecord
  } catch {
    throw undecodable('a line of JSONEachRow is no JSON')
  }
}

function undecodable(text: string): ConnectorError {
  return new ConnectorError(ConnectorErrorKind.ContractViolation, `decoding a block: ${text}`)
}
