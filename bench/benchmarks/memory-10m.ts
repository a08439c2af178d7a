/** Ten times the rows, the same memory: peaks of worker and engine under a large load and under a tenth of it. */
import { join } from 'node:path'
import { apply } from '../../operations/apply.js'
import type { Benchmark } from '../benchmark.js'
import { inTurn } from '../measure/in-turn.js'
import { highestPeaks, measure } from '../measure/processes.js'
import { median, rounded } from '../measure/statistics.js'
import { PASSWORD, shopWorkspace, startDatabase } from '../support/events-table.js'
import { summary } from '../support/figures.js'
import { withParts } from '../support/parts.js'
import { type BenchStack, startBenchStack } from '../support/stack.js'
import { timedSync } from '../support/sync.js'

const ROWS = 10_000_000

export const memory10m: Benchmark = {
  name: 'memory-10m',
  claim:
    'a load of 10,000,000 rows from PostgreSQL needs no more memory than one of 1,000,000: the ratio of the sums of the peaks of worker and ClickHouse is about 1',
  run(options) {
    return withParts(async ({ folder, start }) => {
      const rows = options.rows ?? ROWS
      options.log(`making ${rows} and ${rows / 10} narrow rows in PostgreSQL`)
      const sql = [table('large', rows), table('small', Math.ceil(rows / 10))].join(';')
      const postgres = await start(startDatabase(join(folder, 'postgres'), sql))
      const stack = await start(startBenchStack({ TRIBUTARY_SECRET_SHOP_PASSWORD: PASSWORD }))
      const streams = ['large', 'small'].map((name) => stream(name))
      await stack.write(shopWorkspace(postgres, streams))
      await apply(stack.context, { author: 'bench' })
      const load = async (name: string, count: number) => {
        const run = await measure(stack.processes, () => syncOne(stack, name))
        options.log(`${name}: ${summary(count, { seconds: run.usage.seconds, usage: run.usage })}`)
        return run.usage
      }
      await load('small', rows / 10)
      const turns = await inTurn(
        options.runs,
        async () => load('large', rows),
        async () => load('small', rows / 10),
      )
      const large = highestPeaks(turns.map(({ subject }) => subject))
      const value = median(turns.map(({ subject }) => memoryOf(subject.peakRssMb)))
      const against = median(turns.map(({ reference }) => memoryOf(reference.peakRssMb)))
      return {
        value,
        unit: 'MB',
        reference: 'a load of a tenth of the rows in the same processes',
        against,
        ratio: rounded(value / against),
        peakRssMb: large,
        runs: turns.map(({ machine, subject, reference }) => ({ machine, large: subject, small: reference })),
      }
    })
  },
}

const stream = (name: string) =>
  ({ name: `public.${name}`, sync: 'full_refresh', destination: 'overwrite' }) as const

function table(name: string, rows: number): string {
  return `CREATE TABLE ${name} (id bigint PRIMARY KEY, amount numeric(10,2) NOT NULL, note text NOT NULL);
    INSERT INTO ${name} SELECT n, n % 100000 / 100.0, 'note ' || n FROM generate_series(1::bigint, ${rows}) n`
}

async function syncOne(stack: BenchStack, name: string) {
  return timedSync(stack, 'shop', `public.${name}`, [`public.${name}`])
}

function memoryOf(peaks: Readonly<Record<string, number>>): number {
  return (peaks.worker ?? 0) + (peaks.clickhouse ?? 0)
}
