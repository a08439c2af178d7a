/**
 * A part: one batch as it waits for the end of its run. Its first line says what it holds, every other line is a row as
 * JSON. The file's own format comes at the end only, since its columns and their types are not known before.
 */
import type { Readable } from 'node:stream'
import { ConnectorError, type JsonValue, type Operation } from '@tributary/connector-sdk'
import { ColumnKinds, type Kind } from './kinds.js'

export interface PartHead {
  readonly operation: Operation
  /** When it was written, ISO 8601: of a run's first part it is the time in the file's name. */
  readonly at: string
  readonly columns: readonly (readonly [name: string, kinds: readonly Kind[]])[]
  readonly rows: number
  /** Records of the batch that are no rows. */
  readonly rejected: number
}

/** A row of a file: null where it has no value. */
export type Row = Readonly<Record<string, JsonValue>>

/** @param columns named in the head though no row may have them */
export function encodePart(
  part: Pick<PartHead, 'operation' | 'at' | 'rejected'>,
  rows: readonly Row[],
  columns: readonly string[] = [],
): Buffer {
  const kinds = new ColumnKinds()
  for (const name of columns) kinds.add(name, [])
  for (const row of rows) kinds.addRow(row)
  const head: PartHead = { ...part, columns: kinds.entries(), rows: rows.length }
  const lines = [head, ...rows].map((line) => JSON.stringify(line))
  return Buffer.from(`${lines.join('\n')}\n`)
}

/** The head of a part; the rest of it is not read. */
export async function readHead(name: string, bytes: Readable): Promise<PartHead> {
  for await (const [line] of lineBatches(bytes)) return JSON.parse(line!.toString('utf8')) as PartHead
  throw new ConnectorError('UnreadableData', `reading ${name}: the part is empty; start the activation again`)
}

/** The rows of a part as JSON lines, some at a time. */
export async function* readRows(bytes: Readable): AsyncGenerator<readonly Buffer[]> {
  let head = true
  for await (const lines of lineBatches(bytes)) {
    yield head ? lines.slice(1) : lines
    head = false
  }
}

export function parseRow(line: Buffer): Row {
  return JSON.parse(line.toString('utf8')) as Row
}

const NEWLINE = 10

/** Lines without their ends, as many as a chunk of the stream completes; never an empty list. */
async function* lineBatches(bytes: Readable): AsyncGenerator<Buffer[]> {
  let open: Buffer[] = []
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    const lines: Buffer[] = []
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const tail = chunk.subarray(start, end)
      lines.push(open.length === 0 ? tail : Buffer.concat([...open, tail]))
      open = []
      start = end + 1
    }
    if (start < chunk.length) open.push(chunk.subarray(start))
    if (lines.length > 0) yield lines
  }
  if (open.length > 0)
    throw new ConnectorError('UnreadableData', 'reading a part: it is cut off; start the activation again')
}
