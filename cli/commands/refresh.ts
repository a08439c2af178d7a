/** `refresh`: people, traits and segments brought up to what is loaded. */
import type { Command } from 'commander'
import type { RefreshResult } from '../../operations/refresh.js'
import { addCommand, type Invocation } from '../command.js'
import { ExitCode } from '../errors.js'
import { formatCount, formatSeconds, shorten, table } from '../format.js'
import { untilInterrupted } from '../interrupt.js'
import { statusWord } from '../progress.js'

export function addRefreshCommand(program: Command): void {
  addCommand(
    program,
    {
      name: 'refresh',
      summary: 'bring profiles and segments up to what is loaded',
      details:
        'Syncs ask for a refresh by themselves, and so does the schedule in tributary.yaml. With --wait it exits with 1 unless\neverything was refreshed; Ctrl-C ends the wait, not the refresh.',
      examples: ['refresh --wait', 'refresh --full --wait --json'],
    },
    (invocation, _args, options: RefreshOptions) => refresh(invocation, options),
  )
    .option('--wait', 'follow it, and print what changed')
    .option('--full', 'look at everybody, not only at people of whom something is new')
}

interface RefreshOptions {
  readonly wait?: boolean
  readonly full?: boolean
}

async function refresh(
  invocation: Invocation,
  { wait = false, full = false }: RefreshOptions,
): Promise<number> {
  const { output } = invocation
  const { startRefresh } = await import('../../operations/refresh.js')
  const started = await startRefresh(await invocation.context(), { full })
  const { workflowId, runId } = started
  if (!wait) {
    output.result({ workflowId, runId }, () => `started ${workflowId}`)
    return ExitCode.ok
  }
  let told = ''
  const result = await untilInterrupted(`stopped waiting: ${workflowId} goes on`, (signal) =>
    started.result({
      signal,
      onProgress: ({ steps }) => {
        const running = steps.find(({ status }) => status === 'running')?.name ?? ''
        if (running !== '' && running !== told && !output.json) output.note(`${running} …`)
        told = running || told
      },
    }),
  )
  output.result(result, () => refreshWords(result, output.paint))
  return result.outcome === 'succeeded' ? ExitCode.ok : ExitCode.failed
}

function refreshWords(result: RefreshResult, paint: Invocation['output']['paint']): string {
  const right = (title: string) => ({ title, align: 'right' as const })
  const segments = table(
    [{ title: 'segment' }, right('size'), right('entered'), right('left'), { title: '' }],
    result.segments.map(({ name, size, entered, left, error }) => [
      name,
      ...[size, entered, left].map(formatCount),
      error === undefined ? '' : paint('red', `keeps its last members: ${shorten(error, 120)}`),
    ]),
  )
  const failed = result.steps.filter(({ status }) => status === 'failed')
  return [
    `${statusWord(result.outcome, paint)} in ${formatSeconds(result.seconds)}: ${formatCount(result.profiles)} profiles of ${formatCount(result.identifiers)} identifiers, ${formatCount(result.merged)} merged, ${formatCount(result.split)} split`,
    ...(result.segments.length > 0 ? ['', segments] : []),
    ...failed.map(({ name, error }) => paint('red', `${name}: ${error?.type}: ${error?.message}`)),
    ...(result.error && failed.length === 0
      ? [paint('red', `${result.error.type}: ${result.error.message}`)]
      : []),
  ].join('\n')
}
