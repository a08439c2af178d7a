/** A workspace of a thousand scheduled sources: publishing it, and publishing it again without a change. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { apply } from '../../operations/apply.js'
import type { Benchmark } from '../benchmark.js'
import { inTurn } from '../measure/in-turn.js'
import { highestPeaks, measure } from '../measure/processes.js'
import { median, rounded } from '../measure/statistics.js'
import { withParts } from '../support/parts.js'
import { startBenchStack } from '../support/stack.js'

const SOURCES = 1000

export const apply1000: Benchmark = {
  name: 'apply-1000',
  claim:
    'applying 1,000 new sources with schedules takes less than 60 s, and applying them again without a change less than 5 s (the reference)',
  run(options) {
    return withParts(async ({ folder, start }) => {
      const count = options.rows ?? SOURCES
      const stack = await start(startBenchStack())
      const sources = Object.fromEntries(
        Array.from({ length: count }, (_, n) => [`sources/source_${n}.yaml`, sourceFile(folder, n)]),
      )
      const timedApply = async (name: string, changed: boolean) => {
        const { result, usage } = await measure(stack.processes, () =>
          apply(stack.context, { author: 'bench' }),
        )
        if (result.changed !== changed) throw new Error(`applying: changed is ${result.changed}`)
        options.log(`${name}: ${usage.seconds} s, CPU ${JSON.stringify(usage.cpuSeconds)}`)
        return usage
      }
      await stack.write({
        'tributary.yaml': 'workspace: bench\n',
        'sources/first.yaml': sourceFile(folder, 0),
      })
      await apply(stack.context, { author: 'bench' })
      const turns = await inTurn(
        options.runs,
        async () => {
          await stack.write(sources)
          return timedApply('first', true)
        },
        async () => {
          const again = await timedApply('again', false)
          // The next turn creates them anew.
          for (const path of Object.keys(sources)) await rm(join(stack.workspaceDir, path))
          await apply(stack.context, { author: 'bench' })
          return again
        },
      )
      const first = median(turns.map(({ subject }) => subject.seconds))
      const again = median(turns.map(({ reference }) => reference.seconds))
      return {
        value: rounded(first),
        unit: 's',
        reference: 'the same content applied again',
        against: rounded(again),
        ratio: rounded(first / again),
        peakRssMb: highestPeaks(turns.map(({ subject }) => subject)),
        runs: turns.map(({ machine, subject, reference }) => ({ machine, first: subject, again: reference })),
      }
    })
  },
}

function sourceFile(folder: string, n: number): string {
  return `connector: source-files
config: { location: { folder: ${JSON.stringify(folder)} } }
schedule: { every: 24h, offset: ${1 + (n % 1400)}m }
streams: [{ name: "*", sync_mode: full_refresh, destination_sync_mode: overwrite }]
`
}
