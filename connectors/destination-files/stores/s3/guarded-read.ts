/** The bytes of an answer, with an end also where the connection breaks or nothing comes any more. */
import { Readable } from 'node:stream'
import { ConnectorError } from '@tributary/connector-sdk'

/**
 * Time between a reader's asking for bytes and their coming; a reader that is slow itself has all the time it wants.
 * @default 60000
 */
const STALL_MS = 60_000

/** The same bytes; errors are ConnectorErrors that begin with `action`, or the reason of the abort. */
export function guardedRead(
  body: Readable,
  action: string,
  signal: AbortSignal,
  stallMs: number = STALL_MS,
): Readable {
  return Readable.from(chunksOf(body, action, signal, stallMs), { objectMode: false })
}

async function* chunksOf(
  body: Readable,
  action: string,
  signal: AbortSignal,
  stallMs: number,
): AsyncGenerator<Buffer> {
  const chunks = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
  try {
    for (;;) {
      const timer = setTimeout(() => body.destroy(new Error('stalled')), stallMs)
      const { done, value } = await chunks.next().finally(() => clearTimeout(timer))
      if (done) return
      yield value
    }
  } catch (error) {
    signal.throwIfAborted()
    throw new ConnectorError('NetworkError', `${action}: the connection broke; it is tried again`, {
      cause: error,
    })
  } finally {
    body.destroy()
  }
}
