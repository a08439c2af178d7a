/** Files passed through the whole path, against the engine reading the same file itself. */
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { apply } from '../../operations/apply.js'
import type { Warehouse } from '../../warehouse/client.js'
import type { Benchmark, BenchmarkOptions, Figures } from '../benchmark.js'
import { inTurn } from '../measure/in-turn.js'
import { measure } from '../measure/processes.js'
import { copyTable, startBareEngine } from '../support/engine.js'
import { summary, throughput } from '../support/figures.js'
import { withParts } from '../support/parts.js'
import { startBenchStack } from '../support/stack.js'
import { timedSync } from '../support/sync.js'

const ROWS = 1_000_000
const TABLE = 'events__rows'
const COLUMNS = 'id, customer_id, kind, amount, active, created_at, note, tags'
const SELECT = `SELECT number AS id, number % 200000 AS customer_id,
  ['page_view', 'add_to_cart', 'purchase', 'sign_up', 'search'][1 + number % 5] AS kind,
  sqrt(number) AS amount, number % 3 = 0 AS active,
  toString(toDateTime64('2025-01-01 00:00:00', 3, 'UTC') + number) || 'Z' AS created_at,
  'note ' || hex(sipHash128(number)) || ' and some more words' AS note,
  hex(sipHash128(number + 1)) || hex(sipHash128(number + 2)) AS tags FROM numbers`

export const filesNdjson = fileBenchmark('files-ndjson', 'JSONEachRow', 'ndjson')
export const filesParquet = fileBenchmark('files-parquet', 'Parquet', 'parquet')

function fileBenchmark(name: string, format: string, extension: string): Benchmark {
  return {
    name,
    claim: `a full refresh of one ${extension} file of 1,000,000 rows at 60 % or more of the speed at which the engine reads the same file into the same table`,
    run: (options) => compare(format, `events.${extension}`, options),
  }
}

function compare(format: string, fileName: string, options: BenchmarkOptions): Promise<Figures> {
  return withParts(async ({ start }) => {
    const rows = options.rows ?? ROWS
    const stack = await start(startBenchStack())
    const engine = await start(startBareEngine([stack.workspaceDir]))
    const file = join(stack.workspaceDir, 'data', fileName)
    await mkdir(join(stack.workspaceDir, 'data'))
    options.log(`writing ${rows} rows to ${fileName}`)
    await writeFile(engine.warehouse, `${SELECT}(${rows}) FORMAT ${format}`, file)
    await stack.write({
      'tributary.yaml': 'workspace: bench\n',
      'sources/till.yaml': `connector: source-files
config: { location: { folder: ./data }, streams: [{ name: events, glob: ${fileName} }] }
schedule: manual
streams: [{ name: events, sync_mode: full_refresh, destination_sync_mode: overwrite }]
`,
    })
    await apply(stack.context, { author: 'bench' })
    await timedSync(stack, 'till', 'events')
    const turns = await inTurn(
      options.runs,
      async () => {
        const { result, usage } = await measure(stack.processes, () => timedSync(stack, 'till', 'events'))
        if (result.report.rows !== rows)
          throw new Error(`loading ${rows} rows: ${result.report.rows} arrived`)
        const run = { seconds: result.sliceSeconds, wholeSeconds: result.seconds, usage }
        options.log(`sync: ${summary(rows, run)}`)
        return run
      },
      async () => {
        await copyTable(await stack.context.warehouse(), engine.warehouse, 'till', TABLE)
        const { usage } = await measure({ clickhouse: engine.pid }, () =>
          insertByPath(engine.warehouse, format, file),
        )
        const run = { seconds: usage.seconds, usage }
        options.log(`engine alone: ${summary(rows, run)}`)
        return run
      },
    )
    return throughput(rows, 'INSERT of the same file into the same table by the engine alone', turns)
  })
}

/** The engine reads the file by its name: nothing travels. */
async function insertByPath(warehouse: Warehouse, format: string, path: string): Promise<void> {
  const { stream } = await warehouse.exec({
    query: `INSERT INTO till.\`${TABLE}\` (${COLUMNS}) SETTINGS max_insert_threads = 2, date_time_input_format = 'best_effort' FORMAT ${format}`,
    values: Readable.from([], { objectMode: false }),
    http_headers: { 'X-Tributary-Infile': path },
  })
  stream.resume()
  await new Promise((resolve, reject) => stream.once('end', resolve).once('error', reject))
}

async function writeFile(warehouse: Warehouse, query: string, path: string): Promise<void> {
  const { stream } = await warehouse.exec({ query })
  await pipeline(stream, createWriteStream(path))
}
