/**
 * Reads a request's statement, from the URL or the body, and spools the data that follows an INSERT: the engine
 * is never handed data inside a statement, which it would cut at a blank line and run the rest of as SQL.
 */
import type { IncomingMessage } from 'node:http'
import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { ClickHouseException } from './errors.js'
import type { QueryRequest } from './request.js'
import { lentFile, type Spool } from './spool.js'
import { type DataFile, type LoadStatement, parseStatement, type Statement } from './statement.js'

/** What a request asks to run; `discard` removes its data. */
export interface Work {
  readonly statement: Statement
  /** The statement as sent, one character a byte, without its data. */
  readonly text: string
  readonly data: (DataFile & { readonly bytes: number }) | undefined
  discard(): Promise<void>
}

const HEAD_BYTES = 1 << 20
const MAX_STATEMENT_BYTES = 64 << 20

/** Reads a request whole. @throws ClickHouseException for a statement or a body that cannot be taken */
export const readWork = async (
  request: IncomingMessage,
  asked: QueryRequest,
  spool: Spool,
): Promise<Work> => {
  if ((request.headers['content-type'] ?? '').startsWith('multipart/form-data')) {
    throw new ClickHouseException(
      48,
      'NOT_IMPLEMENTED',
      'multipart/form-data is not supported: send the body itself',
    )
  }
  const inUrl = Buffer.from(asked.query, 'utf8')
  const fromUrl = parseStatement(inUrl.toString('latin1'))
  if (fromUrl?.kind === 'load') return loadFromUrl(request, asked, spool, inUrl, fromUrl)
  const body = decoded(request, asked)[Symbol.asyncIterator]()
  const start = inUrl.length > 0 ? [inUrl, Buffer.from('\n')] : []
  const head = await take(body, start, HEAD_BYTES)
  const early = parsePart(head.bytes, head.ended)
  if (early?.kind === 'load') {
    const rest = head.bytes.subarray(early.dataOffset)
    return spooled(spool, head.bytes, early, rest, remaining(body))
  }
  const whole = head.ended ? head : await take(body, [head.bytes], MAX_STATEMENT_BYTES)
  if (!whole.ended) throw new ClickHouseException(66, 'QUERY_IS_TOO_LARGE', 'The statement exceeds 64 MiB')
  const statement = parseStatement(whole.bytes.toString('latin1'))
  if (statement === undefined) throw new ClickHouseException(62, 'SYNTAX_ERROR', 'Syntax error: Empty query')
  if (statement.kind === 'load') {
    return spooled(spool, whole.bytes, statement, whole.bytes.subarray(statement.dataOffset), remaining(body))
  }
  return { statement, text: whole.bytes.toString('latin1'), data: undefined, discard: async () => undefined }
}

const loadFromUrl = async (
  request: IncomingMessage,
  asked: QueryRequest,
  spool: Spool,
  inUrl: Buffer,
  statement: LoadStatement,
): Promise<Work> => {
  const inline = inUrl.subarray(statement.dataOffset)
  if (asked.infile !== undefined) {
    const file = await spool.lend(asked.infile)
    request.resume()
    const data = { ...lentFile(file, asked.infile, asked.bodyCompression), bytes: file.bytes }
    return { statement, text: inUrl.toString('latin1'), data, discard: file.discard }
  }
  const length = Number(request.headers['content-length'] ?? 0)
  if (inline.every((byte) => byte <= 32)) {
    return spooled(spool, inUrl, statement, Buffer.alloc(0), received(request), asked.bodyCompression, length)
  }
  const head = Buffer.concat([inline, Buffer.from('\n')])
  return spooled(spool, inUrl, statement, head, decoded(request, asked), 'none', length)
}

const spooled = async (
  spool: Spool,
  sent: Buffer,
  statement: LoadStatement,
  head: Uint8Array,
  body: AsyncIterable<Uint8Array>,
  compression = 'none',
  expectedBytes = 0,
): Promise<Work> => {
  const file = await spool.write(head, body, expectedBytes)
  // Nothing at all is no data, whatever it was said to be compressed with.
  const data = { path: file.path, bytes: file.bytes, compression: file.bytes === 0 ? 'none' : compression }
  return { statement, text: sent.toString('latin1', 0, statement.dataOffset), data, discard: file.discard }
}

/** The body as it comes; stopping early leaves the connection to answer on. */
const received = (request: IncomingMessage): AsyncIterable<Uint8Array> =>
  request.iterator({ destroyOnReturn: false })

const decoded = (request: IncomingMessage, asked: QueryRequest): AsyncIterable<Uint8Array> => {
  if (asked.bodyCompression === 'none') return received(request)
  const decoders: Readonly<Record<string, () => Transform>> = {
    gzip: createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
  }
  const decoder = decoders[asked.bodyCompression]?.()
  if (decoder === undefined) {
    throw new ClickHouseException(
      48,
      'NOT_IMPLEMENTED',
      `A body with Content-Encoding ${asked.bodyCompression} may hold data only: send the statement in the URL`,
    )
  }
  // It may fail before anyone reads from it; who does then gets the error.
  decoder.on('error', () => undefined)
  request.on('error', (error) => decoder.destroy(error))
  return request.pipe(decoder)
}

const parsePart = (bytes: Buffer, complete: boolean): Statement | undefined => {
  try {
    return parseStatement(bytes.toString('latin1'))
  } catch (error) {
    if (complete) throw error
    return undefined
  }
}

const take = async (
  body: AsyncIterator<Uint8Array>,
  start: readonly Uint8Array[],
  limit: number,
): Promise<{ bytes: Buffer; ended: boolean }> => {
  const chunks = [...start]
  let size = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  while (size < limit) {
    const step = await body.next()
    if (step.done) return { bytes: Buffer.concat(chunks), ended: true }
    chunks.push(step.value)
    size += step.value.length
  }
  return { bytes: Buffer.concat(chunks), ended: false }
}

async function* remaining(body: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let step = await body.next(); !step.done; step = await body.next()) yield step.value
}
