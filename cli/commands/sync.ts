/** `sync`: starts a run and, when asked, follows it to its report. */
import type { Command } from 'commander'
import { addCommand, collect, type Invocation } from '../command.js'
import { ExitCode } from '../errors.js'
import { untilInterrupted } from '../interrupt.js'
import { LiveProgress } from '../progress.js'
import { reportWords } from '../report.js'

export function addSyncCommand(program: Command): void {
  addCommand(
    program,
    {
      name: 'sync <source>',
      summary: 'load what is new of a source',
      details:
        'Starts a run through the schedule of the source, so that only one goes on at a time. With --wait it exits with 1\nunless every stream succeeded; Ctrl-C ends the wait, not the run.',
      examples: ['sync shop --wait', 'sync shop --stream public.orders --wait --json'],
    },
    (invocation, [source], options: SyncOptions) => sync(invocation, source!, options),
  )
    .option('--stream <name>', 'only this stream; may be repeated, may hold * and ?', collect)
    .option('--wait', 'follow the run, and print its report')
}

interface SyncOptions {
  readonly stream?: readonly string[]
  readonly wait?: boolean
}

async function sync(invocation: Invocation, source: string, options: SyncOptions): Promise<number> {
  const { output } = invocation
  const context = await invocation.context()
  const { startSync } = await import('../../operations/sync.js')
  const run = await startSync(context, source, options.stream)
  if (!run.started) output.note(`${source} is being synced already: ${run.workflowId}`)
  if (!options.wait) {
    output.result(run, () => (run.started ? `started ${run.workflowId}` : ''))
    return ExitCode.ok
  }
  const { followRun } = await import('../../operations/follow.js')
  const live = new LiveProgress(output)
  try {
    const report = await untilInterrupted(
      `stopped waiting: ${run.workflowId} goes on; see tributary runs --source ${source}, end it with tributary cancel ${source}`,
      (signal) =>
        followRun(context, run, {
          signal,
          onProgress: (progress) => live.show(progress),
          onNobody: () =>
            output.note(
              `${source}: no worker takes work now; start one with tributary up or tributary worker, the run then goes on`,
            ),
        }),
    )
    live.clear()
    output.result(report, () => reportWords(report, output.paint))
    return report.outcome === 'succeeded' ? ExitCode.ok : ExitCode.failed
  } finally {
    live.clear()
  }
}
