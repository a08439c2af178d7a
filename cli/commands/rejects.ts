/** `rejects list` and `rejects replay`: what could not be loaded, and trying it again. */
import type { Command } from 'commander'
import { wholeNumber } from '../arguments.js'
import { addCommand } from '../command.js'
import { formatTime, shorten, table } from '../format.js'

export function addRejectCommands(program: Command): void {
  const group = program.command('rejects').summary('look at what could not be loaded, and read it again')

  addCommand(
    group,
    {
      name: 'list <source>',
      summary: 'rejected rows, the newest first',
      details: 'With --json, `raw` is the whole input as it was.',
      examples: ['rejects list shop --stream orders', 'rejects list shop --limit 1000 --json'],
    },
    async (invocation, [source], options: { readonly stream?: string; readonly limit: number }) => {
      const { rejects } = await import('../../operations/rejects.js')
      const rows = await rejects(await invocation.context(), source!, options)
      invocation.output.result(rows, () =>
        rows.length === 0
          ? 'no rejects'
          : table(
              ['at', 'stream', 'reason', 'field', 'location', 'raw'].map((title) => ({ title })),
              rows.map((row) => [
                formatTime(row.at),
                row.stream,
                row.replayed ? `${row.reason} (replayed)` : row.reason,
                row.field,
                row.location,
                shorten(row.raw),
              ]),
            ),
      )
    },
  )
    .option('--stream <name>', 'only this stream')
    .option('--limit <n>', 'rows at most', wholeNumber('--limit'), 20)

  addCommand(
    group,
    {
      name: 'replay <source>',
      summary: 'try the rejects of a stream again, under its present settings',
      details: 'Correct the settings first and apply them. Rows that still do not fit become new rejects.',
      examples: ['rejects replay shop --stream orders'],
    },
    async (invocation, [source], { stream }: { readonly stream: string }) => {
      const { replayRejects } = await import('../../operations/rejects.js')
      const report = await replayRejects(await invocation.context(), source!, stream)
      invocation.output.result(
        report,
        () =>
          `${report.stream}: ${report.loaded} rows loaded, ${report.rejectedAgain} rejected again, ${report.skipped} left as they are`,
      )
    },
  ).requiredOption('--stream <name>', 'the stream')
}
