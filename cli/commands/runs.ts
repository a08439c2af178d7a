/** `runs`: what ran and what runs. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { RecordedRun, RunningRun } from '../../operations/runs.js'
import { wholeNumber } from '../arguments.js'
import { addCommand, type Invocation } from '../command.js'
import { formatBytes, formatCount, formatSeconds, formatTime, table } from '../format.js'
import { untilInterrupted } from '../interrupt.js'
import type { Paint } from '../output.js'
import { statusWord } from '../progress.js'

const FOLLOW_MS = 1_000

interface Options {
  readonly source?: string
  readonly limit: number
  readonly follow?: boolean
}

export function addRunsCommand(program: Command): void {
  addCommand(
    program,
    {
      name: 'runs',
      summary: 'list runs, the newest first',
      details: 'With --follow: the next runs as they end, one a line, until Ctrl-C.',
      examples: ['runs --source shop', 'runs --follow --json'],
    },
    async (invocation, _args, options: Options) => {
      if (options.follow) await follow(invocation, options)
      else await list(invocation, options)
    },
  )
    .option('--source <name>', 'only runs of this source')
    .option('--limit <n>', 'finished runs at most', wholeNumber('--limit'), 20)
    .option('--follow', 'go on with each run that ends')
}

async function list(invocation: Invocation, { source, limit }: Options): Promise<void> {
  const { output } = invocation
  const { finishedRuns, runningRuns } = await import('../../operations/runs.js')
  const context = await invocation.context()
  const [finished, running] = await Promise.all([
    finishedRuns(context, { ...only(source), limit }),
    runningRuns(context, source),
  ])
  const known = new Set(finished.map(({ runId }) => runId))
  const all = [...running.filter(({ runId }) => !known.has(runId)), ...finished]
  output.result(all, () => runsTable(all, output.paint))
}

async function follow(invocation: Invocation, { source, limit }: Options): Promise<void> {
  const { output } = invocation
  const { finishedRuns } = await import('../../operations/runs.js')
  const context = await invocation.context()
  const seen = new Set<string>()
  await untilInterrupted('stopped following', async (signal) => {
    for (let first = true; !signal.aborted; first = false) {
      const finished = await finishedRuns(context, { ...only(source), limit: Math.max(limit, 1) })
      for (const run of [...finished].reverse()) {
        if (!seen.has(run.runId) && !first) output.result(run, () => runLine(run, output.paint).join('  '))
        seen.add(run.runId)
      }
      await sleep(FOLLOW_MS, undefined, { signal }).catch(() => undefined)
    }
  })
}

function only(source: string | undefined): { readonly source?: string } {
  return source === undefined ? {} : { source }
}

function runsTable(runs: readonly (RecordedRun | RunningRun)[], paint: Paint): string {
  if (runs.length === 0) return 'nothing has run yet'
  const right = (title: string) => ({ title, align: 'right' as const })
  return table(
    [
      { title: 'started' },
      { title: 'source' },
      { title: 'outcome' },
      { title: 'started by' },
      right('rows'),
      right('bytes'),
      right('rejects'),
      right('time'),
      { title: 'workflow' },
    ],
    runs.map((run) => runLine(run, paint)),
  )
}

function runLine(run: RecordedRun | RunningRun, paint: Paint): string[] {
  return [
    formatTime(run.startedAt),
    run.source,
    statusWord(run.outcome, paint),
    run.reason ?? '',
    formatCount(run.rows),
    formatBytes(run.bytes),
    formatCount(run.rejects),
    formatSeconds(run.seconds),
    run.workflowId,
  ]
}
