/** The same work done by a peer tool: a PostgreSQL table into the local ClickHouse over HTTP. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Postgres } from '../../local/postgres/start.js'
import { apply } from '../../operations/apply.js'
import { selectRow } from '../../warehouse/query.js'
import { type Benchmark, type BenchmarkOptions, BenchmarkSkipped, type Figures } from '../benchmark.js'
import { inTurn } from '../measure/in-turn.js'
import { measure } from '../measure/processes.js'
import { PASSWORD, shopWorkspace, startEventsDatabase } from '../support/events-table.js'
import { summary, throughput } from '../support/figures.js'
import { withParts } from '../support/parts.js'
import { type BenchStack, startBenchStack } from '../support/stack.js'
import { timedSync } from '../support/sync.js'

const ROWS = 1_000_000
const STREAM = 'public.events'

interface Peer {
  readonly name: string
  readonly tool: string
  /** Where the program is by default, below the user's cache folder, and the variable that says otherwise. */
  readonly program: string
  readonly variable: string
  readonly install: string
  /** Arguments and environment of one whole load into the database `peer`. */
  command(postgres: Postgres, clickhouse: URL, login: Login): { args: string[]; env: Record<string, string> }
}

interface Login {
  readonly username: string
  readonly password: string
}

/**
 * As its documentation says it is fast: the rows as Arrow, files of Parquet. Its few DDL statements go over the native
 * protocol, which the local engine does not speak: they are sent over HTTP instead. The data goes over HTTP anyway.
 */
const DLT_SCRIPT = `
import os, dlt, clickhouse_connect, clickhouse_driver
from clickhouse_driver.dbapi.errors import OperationalError
from dlt.destinations import clickhouse
from dlt.sources.sql_database import sql_table

e = os.environ
class Cursor:
    rows, description = [], []
    def __init__(self, client): self.client = client
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def close(self): pass
    def execute(self, sql, args=None):
        quote = lambda v: str(v) if isinstance(v, (int, float)) else "'" + str(v).replace("\\\\", "\\\\\\\\").replace("'", "\\\\'") + "'"
        if args is not None: sql = sql % ({k: quote(v) for k, v in args.items()} if isinstance(args, dict) else tuple(map(quote, args)))
        try: result = self.client.query(sql)
        except clickhouse_connect.driver.exceptions.Error as error: raise OperationalError(str(error)[max(0, str(error).find("Code: ")):])
        self.rows = list(result.result_rows)
        self.description = [(n,) + (None,) * 6 for n in result.column_names]
    def fetchall(self): rows, self.rows = self.rows, []; return rows
    def fetchone(self): return self.rows.pop(0) if self.rows else None
    def fetchmany(self, n=1): rows, self.rows = self.rows[:n], self.rows[n:]; return rows
class Connection:
    def __init__(self, **_):
        self.client = clickhouse_connect.get_client(host=e["BENCH_HOST"], port=int(e["BENCH_PORT"]),
            username=e["BENCH_USER"], password=e["BENCH_PASSWORD"], database="peer")
    def cursor(self): return Cursor(self.client)
    def commit(self): pass
    def rollback(self): pass
    def close(self): self.client.close()
clickhouse_driver.connect = lambda **options: Connection(**options)

table = sql_table(credentials=e["BENCH_POSTGRES"], table="events", schema="public", backend="pyarrow",
    chunk_size=100000, reflection_level="full_with_precision")
credentials = dict(host=e["BENCH_HOST"], port=int(e["BENCH_PORT"]), http_port=int(e["BENCH_PORT"]), secure=0,
    username=e["BENCH_USER"], password=e["BENCH_PASSWORD"], database="peer")
pipeline = dlt.pipeline("bench", destination=clickhouse(credentials=credentials), dataset_name="d", pipelines_dir=e["BENCH_DIR"])
print(pipeline.run(table, write_disposition="replace", loader_file_format="parquet"))
`

export const vsDlt = peerBenchmark({
  name: 'vs-dlt',
  tool: 'dlt',
  program: 'dlt/bin/python',
  variable: 'TRIBUTARY_BENCH_DLT_PYTHON',
  install:
    'python3 -m venv ~/.cache/tributary-bench/dlt && ~/.cache/tributary-bench/dlt/bin/pip install "dlt[clickhouse]" sqlalchemy psycopg2-binary pyarrow',
  command: (postgres, url, { username, password }) => ({
    args: ['-c', DLT_SCRIPT],
    env: {
      BENCH_POSTGRES: postgres.url.replace(/^postgresql:/, 'postgresql+psycopg2:'),
      BENCH_HOST: url.hostname,
      BENCH_PORT: url.port,
      BENCH_USER: username,
      BENCH_PASSWORD: password,
      RUNTIME__DLTHUB_TELEMETRY: 'false',
    },
  }),
})

