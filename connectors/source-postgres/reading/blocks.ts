/**
 * A COPY's bytes as blocks of whole rows. Text COPY escapes newlines, so byte 10 is always a row's end, and no row is
 * ever looked into; chunks are handed on as they come, so that no block need ever be whole in memory.
 */
import { isConnectorError } from '@tributary/connector-sdk'
import type { Connection } from '../client.js'

/** Where a block ends: at the first row end after either is reached. */
export interface BlockLimits {
  readonly rows: number
  readonly bytes: number
}

/** Each block is an insert: twice as large, and the engine takes more memory; half as large, and it takes more CPU. */
export const BLOCK_LIMITS: BlockLimits = { rows: 100_000, bytes: 16 * 1024 * 1024 }

/** A block that is still being read. */
export interface OpenBlock {
  /** Its bytes, and at their end the number of its rows. */
  readonly chunks: AsyncGenerator<Uint8Array, number>
  /** Resolves when they were read to their end; rejects where that cannot come any more. */
  readonly ended: Promise<void>
}

export interface RowBlock {
  readonly chunks: readonly Uint8Array[]
  readonly bytes: number
  readonly rows: number
}

/**
 * Decides how much of a full block's end goes to the next one instead. Given the block, of whose chunks only the last
 * {@link HELD_BYTES} may be there, returns the part to hold.
 */
export type HoldBack = (block: RowBlock) => RowBlock | undefined

/** How much of a block's end a {@link HoldBack} sees. */
export const HELD_BYTES = 1024 * 1024

export interface BlockOptions {
  readonly limits?: BlockLimits
  readonly holdBack?: HoldBack | undefined
  /** Aborted when nobody will read on: a block that waits for its reader then ends. */
  readonly signal?: AbortSignal
}

const NEWLINE = 10

/** The rows that `COPY (query) TO STDOUT` gives, whole blocks in its order. @throws ConnectorError */
export async function* copyBlocks(
  connection: Connection,
  query: string,
  action: string,
  options: BlockOptions = {},
): AsyncGenerator<RowBlock> {
  for await (const { chunks } of openBlocks(connection, query, action, options)) yield await collect(chunks)
}

async function collect(open: OpenBlock['chunks']): Promise<RowBlock> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for (;;) {
    const next = await open.next()
    if (next.done) return { chunks, bytes, rows: next.value }
    chunks.push(next.value)
    bytes += next.value.length
  }
}

/**
 * The same, each block before its bytes have come: the next one comes when its reader has taken them all.
 * @throws ConnectorError, also where fewer rows came than the server counted, which is known only after the last block
 */
export async function* openBlocks(
  connection: Connection,
  query: string,
  action: string,
  { limits = BLOCK_LIMITS, holdBack, signal }: BlockOptions = {},
): AsyncGenerator<OpenBlock> {
  const stream = connection.copy(`COPY (${query}) TO STDOUT`)
  const source = new ChunkSource(stream as AsyncIterable<Buffer>)
  let total = 0
  let ending = new Ending()
  const failure = (error: unknown) => (isConnectorError(error) ? error : connection.fail(action, error))
  // it may fail, or be given up, while nobody reads
  stream.once('error', (error) => ending.reject(error))
  signal?.addEventListener('abort', () => ending.reject(signal.reason), { once: true })
  try {
    while (await source.hasMore()) {
      signal?.throwIfAborted()
      ending = new Ending()
      const rows = wholeRows(source, limits, holdBack)
      yield { chunks: telling(ending, rows, failure), ended: ending.ended }
      await ending.ended
      total += ending.rows
    }
  } catch (error) {
    throw failure(error)
  } finally {
    stream.destroy()
  }
  // the count follows the last row: an answer to a further statement means that it has come
  await connection.query(action, 'select')
  if (total !== stream.rowCount) {
    throw connection.fail(
      action,
      new Error(`Connection terminated: ${total} of ${stream.rowCount} rows came`),
    )
  }
}

/** Tells the block's end, and gives whoever reads it the same error as whoever waits for it. */
async function* telling(
  ending: Ending,
  chunks: OpenBlock['chunks'],
  failure: (error: unknown) => Error,
): OpenBlock['chunks'] {
  try {
    const rows = yield* chunks
    ending.resolve(rows)
    return rows
  } catch (error) {
    const failed = failure(error)
    ending.reject(failed)
    throw failed
  } finally {
    ending.reject(new Error('a block was not read to its end'))
  }
}

async function* wholeRows(
  source: ChunkSource,
  limits: BlockLimits,
  holdBack: HoldBack | undefined,
): AsyncGenerator<Uint8Array, number> {
  const kept = holdBack ? HELD_BYTES : 0
  const tail: Buffer[] = []
  let [bytes, tailBytes, rows] = [0, 0, 0]
  for (let full = false; !full; ) {
    let chunk = await source.next()
    if (chunk === undefined) break
    rows += countRows(chunk)
    const lastEnd = chunk.lastIndexOf(NEWLINE) + 1
    full = lastEnd > 0 && (rows >= limits.rows || bytes + chunk.length >= limits.bytes)
    if (full) {
      source.putBack(chunk.subarray(lastEnd))
      chunk = chunk.subarray(0, lastEnd)
    }
    bytes += chunk.length
    tailBytes += chunk.length
    tail.push(chunk)
    while (tail.length > 0 && tailBytes - tail[0]!.length >= kept) {
      const first = tail.shift()!
      tailBytes -= first.length
      if (first.length > 0) yield first
    }
    const held = full && holdBack?.({ chunks: tail, bytes, rows })
    if (held) {
      source.putBack(...(held.chunks as Buffer[]))
      rows -= held.rows
      tail.splice(0, tail.length, ...withoutEnd(tail, held.bytes))
    }
  }
  yield* tail
  return rows
}

/** A block's end, of which its bytes tell whoever waits for it. The first word counts. */
class Ending {
  rows = 0
  readonly ended: Promise<void>
  #resolve!: () => void
  reject!: (error: unknown) => void

  constructor() {
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.reject = reject
    })
    // who reads the bytes meets the failure too
    this.ended.catch(() => undefined)
  }

  resolve(rows: number): void {
    this.rows = rows
    this.#resolve()
  }
}

/** Chunks as they come, and before them those that were put back. */
class ChunkSource {
  readonly #iterator: AsyncIterator<Buffer>
  readonly #waiting: Buffer[] = []

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#iterator = chunks[Symbol.asyncIterator]()
  }

  async hasMore(): Promise<boolean> {
    const chunk = await this.next()
    if (chunk === undefined) return false
    this.putBack(chunk)
    return true
  }

  async next(): Promise<Buffer | undefined> {
    const waiting = this.#waiting.shift()
    if (waiting) return waiting
    const { done, value } = await this.#iterator.next()
    return done ? undefined : value
  }

  putBack(...chunks: Buffer[]): void {
    this.#waiting.unshift(...chunks.filter(({ length }) => length > 0))
  }
}

/** Row ends in a chunk; a native search per row costs less than a look at every byte. */
function countRows(chunk: Buffer): number {
  let rows = 0
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) rows++
  return rows
}

function withoutEnd(chunks: readonly Buffer[], bytes: number): Buffer[] {
  const kept: Buffer[] = []
  let left = chunks.reduce((sum, { length }) => sum + length, 0) - bytes
  for (const chunk of chunks) {
    if (left <= 0) break
    kept.push(chunk.subarray(0, left))
    left -= chunk.length
  }
  return kept
}
