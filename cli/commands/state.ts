/** `state show|diff|rollback`: where the streams of a source stand. */
import type { Command } from 'commander'
import type { StateDiff } from '../../operations/state.js'
import { wholeNumber } from '../arguments.js'
import { addCommand } from '../command.js'
import { formatCount, formatTime, shorten, table } from '../format.js'

export function addStateCommands(program: Command): void {
  const group = program.command('state').summary('look at and step back the position of streams')

  addCommand(
    group,
    { name: 'show <source>', summary: 'the position of each stream', examples: ['state show shop'] },
    async (invocation, [source]) => {
      const { state } = await import('../../operations/state.js')
      const rows = await state(await invocation.context(), source!)
      invocation.output.result(rows, () => stateTable(rows))
    },
  )

  addCommand(
    group,
    {
      name: 'diff <source>',
      summary: 'what changed between two steps of each stream',
      examples: ['state diff shop', 'state diff shop --stream public.orders --from 3 --to 7'],
    },
    async (
      invocation,
      [source],
      options: { readonly stream?: string; readonly from?: number; readonly to?: number },
    ) => {
      const { stateDiff } = await import('../../operations/state.js')
      const { stream, from, to } = options
      const diffs = await stateDiff(await invocation.context(), source!, {
        ...(stream !== undefined && { stream }),
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
      })
      invocation.output.result(diffs, () => diffs.map(diffWords).join('\n\n') || 'no steps')
    },
  )
    .option('--stream <name>', 'only this stream')
    .option('--from <sequence>', 'the earlier step (default: the one before)', wholeNumber('--from'))
    .option('--to <sequence>', 'the later step (default: the newest)', wholeNumber('--to'))

  addCommand(
    group,
    {
      name: 'rollback <source>',
      summary: 'take a stream back to an earlier step',
      details: 'Rows that came after the step disappear from its table; the next sync reads them again.',
      examples: ['state rollback shop --stream public.orders --to 3'],
    },
    async (invocation, [source], options: { readonly stream: string; readonly to: number }) => {
      const { rollbackState } = await import('../../operations/state.js')
      const result = await rollbackState(await invocation.context(), source!, options.stream, options.to)
      invocation.output.result(
        result,
        () =>
          `${source}.${result.stream} is at step ${result.sequence}${result.cursor ? `, cursor ${result.cursor}` : ''}`,
      )
    },
  )
    .requiredOption('--stream <name>', 'the stream')
    .requiredOption('--to <sequence>', 'the step to go back to (tributary state diff)', wholeNumber('--to'))
}

function stateTable(
  rows: readonly {
    readonly stream: string
    readonly generation: number
    readonly sequence: number
    readonly cursor: string
    readonly rows: number
    readonly committedAt: string
  }[],
): string {
  if (rows.length === 0) return 'nothing was loaded yet'
  const right = (title: string) => ({ title, align: 'right' as const })
  return table(
    [
      { title: 'stream' },
      right('generation'),
      right('step'),
      right('rows'),
      { title: 'committed' },
      { title: 'cursor' },
    ],
    rows.map((row) => [
      row.stream,
      String(row.generation),
      String(row.sequence),
      formatCount(row.rows),
      formatTime(row.committedAt),
      row.cursor,
    ]),
  )
}

function diffWords({ stream, from, to, rows, loads, changes }: StateDiff): string {
  const point = (step: StateDiff['from']) =>
    step ? `step ${step.sequence} (${formatTime(step.at)})` : 'nothing'
  const value = (part: unknown) => (part === undefined ? '—' : shorten(JSON.stringify(part)))
  const generation =
    from && from.generation !== to.generation ? [`  generation: ${from.generation} → ${to.generation}`] : []
  return [
    `${stream}: ${point(from)} → ${point(to)}, ${formatCount(rows)} rows in ${loads} loads`,
    ...generation,
    ...(from?.cursor === to.cursor ? [] : [`  cursor: ${from?.cursor || '—'} → ${to.cursor || '—'}`]),
    ...changes.map(({ key, before, after }) => `  ${key}: ${value(before)} → ${value(after)}`),
  ].join('\n')
}
