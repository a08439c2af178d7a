/** `query`: SQL to ClickHouse, its answer to stdout as it comes. */
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { addCommand } from '../command.js'
import { untilInterrupted } from '../interrupt.js'

export function addQueryCommand(program: Command): void {
  addCommand(
    program,
    {
      name: 'query <sql>',
      summary: 'ask ClickHouse',
      details: "The answer is streamed in ClickHouse's own format; on a terminal as a table.",
      examples: [
        'query "SELECT count() FROM shop.orders"',
        'query "SELECT * FROM shop.orders" --format CSVWithNames',
      ],
    },
    async (invocation, [sql], options: { readonly format?: string }) => {
      const { output } = invocation
      const { query } = await import('../../operations/query.js')
      const context = await invocation.context()
      const table = output.isTerminal && !output.json
      const format = options.format ?? (table ? 'PrettyCompactMonoBlock' : 'JSONEachRow')
      await untilInterrupted('stopped reading the answer', async (signal) => {
        const answer = await query(context, sql!, { format, signal })
        await pipeline(answer, process.stdout, { end: false, signal })
      })
    },
  ).option('--format <name>', 'any output format of ClickHouse (default: JSONEachRow)')
}
