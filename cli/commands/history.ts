/** `backfill`, `reset`: reading again what a source had, without disturbing what people see. */
import type { Command } from 'commander'
import type { StartedRun } from '../../operations/sync.js'
import { addCommand, collect, type Invocation } from '../command.js'
import { ExitCode } from '../errors.js'
import { formatCount, formatSeconds } from '../format.js'
import { untilInterrupted } from '../interrupt.js'
import { LiveProgress } from '../progress.js'

interface BackfillOptions {
  readonly from: string
  readonly to: string
  readonly step?: string
  readonly stream?: readonly string[]
  readonly name?: string
  readonly wait?: boolean
}

export function addHistoryCommands(program: Command): void {
  addCommand(
    program,
    {
      name: 'backfill <source>',
      summary: 'read a stretch of the past, window by window',
      details:
        'The live cursor does not move, and syncs go on. Bounds are cursor values: times, or whole numbers. Started\nagain under its name it goes on where it was; one that is done reads nothing.',
      examples: [
        'backfill shop --from 2026-01-01 --to 2026-02-01 --step 1d --wait',
        'backfill shop --stream public.orders --from 1 --to 1000000 --step 100000',
      ],
    },
    async (invocation, [source], options: BackfillOptions) => {
      const { startBackfill } = await import('../../operations/backfill.js')
      const { from, to, step, stream, name } = options
      const run = await startBackfill(await invocation.context(), source!, {
        from,
        to,
        ...(step !== undefined && { step }),
        ...(stream && { streams: stream }),
        ...(name !== undefined && { name }),
      })
      return finish(invocation, run, options.wait === true)
    },
  )
    .requiredOption('--from <cursor>', 'where the stretch begins, inclusive')
    .requiredOption('--to <cursor>', 'where it ends, exclusive')
    .option(
      '--step <length>',
      'length of a window: a duration, or a whole number (default: 1d, or one window)',
    )
    .option('--stream <name>', 'only this stream; may be repeated', collect)
    .option('--name <name>', 'name of the backfill (default: made from the bounds)')
    .option('--wait', 'follow it to its end')

  addCommand(
    program,
    {
      name: 'reset <source>',
      summary: 'read a stream anew, and switch when it is complete',
      details: 'People see the old rows until then; a reset that fails changes nothing.',
      examples: ['reset shop --stream public.orders --wait'],
    },
    async (invocation, [source], options: { readonly stream: string; readonly wait?: boolean }) => {
      const { resetProgressId, startReset } = await import('../../operations/reset.js')
      const run = await startReset(await invocation.context(), source!, options.stream)
      return finish(invocation, run, options.wait === true, resetProgressId(source!, options.stream))
    },
  )
    .requiredOption('--stream <name>', 'the stream')
    .option('--wait', 'follow it to its end')
}

async function finish(
  invocation: Invocation,
  run: StartedRun,
  wait: boolean,
  shownBy?: string,
): Promise<number> {
  const { output } = invocation
  if (!run.started) output.note(`${run.workflowId} is running already`)
  if (!wait) {
    output.result(run, () => (run.started ? `started ${run.workflowId}` : ''))
    return ExitCode.ok
  }
  const { followTask } = await import('../../operations/follow-task.js')
  const context = await invocation.context()
  const live = new LiveProgress(output)
  try {
    const words = `stopped waiting: ${run.workflowId} goes on; end it with tributary cancel ${run.source}`
    const report = await untilInterrupted(words, (signal) =>
      followTask(context, run, {
        signal,
        onProgress: (line) => live.say(line),
        ...(shownBy !== undefined && { shownBy }),
      }),
    )
    live.clear()
    output.result({ ...report, workflowId: run.workflowId, runId: run.runId }, () => {
      const { rows, seconds } = report
      const note = 'note' in report ? `; ${report.note}` : ''
      return `${output.paint('green', '✓')} ${run.workflowId}: ${formatCount(rows)} rows in ${formatSeconds(seconds)}${note}`
    })
    return ExitCode.ok
  } finally {
    live.clear()
  }
}
