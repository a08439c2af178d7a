/** `demo`: the main job on a real data set, from nothing to checked counts. */
import { join } from 'node:path'
import type { Command } from 'commander'
import { wholeNumber } from '../arguments.js'
import { addCommand, type Invocation } from '../command.js'
import { ExitCode } from '../errors.js'

export function addDemoCommand(program: Command): void {
  addCommand(
    program,
    {
      name: 'demo',
      summary: 'run the main job on real retail data, with faults and killed workers',
      details:
        'Takes a minute or two. Everything it needs starts on free ports, with its files in .tributary/demo: Temporal, ClickHouse, a worker, a PostgreSQL database and an API with real faults; servers that the environment names are left alone. Stays up until Ctrl-C, and takes everything away again. Exits with 1 unless every check holds.',
      examples: ['demo', 'demo --once --json'],
    },
    (invocation, _args, options: DemoOptions) => demo(invocation, options),
  )
    .option('--once', 'stop when the checks are done')
    .option('--full', 'all of the data set: 1.47 million transactions (needs Python 3 with pip)')
    .option('--seed <n>', 'chooses the faults of the API and the rows that change', wholeNumber('--seed'), 1)
}

interface DemoOptions {
  readonly once?: boolean
  readonly full?: boolean
  readonly seed: number
}

async function demo({ workspaceDir, output }: Invocation, options: DemoOptions): Promise<number> {
  const { runDemo } = await import('../demo/run.js')
  const base = join(workspaceDir, '.tributary')
  const result = await runDemo(
    { base, full: options.full === true, once: options.once === true, seed: options.seed },
    output,
  )
  return result.ok ? ExitCode.ok : ExitCode.failed
}
