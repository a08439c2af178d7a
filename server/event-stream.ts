/** Server-sent events: one JSON document an event, a comment while there is nothing to say, so that nobody takes the line for dead. */
import type { FastifyReply } from 'fastify'
import { writeDrained } from './drained.js'

const HEARTBEAT_MS = 15_000

/** Resolves when there is nothing more to say, or nobody to say it to. */
export async function sendEvents(
  reply: FastifyReply,
  signal: AbortSignal,
  events: AsyncIterable<unknown>,
  show: (event: unknown) => unknown,
): Promise<void> {
  reply.hijack()
  const { raw } = reply
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) raw.setHeader(name, value)
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Nothing follows on this connection: a server that stops need not wait for it.
    connection: 'close',
    // Proxies pass every event on at once.
    'x-accel-buffering': 'no',
  })
  raw.write(': hello\n\n')
  // One who has not read the last word needs no other.
  const heartbeat = setInterval(() => raw.writableNeedDrain || raw.write(': still here\n\n'), HEARTBEAT_MS)
  try {
    for await (const event of events) {
      if (signal.aborted) break
      await writeDrained(raw, `data: ${JSON.stringify(show(event))}\n\n`, signal)
    }
    raw.end()
  } catch (error) {
    if (!signal.aborted) reply.log.error({ err: error }, 'events ended early')
    raw.destroy()
  } finally {
    clearInterval(heartbeat)
  }
}
