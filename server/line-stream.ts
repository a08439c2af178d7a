/** Files of lines, each a JSON document (NDJSON), however many there are: written as they are read. */
import type { FastifyReply } from 'fastify'
import { writeDrained } from './drained.js'

/**
 * Resolves when the last line is written, or nobody reads any more. What fails on the way breaks the connection off, so that
 * nobody takes a part for the whole.
 */
export async function sendLines(
  reply: FastifyReply,
  signal: AbortSignal,
  lines: AsyncIterable<unknown>,
  { file, show }: { readonly file: string; readonly show: (line: unknown) => unknown },
): Promise<void> {
  const iterator = lines[Symbol.asyncIterator]()
  // What is not there is said before anything is sent.
  let next = await iterator.next()
  reply.hijack()
  const { raw } = reply
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) raw.setHeader(name, value)
  raw.writeHead(200, {
    'content-type': 'application/x-ndjson; charset=utf-8',
    'content-disposition': `attachment; filename="${file.replace(/[^\w.-]/g, '_')}"`,
    'cache-control': 'no-store',
    connection: 'close',
  })
  try {
    for (; !next.done; next = await iterator.next()) {
      signal.throwIfAborted()
      await writeDrained(raw, `${JSON.stringify(show(next.value))}\n`, signal)
    }
    raw.end()
  } catch (error) {
    if (!signal.aborted) reply.log.error({ err: error }, 'lines ended early')
    raw.destroy()
  } finally {
    await iterator.return?.()
  }
}
