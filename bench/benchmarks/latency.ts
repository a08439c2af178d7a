/** How long people wait for small things: a sync that finds nothing new, a check, the first row of a large sync. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { apply } from '../../operations/apply.js'
import { workspaceConfig } from '../../operations/connector-session.js'
import { checkConnector } from '../../operations/connectors.js'
import { triggerSync } from '../../operations/schedules.js'
import { selectRow } from '../../warehouse/query.js'
import type { Benchmark, BenchmarkOptions, Figures } from '../benchmark.js'
import { inTurn } from '../measure/in-turn.js'
import { highestPeaks, measure, totalCpu } from '../measure/processes.js'
import { median, percentile, rounded } from '../measure/statistics.js'
import { PASSWORD, type ShopStream, shopWorkspace, startEventsDatabase } from '../support/events-table.js'
import { startNoopWorker } from '../support/noop-worker.js'
import { withParts } from '../support/parts.js'
import { type BenchStack, startBenchStack } from '../support/stack.js'
import { timedSync } from '../support/sync.js'

const STREAM = 'public.events'
const MIN_RUNS = 10

const incremental: ShopStream = {
  name: STREAM,
  sync: 'incremental',
  destination: 'append_dedup',
  cursor: 'updated_at',
}
const fullRefresh: ShopStream = { name: STREAM, sync: 'full_refresh', destination: 'overwrite' }

export const syncNothingNew = latencyBenchmark(
  'sync-nothing-new',
  'an incremental sync of one PostgreSQL table in which nothing changed ends within 1 s of its trigger',
  {
    rows: 10_000,
    stream: incremental,
    once: async (stack) => (await timedSync(stack, 'shop', STREAM)).seconds,
  },
)

export const check = latencyBenchmark(
  'check',
  'the worker says within 1 s of being asked whether a PostgreSQL source can be read',
  {
    rows: 1000,
    stream: incremental,
    async once(stack) {
      const startedAt = performance.now()
      const { ok, message } = await checkConnector(
        stack.context,
        await workspaceConfig(stack.context, 'shop'),
      )
      if (!ok) throw new Error(`checking shop: ${message}`)
      return (performance.now() - startedAt) / 1000
    },
  },
)

export const firstRow = latencyBenchmark(
  'first-row',
  'the first rows of a full refresh of 300,000 rows stand in ClickHouse within 2 s of the trigger',
  { rows: 300_000, stream: fullRefresh, once: secondsToFirstRow },
)

interface Latency {
  readonly rows: number
  readonly stream: ShopStream
  /** Seconds that it took. */
  readonly once: (stack: BenchStack) => Promise<number>
}

function latencyBenchmark(name: string, claim: string, latency: Latency): Benchmark {
  return {
    name,
    claim: `${claim} (p50; the median of 10 runs or more)`,
    run: (options) => run(latency, options),
  }
}

function run({ rows, stream, once }: Latency, options: BenchmarkOptions): Promise<Figures> {
  return withParts(async ({ folder, start }) => {
    const postgres = await start(startEventsDatabase(join(folder, 'postgres'), options.rows ?? rows))
    const stack = await start(startBenchStack({ TRIBUTARY_SECRET_SHOP_PASSWORD: PASSWORD }))
    const noop = await start(startNoopWorker(stack))
    await stack.write(shopWorkspace(postgres, [stream]))
    await apply(stack.context, { author: 'bench' })
    // Tables, caches and compiled code are there from now on.
    for (let warm = 0; warm < 2; warm++) await timedSync(stack, 'shop', STREAM)
    await once(stack)
    await noop.run()
    const turns = await inTurn(
      Math.max(MIN_RUNS, options.runs),
      () => measure(stack.processes, () => once(stack)),
      () => noop.run(),
    )
    const seconds = turns.map(({ subject }) => subject.result)
    const bare = turns.map(({ reference }) => reference)
    return {
      value: rounded(median(seconds)),
      unit: 's',
      reference: 'a bare workflow of three activities that do nothing, on the same server',
      against: rounded(median(bare)),
      ratio: rounded(median(seconds) / median(bare)),
      peakRssMb: highestPeaks(turns.map(({ subject }) => subject.usage)),
      details: {
        p95: rounded(percentile(seconds, 0.95)),
        referenceP95: rounded(percentile(bare, 0.95)),
        cpuSeconds: rounded(median(turns.map(({ subject }) => totalCpu(subject.usage)))),
      },
      runs: turns.map(({ machine, subject, reference }) => ({
        machine,
        seconds: subject.result,
        cpuSeconds: subject.usage.cpuSeconds,
        othersCpuSeconds: subject.usage.othersCpuSeconds,
        disturbed: subject.usage.disturbed,
        reference,
      })),
    }
  })
}

/** Ends after the whole sync, so that the next one starts from rest. */
async function secondsToFirstRow(stack: BenchStack): Promise<number> {
  const client = await stack.context.temporal()
  const warehouse = await stack.context.warehouse()
  const before = await newestGeneration(stack)
  const startedAt = performance.now()
  const { workflowId, runId } = await triggerSync(stack.context, 'shop')
  let seconds: number | undefined
  while (seconds === undefined) {
    const row = await selectRow<{ generation: number }>(
      warehouse,
      `SELECT max(_generation) AS generation FROM shop.\`${STREAM}__rows\``,
      {},
    )
    if ((row?.generation ?? 0) > before) seconds = (performance.now() - startedAt) / 1000
    else await sleep(10)
  }
  await client.workflow.getHandle(workflowId, runId).result()
  return seconds
}

async function newestGeneration(stack: BenchStack): Promise<number> {
  const row = await selectRow<{ generation: number }>(
    await stack.context.warehouse(),
    'SELECT max(generation) AS generation FROM tributary.loads',
    {},
  )
  return row?.generation ?? 0
}
