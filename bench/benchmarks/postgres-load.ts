/** Rows a second from a PostgreSQL table through the whole path into ClickHouse, against the engine's own ceiling. */
import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { to as copyTo } from 'pg-copy-streams'
import type { Postgres } from '../../local/postgres/start.js'
import { apply } from '../../operations/apply.js'
import type { Benchmark, BenchmarkOptions, Figures } from '../benchmark.js'
import { inTurn } from '../measure/in-turn.js'
import { highestPeaks, measure, totalCpu, type Usage } from '../measure/processes.js'
import { median, rounded } from '../measure/statistics.js'
import { type BareEngine, copyTable, insertFile, startBareEngine } from '../support/engine.js'
import { PASSWORD, shopWorkspace, startEventsDatabase, withClient } from '../support/events-table.js'
import { withParts } from '../support/parts.js'
import { type BenchStack, startBenchStack } from '../support/stack.js'
import { type TimedSync, timedSync } from '../support/sync.js'

const ROWS = 1_000_000
const STREAM = 'public.events'
/** What PostgreSQL prints, in the form that ClickHouse reads. */
const SELECT = `SELECT id, customer_id, session, kind, amount, score, active, born,
  created_at at time zone 'UTC' AS created_at, updated_at, properties, note FROM events`
const COLUMNS =
  'id, customer_id, session, kind, amount, score, active, born, created_at, updated_at, properties, note'

export const postgresLoad: Benchmark = {
  name: 'postgres-load',
  claim:
    'a full refresh of 1,000,000 rows of 12 mixed columns (about 290 bytes) from PostgreSQL: at least 250,000 rows/s in the slice on two idle cores or at most 7.5 CPU seconds in all; worker under 200 MB, ClickHouse under 700 MB',
  run(options) {
    return withParts(async ({ folder, start }) => {
      const rows = options.rows ?? ROWS
      options.log(`making ${rows} rows in PostgreSQL`)
      const postgres = await start(startEventsDatabase(join(folder, 'postgres'), rows))
      const stack = await start(startBenchStack({ TRIBUTARY_SECRET_SHOP_PASSWORD: PASSWORD }))
      const engine = await start(startBareEngine())
      return compare({ postgres, stack, engine, file: join(folder, 'events.tsv'), rows }, options)
    })
  },
}

interface Measured {
  readonly postgres: Postgres
  readonly stack: BenchStack
  readonly engine: BareEngine
  readonly file: string
  readonly rows: number
}

async function compare(parts: Measured, { runs, log }: BenchmarkOptions): Promise<Figures> {
  const { postgres, stack, file, rows } = parts
  await stack.write(
    shopWorkspace(postgres, [{ name: STREAM, sync: 'full_refresh', destination: 'overwrite' }]),
  )
  await apply(stack.context, { author: 'bench' })
  await withClient(postgres, (client) =>
    pipeline(client.query(copyTo(`COPY (${SELECT}) TO STDOUT`)), createWriteStream(file)),
  )
  log(`${Math.round((await stat(file)).size / rows)} bytes a row; first sync makes the tables`)
  await timedSync(stack, 'shop', STREAM)
  const turns = await inTurn(
    runs,
    async () => {
      const run = await measureSync(parts)
      log(`sync: ${summary(rows, run.result.sliceSeconds, run.usage)}`)
      return run
    },
    async () => {
      const { usage } = await ceiling(parts)
      log(`engine alone: ${summary(rows, usage.seconds, usage)}`)
      return { usage, copySeconds: await copyToNull(postgres) }
    },
  )
  const slice = median(turns.map(({ subject }) => rows / subject.result.sliceSeconds))
  const against = median(turns.map(({ reference }) => rows / reference.usage.seconds))
  const millions = rows / 1e6
  return {
    value: Math.round(slice),
    unit: 'rows/s',
    reference: 'the same bytes inserted over HTTP into the engine alone',
    against: Math.round(against),
    ratio: rounded(slice / against),
    peakRssMb: highestPeaks(turns.map(({ subject }) => subject.usage)),
    details: {
      wholeSyncRowsPerSecond: Math.round(median(turns.map(({ subject }) => rows / subject.result.seconds))),
      cpuSecondsPerMillion: rounded(median(turns.map(({ subject }) => totalCpu(subject.usage))) / millions),
      engineAloneCpuSecondsPerMillion: rounded(
        median(turns.map(({ reference }) => totalCpu(reference.usage))) / millions,
      ),
      postgresCopyToNullRowsPerSecond: Math.round(
        median(turns.map(({ reference }) => rows / reference.copySeconds)),
      ),
    },
    runs: turns.map(({ machine, subject, reference }) => ({
      machine,
      sliceSeconds: subject.result.sliceSeconds,
      ...subject.usage,
      reference: { ...reference.usage, copyToNullSeconds: reference.copySeconds },
    })),
  }
}

async function measureSync({
  stack,
  postgres,
  rows,
}: Measured): Promise<{ result: TimedSync; usage: Usage }> {
  const processes = { ...stack.processes, postgres: postgres.pid }
  const run = await measure(processes, () => timedSync(stack, 'shop', STREAM))
  const loaded = run.result.report.rows
  if (loaded !== rows) throw new Error(`loading ${rows} rows: ${loaded} arrived`)
  return run
}

async function ceiling({ stack, engine, file }: Measured): Promise<{ usage: Usage }> {
  const table = `${STREAM}__rows`
  await copyTable(await stack.context.warehouse(), engine.warehouse, 'shop', table)
  return measure({ clickhouse: engine.pid }, () =>
    insertFile(
      engine.warehouse,
      `INSERT INTO shop.\`${table}\` (${COLUMNS}) SETTINGS max_insert_threads = 2 FORMAT TabSeparated`,
      file,
    ),
  )
}

async function copyToNull(postgres: Postgres): Promise<number> {
  const startedAt = performance.now()
  await withClient(postgres, (client) => client.query(`COPY (${SELECT}) TO '/dev/null'`))
  return (performance.now() - startedAt) / 1000
}

function summary(rows: number, seconds: number, usage: Usage): string {
  const cpu = Object.entries(usage.cpuSeconds).map(([name, value]) => `${name} ${value}`)
  return `${Math.round(rows / seconds)} rows/s, CPU ${totalCpu(usage)} s (${cpu.join(', ')}), others ${usage.othersCpuSeconds} s, MB ${JSON.stringify(usage.peakRssMb)}`
}
