/** `mapping preview`: what a mapping makes of real rows, before it is applied. */
import type { Command } from 'commander'
import type { MappingPreviewResult } from '../../operations/people/preview.js'
import { wholeNumber } from '../arguments.js'
import { addCommand } from '../command.js'
import { formatCount, shorten, table } from '../format.js'
import { untilInterrupted } from '../interrupt.js'
import { sayingProblems, valueWords } from '../people.js'

export function addMappingCommands(program: Command): void {
  const group = program.command('mapping').summary('see how rows become people and events')

  addCommand(
    group,
    {
      name: 'preview <name-or-file>',
      summary: 'what a mapping makes of real rows',
      details:
        'Reads the draft in the workspace’s folder, and a bounded sample of the stream. Nothing is written.\nCounts are over the sample, at most 100,000 rows.',
      examples: ['mapping preview orders --rows 5', 'mapping preview ./drafts/orders.yaml --json'],
    },
    async (invocation, [nameOrFile], options: { readonly rows: number }) => {
      const { previewMappingDraft } = await import('../../operations/people/preview.js')
      const context = await invocation.context()
      const preview = await sayingProblems(invocation, () =>
        untilInterrupted('stopped previewing', (signal) =>
          previewMappingDraft(context, nameOrFile!, { rows: options.rows, signal }),
        ),
      )
      invocation.output.result(preview, () => previewWords(preview))
    },
  ).option('--rows <n>', 'rows to show', wholeNumber('--rows'), 20)
}

function previewWords({ mapping, stream, rows, counts }: MappingPreviewResult): string {
  const shown = table(
    ['row', 'identifiers', 'events', 'traits'].map((title) => ({ title })),
    rows.map((row) => [
      shorten(JSON.stringify(row.columns), 60),
      row.identifiers
        .filter(({ status }) => status !== 'empty')
        .map(({ type, raw, value, status }) =>
          status === 'used' ? `${type} ${shorten(value, 60)}` : `${type} ${shorten(raw, 60)} (${status})`,
        )
        .join(', '),
      row.events.map(({ name, at }) => `${name} at ${at}`).join(', '),
      row.traits.map(({ name, value }) => `${name} ${shorten(valueWords(value), 30)}`).join(', '),
    ]),
  )
  const events = Object.entries(counts.events).map(([name, count]) => `${name} ${formatCount(count)}`)
  const blocked = Object.entries(counts.blocked).filter(([, count]) => count > 0)
  return [
    shown,
    '',
    `${mapping} of ${stream}: ${formatCount(counts.rows)} rows${counts.isWhole ? '' : ' (a sample)'}, ${formatCount(counts.withoutIdentifier)} without an identifier, ${formatCount(counts.repeated)} of a key that is there again`,
    ...(events.length > 0 ? [`events: ${events.join(', ')}`] : []),
    ...(blocked.length > 0
      ? [`identify nobody: ${blocked.map(([type, count]) => `${formatCount(count)} ${type}`).join(', ')}`]
      : []),
  ].join('\n')
}
