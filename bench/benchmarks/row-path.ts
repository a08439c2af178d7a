/** Rows that are looked at one by one: JSON text to objects, checked and encoded into RowBinary, inserted and counted. */
import type { StreamSchema } from '@tributary/schemas'
import { newLoadId } from '../../warehouse/ledger/ids.js'
import type { LoadTarget } from '../../warehouse/loading/load-target.js'
import { LoadWriter } from '../../warehouse/loading/load-writer.js'
import { migrate } from '../../warehouse/migrations/migrate.js'
import { planProjection } from '../../warehouse/projection/plan-projection.js'
import { compileRowEncoder } from '../../warehouse/rows/row-encoder.js'
import { prepareTables } from '../../warehouse/tables/prepare-tables.js'
import type { Benchmark, BenchmarkOptions, Figures } from '../benchmark.js'
import { inTurn } from '../measure/in-turn.js'
import { measure } from '../measure/processes.js'
import { startBareEngine } from '../support/engine.js'
import { summary, throughput } from '../support/figures.js'
import { withParts } from '../support/parts.js'

const ROWS = 500_000
const BATCH = 1000
const SCHEMA: StreamSchema = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    customer_id: { type: 'integer' },
    kind: { type: 'string' },
    amount: { type: 'string', 'x-type': 'decimal(12,2)' },
    score: { type: ['number', 'null'] },
    active: { type: 'boolean' },
    created_at: { type: 'string', format: 'date-time' },
    note: { type: ['string', 'null'] },
  },
}

export const rowPath: Benchmark = {
  name: 'row-path',
  claim:
    'JSON.parse, validation, encoding, insert and count of 500,000 records of 8 mixed fields (about 190 bytes of JSON) at 250,000 rows/s or more; the reference is parsing and encoding without the warehouse',
  run: (options) => withParts(async ({ start }) => compare(await start(startBareEngine()), options)),
}

async function compare(
  engine: Awaited<ReturnType<typeof startBareEngine>>,
  options: BenchmarkOptions,
): Promise<Figures> {
  const rows = options.rows ?? ROWS
  await migrate(engine.warehouse)
  const target = targetOf()
  await prepareTables(engine.warehouse, target.table, 'evolve')
  const lines = jsonLines(rows)
  const processes = { bench: process.pid, clickhouse: engine.pid }
  const timed = async (name: string, work: () => Promise<unknown>) => {
    const { usage } = await measure(processes, work)
    const run = { seconds: usage.seconds, usage }
    options.log(`${name}: ${summary(rows, run)}`)
    return run
  }
  const turns = await inTurn(
    options.runs,
    () =>
      timed('whole', async () => {
        const writer = new LoadWriter(engine.warehouse, { ...target, loadId: newLoadId() }, WRITER)
        for (let from = 0; from < lines.length; from += BATCH) {
          await writer.appendRecords(lines.slice(from, from + BATCH).map((line) => JSON.parse(line)))
        }
        const { rows: counted } = await writer.finish()
        if (counted !== rows) throw new Error(`loading ${rows} rows: ${counted} arrived`)
      }),
    () => timed('parse and encode', async () => encodeAll(target, lines)),
  )
  return throughput(rows, 'parsing and encoding alone', turns)
}

const WRITER = { signal: new AbortController().signal, localFileRoots: [] }

function encodeAll(target: LoadTarget, lines: readonly string[]): void {
  const encoder = compileRowEncoder(target.rows.input, { trailing: [{ kind: 'meta', name: '_meta' }] })
  for (const line of lines) {
    encoder.append(JSON.parse(line))
    if (encoder.rows >= 100_000) encoder.take()
  }
}

function targetOf(): LoadTarget {
  const rows = planProjection({ schema: SCHEMA, path: 'rows' })
  return {
    table: {
      source: 'bench',
      stream: 'records',
      columns: rows.columns.map(({ name, type }) => ({ name, type })),
      key: [],
      keyed: false,
    },
    position: { lane: 'live', epoch: '1', base: 0, sequence: 0, generation: 1, fold: 0, building: false },
    origin: { revision: 'bench', runId: 'bench' },
    loadId: newLoadId(),
    rows,
    blocks: planProjection({ schema: SCHEMA, path: 'blocks' }),
    exactBlocks: planProjection({ schema: SCHEMA, path: 'blocks', exactTypes: true }),
    contract: 'evolve',
    keyFields: [],
    keepsUnknown: true,
    withheld: [],
  }
}

function jsonLines(rows: number): string[] {
  const kinds = ['page_view', 'add_to_cart', 'purchase', 'sign_up', 'search']
  return Array.from({ length: rows }, (_, id) =>
    JSON.stringify({
      id,
      customer_id: id % 200_000,
      kind: kinds[id % 5],
      amount: (((id * 7919) % 1_000_000) / 100).toFixed(2),
      score: id % 7 === 0 ? null : Math.sqrt(id),
      active: id % 3 === 0,
      created_at: new Date(Date.UTC(2025, 0, 1) + id * 13_700).toISOString(),
      note: id % 11 === 0 ? null : `note ${id} with some words in it`,
    }),
  )
}
