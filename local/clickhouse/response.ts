/**
 * Writes the answer to a query: held back until it is complete or large, so that an early error still gets its
 * status and a small result its true summary; after that streamed, and an error is framed behind the rows sent.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Transform } from 'node:stream'
import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib'
import { type ClickHouseException, exceptionFrame } from './errors.js'
import type { QueryRequest } from './request.js'

/** Counts of a finished query. */
export interface Summary {
  readonly readRows: number
  readonly readBytes: number
  readonly writtenRows: number
  readonly writtenBytes: number
  readonly resultRows: number
  readonly resultBytes: number
  readonly elapsedNs: number
}

const HELD_BYTES = 1 << 20

const CONTENT_TYPES: ReadonlyArray<readonly [RegExp, string]> = [
  [
    /^JSON(EachRow|LinesEachRow|CompactEachRow|StringsEachRow|CompactStringsEachRow)|^NDJSON|^JSONLines/,
    'application/x-ndjson; charset=UTF-8',
  ],
  [/^JSON|^PrettyJSON/, 'application/json; charset=UTF-8'],
  [/^CSV/, 'text/csv; charset=UTF-8; header=absent'],
  [/^(TabSeparated|TSV)/, 'text/tab-separated-values; charset=UTF-8'],
  [/^XML$/, 'application/xml; charset=UTF-8'],
  [
    /^(Pretty|Vertical|Values|Markdown|TSKV|SQLInsert|Template|CustomSeparated|LineAsString)/,
    'text/plain; charset=UTF-8',
  ],
]

const contentType = (format: string): string => {
  const found = CONTENT_TYPES.find(([pattern]) => pattern.test(format))
  const type = found?.[1] ?? 'application/octet-stream'
  return /WithNames/.test(format) ? type.replace('header=absent', 'header=present') : type
}

const compressor = (request: QueryRequest): Transform | undefined => {
  const level = Math.min(Math.max(request.compressionLevel, 1), 9)
  if (request.encoding === 'gzip') return createGzip({ level })
  if (request.encoding === 'deflate') return createDeflate({ level })
  if (request.encoding !== 'br') return undefined
  return createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: level } })
}

/** The X-ClickHouse-Summary header. */
const summaryHeader = (summary: Summary): string =>
  JSON.stringify({
    read_rows: `${summary.readRows}`,
    read_bytes: `${summary.readBytes}`,
    written_rows: `${summary.writtenRows}`,
    written_bytes: `${summary.writtenBytes}`,
    total_rows_to_read: '0',
    result_rows: `${summary.resultRows}`,
    result_bytes: `${summary.resultBytes}`,
    elapsed_ns: `${summary.elapsedNs}`,
  })

/** One answer; call `write` any number of times and then `finish` or `fail` once. */
export class QueryResponse {
  readonly #response: ServerResponse
  readonly #request: QueryRequest
  readonly #tag = randomBytes(8).toString('hex')
  readonly #version: string
  #held: Uint8Array[] = []
  #heldBytes = 0
  #failed = false
  #sink: Transform | ServerResponse | undefined
  /** Bytes of the result so far, before compression. */
  bytes = 0

  constructor(response: ServerResponse, request: QueryRequest, about: { version: string; timezone: string }) {
    this.#response = response
    this.#request = request
    this.#version = about.version
    response.setHeader('X-ClickHouse-Query-Id', headerSafe(request.queryId))
    response.setHeader('X-ClickHouse-Server-Display-Name', 'tributary-local')
    response.setHeader('X-ClickHouse-Timezone', about.timezone)
    response.setHeader('X-ClickHouse-Exception-Tag', this.#tag)
  }

  /** Names the result's format; call before the first write. */
  format(name: string): void {
    this.#response.setHeader('X-ClickHouse-Format', name)
    this.#response.setHeader('Content-Type', contentType(name))
  }

  /** Takes the next bytes; resolves when more are wanted. */
  async write(chunk: Uint8Array): Promise<void> {
    this.bytes += chunk.length
    if (this.#sink !== undefined) return this.#send(chunk)
    this.#held.push(chunk)
    this.#heldBytes += chunk.length
    if (this.#heldBytes >= HELD_BYTES) await this.#begin()
  }

  /** Ends the answer; the summary reaches the client when the result was small enough to be held. */
  async finish(summary: Summary): Promise<void> {
    if (this.#sink === undefined) {
      this.#response.setHeader('X-ClickHouse-Summary', summaryHeader(summary))
      if (this.#request.encoding === undefined) this.#response.setHeader('Content-Length', this.#heldBytes)
      await this.#begin()
    }
    this.#sink?.end()
  }

  /** Ends the answer with an error; after the first bytes the connection is cut, so that no client takes it as whole. */
  async fail(error: ClickHouseException): Promise<void> {
    const description = error.describe(this.#version)
    const response = this.#response
    if (this.#sink === undefined) {
      sendException(response, error, this.#version)
      return
    }
    if (response.destroyed) return
    this.#failed = true
    const frame = exceptionFrame(this.#tag, description)
    if (this.#sink === response) response.write(frame)
    else {
      const ended = once(this.#sink, 'end')
      this.#sink.end(frame)
      await ended
    }
    // Without the last chunk of the chunked encoding: the transfer is visibly broken.
    await new Promise((resolve) => response.write('', resolve))
    response.socket?.destroySoon()
  }

  async #begin(): Promise<void> {
    const transform = compressor(this.#request)
    if (transform !== undefined) {
      this.#response.setHeader('Content-Encoding', this.#request.encoding!)
      transform.pipe(this.#response, { end: false })
      transform.once('error', () => this.#response.destroy())
      transform.once('end', () => {
        if (!this.#failed) this.#response.end()
      })
    }
    this.#sink = transform ?? this.#response
    this.#response.writeHead(200)
    const held = this.#held
    this.#held = []
    for (const chunk of held) await this.#send(chunk)
  }

  async #send(chunk: Uint8Array): Promise<void> {
    if (this.#sink === undefined || this.#response.destroyed) return
    if (this.#sink.write(chunk)) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#sink?.off('drain', done)
        this.#response.off('close', done)
        resolve()
      }
      this.#sink?.once('drain', done)
      this.#response.once('close', done)
    })
  }
}

const headerSafe = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?')

/** Answers with an error alone. */
export const sendException = (
  response: ServerResponse,
  error: ClickHouseException,
  version: string,
): void => {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const body = Buffer.from(`${error.describe(version)}\n`)
  response.setHeader('X-ClickHouse-Exception-Code', error.code)
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8')
  if (error.status === 401) response.setHeader('WWW-Authenticate', 'Basic realm="ClickHouse server HTTP API"')
  response.setHeader('Content-Length', body.length)
  response.writeHead(error.status)
  response.end(body)
}
