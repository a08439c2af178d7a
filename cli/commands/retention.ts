/** `retention show|apply`: how long data is kept, and removing what is older. */
import type { Command } from 'commander'
import type { RetentionPreview, RetentionView } from '../../operations/retention.js'
import { addCommand, type Invocation } from '../command.js'
import { ExitCode } from '../errors.js'
import { formatBytes, formatCount, formatSeconds, formatTime, shorten, table } from '../format.js'
import { untilInterrupted } from '../interrupt.js'
import { statusWord } from '../progress.js'

type Kinds = RetentionPreview['kinds']

const WORDS: Readonly<Record<Kinds[number]['kind'], string>> = {
  raw: 'rows of sources',
  rejects: 'rejected rows',
  audit: 'log of changes',
}

export function addRetentionCommands(program: Command): void {
  const group = program.command('retention').summary('how long data is kept, and removing what is older')

  addCommand(
    group,
    {
      name: 'show',
      summary: 'how long data is kept, and what was removed last',
      details: 'As published from `retention` in tributary.yaml.',
      examples: ['retention show'],
    },
    async (invocation) => {
      const { showRetention } = await import('../../operations/retention.js')
      const view = await showRetention(await invocation.context())
      invocation.output.result(view, () => viewWords(view))
    },
  )

  addCommand(
    group,
    {
      name: 'apply',
      summary: 'remove what is older than it is kept, at once',
      details:
        'It is done once a day by itself. --dry-run counts what would go and touches nothing. With --wait it exits with 1 unless\neverything was removed; Ctrl-C ends the wait, not the removal.',
      examples: ['retention apply --dry-run', 'retention apply --wait --json'],
    },
    (invocation, _args, options: ApplyOptions) =>
      options.dryRun ? preview(invocation) : apply(invocation, options),
  )
    .option('--dry-run', 'count what would go, by stream, and remove nothing')
    .option('--wait', 'follow it, and print what went')
}

interface ApplyOptions {
  readonly dryRun?: boolean
  readonly wait?: boolean
}

async function preview(invocation: Invocation): Promise<number> {
  const { previewRetention } = await import('../../operations/retention.js')
  const found = await previewRetention(await invocation.context())
  invocation.output.result(found, () =>
    [
      kindsTable(found.kinds, 'would go'),
      ...streamLines(found.kinds, invocation.output.paint),
      '',
      'nothing was removed',
    ].join('\n'),
  )
  return ExitCode.ok
}

async function apply(invocation: Invocation, { wait = false }: ApplyOptions): Promise<number> {
  const { output } = invocation
  const { applyRetention } = await import('../../operations/retention.js')
  const started = await applyRetention(await invocation.context())
  const { workflowId, runId } = started
  if (!wait) {
    output.result({ workflowId, runId }, () => `started ${workflowId}`)
    return ExitCode.ok
  }
  const report = await untilInterrupted(`stopped waiting: ${workflowId} goes on`, (signal) =>
    started.result({ signal }),
  )
  output.result(report, () =>
    [
      `${statusWord(report.outcome, output.paint)} in ${formatSeconds(report.seconds)}`,
      '',
      kindsTable(report.kinds, 'removed'),
      ...streamLines(report.kinds, output.paint),
      ...(report.error ? ['', output.paint('red', `${report.error.type}: ${report.error.message}`)] : []),
    ].join('\n'),
  )
  return report.outcome === 'succeeded' ? ExitCode.ok : ExitCode.failed
}

const right = (title: string) => ({ title, align: 'right' as const })

function kindsTable(kinds: Kinds, verb: string): string {
  return table(
    [{ title: 'kept' }, { title: 'for' }, { title: 'before' }, right(verb), right('on disk')],
    kinds.map(({ kind, length, before, rows, bytes }) => [
      WORDS[kind],
      length,
      formatTime(before),
      formatCount(rows),
      `~${formatBytes(bytes)}`,
    ]),
  )
}

function streamLines(kinds: Kinds, paint: Invocation['output']['paint']): string[] {
  const streams = kinds.flatMap((kind) => kind.streams)
  if (streams.length === 0) return []
  const more = kinds.reduce((sum, { streamsInAll }) => sum + streamsInAll, 0) - streams.length
  return [
    '',
    table(
      [{ title: 'stream' }, right('rows'), right('on disk'), { title: '' }],
      streams.map(({ name, rows, bytes, error }) => [
        name,
        formatCount(rows),
        `~${formatBytes(bytes)}`,
        error === undefined ? '' : paint('red', shorten(error, 120)),
      ]),
    ),
    ...(more > 0 ? [`… and ${more} more streams`] : []),
  ]
}

function viewWords({ inForce, last, nextRun }: RetentionView): string {
  if (inForce === null) return 'nothing is published yet'
  const lengths = (Object.keys(WORDS) as (keyof typeof WORDS)[]).map((kind) => [
    WORDS[kind],
    inForce[kind] ?? 'for ever',
  ])
  return [
    table([{ title: 'kept' }, { title: 'for' }], lengths),
    '',
    last === null
      ? 'nothing was removed yet'
      : `last removal ${formatTime(last.now)}: ${last.outcome}, ${formatCount(last.rows)} rows, ~${formatBytes(last.bytes)}`,
    ...(nextRun === null ? [] : [`next ${formatTime(nextRun)}`]),
  ].join('\n')
}
