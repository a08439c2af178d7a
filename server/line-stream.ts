/** Files of lines, each a JSON document (NDJSON) or a row of a table (CSV), however many there are: written as they are read. */
import type { FastifyReply } from 'fastify'
import { CSV_BEGIN, csvLine } from './csv.js'
import { writeDrained } from './drained.js'
import type { LineTable } from './route.js'

export interface SendLinesOptions {
  readonly file: string
  /** What the reader may see of a line. */
  readonly show: (line: unknown) => unknown
  /** Absent: NDJSON. */
  readonly table: LineTable<unknown> | undefined
  /** Called when there is something to send, before anything is sent. */
  readonly onBegin: () => Promise<void>
}

/**
 * Resolves when the last line is written, or nobody reads any more. What fails on the way breaks the connection off, so that
 * nobody takes a part for the whole.
 */
export async function sendLines(
  reply: FastifyReply,
  signal: AbortSignal,
  lines: AsyncIterable<unknown>,
  { file, show, table, onBegin }: SendLinesOptions,
): Promise<void> {
  const iterator = lines[Symbol.asyncIterator]()
  // What is not there is said before anything is sent.
  let next = await iterator.next()
  await onBegin()
  reply.hijack()
  const { raw } = reply
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) raw.setHeader(name, value)
  raw.writeHead(200, {
    'content-type': `${table ? 'text/csv' : 'application/x-ndjson'}; charset=utf-8`,
    'content-disposition': `attachment; filename="${file.replace(/[^\w.-]/g, '_')}"`,
    'cache-control': 'no-store',
    connection: 'close',
  })
  const written = (line: unknown) => (table ? csvLine(table.cells(line)) : `${JSON.stringify(line)}\n`)
  try {
    if (table) raw.write(`${CSV_BEGIN}${csvLine(table.columns)}`)
    for (; !next.done; next = await iterator.next()) {
      signal.throwIfAborted()
      await writeDrained(raw, written(show(next.value)), signal)
    }
    raw.end()
  } catch (error) {
    if (!signal.aborted) reply.log.error({ err: error }, 'lines ended early')
    raw.destroy()
  } finally {
    await iterator.return?.()
  }
}
