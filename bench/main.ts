/**
 * The benchmark command: `npm run bench -- NAME [--rows N] [--runs N] [--json]`, or `--list`. Progress goes to stderr; the
 * last line of stdout is the result, with `--json` as one JSON document.
 */
import { parseArgs } from 'node:util'
import { type Benchmark, BenchmarkSkipped, type Figures } from './benchmark.js'
import { activateWebhook } from './benchmarks/activate-webhook.js'
import { activationDiff } from './benchmarks/activation-diff.js'
import { apply1000 } from './benchmarks/apply-1000.js'
import { filesNdjson, filesParquet } from './benchmarks/files.js'
import { identityFull, identityIncrement } from './benchmarks/identity.js'
import { check, firstRow, syncNothingNew } from './benchmarks/latency.js'
import { ledger100k } from './benchmarks/ledger-100k.js'
import { mapping } from './benchmarks/mapping.js'
import { memory10m } from './benchmarks/memory-10m.js'
import { page } from './benchmarks/page.js'
import { vsDlt, vsSling } from './benchmarks/peers.js'
import { postgresLoad } from './benchmarks/postgres-load.js'
import { rowPath } from './benchmarks/row-path.js'
import { segmentCondition } from './benchmarks/segment-condition.js'
import { segmentPreview } from './benchmarks/segment-preview.js'
import { segmentsIncrement, segmentsRefresh } from './benchmarks/segments-refresh.js'
import { stop } from './benchmarks/stop.js'
import { endAllParts } from './support/parts.js'

const BENCHMARKS: readonly Benchmark[] = [
  postgresLoad,
  filesNdjson,
  filesParquet,
  rowPath,
  memory10m,
  syncNothingNew,
  check,
  firstRow,
  apply1000,
  ledger100k,
  segmentCondition,
  segmentsRefresh,
  segmentsIncrement,
  segmentPreview,
  identityFull,
  identityIncrement,
  mapping,
  page,
  stop,
  activateWebhook,
  activationDiff,
  vsDlt,
  vsSling,
]
const RUNS = 3
const BUSY =
  'the machine was busy with other work: wall times are worse than on an idle one; compare CPU seconds'
const USAGE = 'usage: npm run bench -- NAME [--rows N] [--runs N] [--json]   or   --list [--json]'

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void endAllParts().finally(() => process.exit(130)))
}
try {
  process.exitCode = await main()
} catch (error) {
  if (error instanceof BenchmarkSkipped)
    process.stdout.write(`${JSON.stringify({ skipped: error.message })}\n`)
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exitCode = 1
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      rows: { type: 'string' },
      runs: { type: 'string' },
    },
  })
  if (values.list) return list(values.json)
  const benchmark = BENCHMARKS.find(({ name }) => name === positionals[0])
  if (benchmark === undefined) {
    process.stderr.write(`${USAGE}\nnames: ${BENCHMARKS.map(({ name }) => name).join(', ')}\n`)
    return 2
  }
  const figures = await benchmark.run({
    rows: values.rows === undefined ? undefined : count('rows', values.rows),
    runs: values.runs === undefined ? RUNS : count('runs', values.runs),
    log: (message) => process.stderr.write(`${benchmark.name}: ${message}\n`),
  })
  const machine = wasBusy(figures.runs) ? 'busy' : 'idle'
  if (machine === 'busy') process.stderr.write(`${BUSY}\n`)
  process.stdout.write(
    `${values.json ? JSON.stringify({ name: benchmark.name, ...figures, machine }) : describe(benchmark, figures)}\n`,
  )
  return 0
}

function list(json: boolean): number {
  const names = BENCHMARKS.map(({ name, claim }) => ({ name, claim }))
  const text = json ? JSON.stringify(names) : names.map(({ name, claim }) => `${name}: ${claim}`).join('\n')
  process.stdout.write(`${text}\n`)
  return 0
}

function describe({ name }: Benchmark, { value, unit, against, ratio, reference, ...rest }: Figures): string {
  const memory = Object.entries(rest.peakRssMb).map(([process, mb]) => `${process} ${mb} MB`)
  return [
    `${name}: ${value} ${unit}; ${reference}: ${against} ${unit}; ratio ${ratio}`,
    ...(memory.length > 0 ? [`peak memory: ${memory.join(', ')}`] : []),
    ...(rest.details ? [JSON.stringify(rest.details)] : []),
  ].join('\n')
}

/** Something else ran before or during one of the measurements. */
function wasBusy(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(
    ([key, part]) =>
      (key === 'state' && part === 'busy') || (key === 'disturbed' && part === true) || wasBusy(part),
  )
}

function count(option: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new Error(`--${option} ${text}: a whole number above 0 is needed`)
}