export const vsSling = peerBenchmark({
  name: 'vs-sling',
  tool: 'Sling',
  program: 'sling/bin/sling',
  variable: 'TRIBUTARY_BENCH_SLING',
  install:
    'the binary of https://github.com/slingdata-io/sling-cli as ~/.cache/tributary-bench/sling/bin/sling',
  command: (postgres, url, { username, password }) => ({
    args: [
      ...['run', '--src-conn', 'BENCH_POSTGRES', '--src-stream', STREAM],
      ...['--tgt-conn', 'BENCH_CLICKHOUSE', '--tgt-object', 'peer.events', '--mode', 'full-refresh'],
    ],
    env: {
      BENCH_POSTGRES: `${postgres.url}?sslmode=disable`,
      BENCH_CLICKHOUSE: JSON.stringify({
        type: 'clickhouse',
        http_url: `http://${username}:${password}@${url.host}/peer`,
      }),
    },
  }),
})

function peerBenchmark(peer: Peer): Benchmark {
  return {
    name: peer.name,
    claim: `a full refresh of 1,000,000 PostgreSQL rows of 12 columns into the local ClickHouse is faster than ${peer.tool}'s, and takes less CPU`,
    run: (options) => compare(peer, options),
  }
}

async function compare(peer: Peer, options: BenchmarkOptions): Promise<Figures> {
  const program = process.env[peer.variable] ?? join(homedir(), '.cache', 'tributary-bench', peer.program)
  if (!existsSync(program)) {
    throw new BenchmarkSkipped(
      `${peer.name}: ${peer.tool} is not installed at ${peer.program} of the cache folder nor by ${peer.variable}; install ${peer.install}`,
    )
  }
  return withParts(async ({ folder, start }) => {
    const rows = options.rows ?? ROWS
    options.log(`making ${rows} rows in PostgreSQL`)
    const postgres = await start(startEventsDatabase(join(folder, 'postgres'), rows))
    const stack = await start(startBenchStack({ TRIBUTARY_SECRET_SHOP_PASSWORD: PASSWORD }))
    await stack.write(
      shopWorkspace(postgres, [{ name: STREAM, sync: 'full_refresh', destination: 'overwrite' }]),
    )
    await apply(stack.context, { author: 'bench' })
    await timedSync(stack, 'shop', STREAM)
    const processes = { ...stack.processes, postgres: postgres.pid }
    const turns = await inTurn(
      options.runs,
      async () => {
        const { result, usage } = await measure(processes, () => timedSync(stack, 'shop', STREAM))
        options.log(`sync: ${summary(rows, { seconds: result.seconds, usage })}`)
        return { seconds: result.seconds, usage }
      },
      async () => {
        const peers = { peer: 0, clickhouse: stack.processes.clickhouse ?? 0, postgres: postgres.pid }
        const { usage: seen } = await measure(peers, () =>
          runPeer(peer, program, folder, postgres, stack, rows, (pid) => {
            peers.peer = pid
          }),
        )
        const cpuSeconds = { ...seen.cpuSeconds, peer: seen.endedCpuSeconds }
        const usage = { ...seen, cpuSeconds }
        options.log(`${peer.tool}: ${summary(rows, { seconds: usage.seconds, usage })}`)
        return { seconds: usage.seconds, usage }
      },
    )
    return throughput(rows, `${peer.tool}, whole command`, turns)
  })
}

async function runPeer(
  peer: Peer,
  program: string,
  folder: string,
  postgres: Postgres,
  stack: BenchStack,
  rows: number,
  onStart: (pid: number) => void,
): Promise<void> {
  const login = await stack.context.warehouseConfig()
  const warehouse = await stack.context.warehouse()
  await warehouse.command({ query: 'DROP DATABASE IF EXISTS peer SYNC' })
  await warehouse.command({ query: 'CREATE DATABASE peer ENGINE = Atomic' })
  const { args, env } = peer.command(postgres, new URL(login.url), login)
  const child = spawn(program, args, {
    env: { ...process.env, ...env, BENCH_DIR: join(folder, 'peer') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onStart(child.pid ?? 0)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0)
    throw new BenchmarkSkipped(`${peer.name}: ${peer.tool} failed (${code}):\n${said.slice(-2000)}`)
  const found = await selectRow<{ n: string }>(
    warehouse,
    `SELECT sum(rows) AS n FROM system.parts WHERE active AND database = 'peer' AND table LIKE '%events'`,
    {},
  )
  if (Number(found?.n) !== rows) throw new Error(`${peer.tool}: ${found?.n} of ${rows} rows arrived`)
}
