/**
 * The local ClickHouse process: owns a data directory with the embedded engine and serves it on loopback.
 * `--data DIR [--port N] [--host 127.0.0.1] [--stop-with-stdin]`; user and password come from the environment.
 * Prints one line of JSON when it is ready, and exits 0 on SIGTERM after its running queries.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Engine } from './engine.js'
import { engineLog, writeEngineConfig } from './engine-config.js'
import { Killer } from './killer.js'
import { PipePool } from './pipes.js'
import { ReadCounter } from './read-counts.js'
import { Runner } from './runner.js'
import { createClickHouseServer } from './server.js'
import { Sessions } from './sessions.js'
import { Slots } from './slots.js'
import { Spool } from './spool.js'

const MIN_THREADS = 16
const RUNNING_WRITES = 4
const MAX_WAITING = 1000
const GRACE_MS = 5000

const log = (message: string, fields: Readonly<Record<string, unknown>>): void => {
  process.stderr.write(`${JSON.stringify({ message, ...fields })}\n`)
}

const fail = (message: string): never => {
  log(message, {})
  process.exit(1)
}

/** libuv reads the size of its pool before any script runs, so a process without one starts itself again. */
const startAgainWithThreads = (): void => {
  const env = { ...process.env, UV_THREADPOOL_SIZE: '64' }
  const child = spawn(process.execPath, process.argv.slice(1), { env, stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => process.exit(code ?? 1))
}

const ownerOf = (dataDir: string): string | undefined => {
  try {
    const pid = Number(/PID: (\d+)/.exec(readFileSync(join(dataDir, 'status'), 'utf8'))?.[1])
    process.kill(pid, 0)
    return pid === process.pid ? undefined : String(pid)
  } catch {
    return undefined
  }
}

const openEngine = (dataDir: string): Engine => {
  const owner = ownerOf(dataDir)
  const memoryBytes = Number(process.env.TRIBUTARY_CLICKHOUSE_MEMORY_BYTES) || undefined
  try {
    return new Engine({ dataDir, configFile: writeEngineConfig(dataDir, memoryBytes) })
  } catch (error) {
    if (owner !== undefined) {
      return fail(
        `opening ${dataDir}: process ${owner} owns the directory; stop it or choose another with --data`,
      )
    }
    return fail(`opening ${dataDir}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const run = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      'stop-with-stdin': { type: 'boolean', default: false },
    },
  })
  const user = process.env.TRIBUTARY_CLICKHOUSE_USER
  const password = process.env.TRIBUTARY_CLICKHOUSE_PASSWORD
  if (values.data === undefined) return fail('starting the engine: --data DIR is missing')
  if (!user || !password) {
    return fail('starting the engine: set TRIBUTARY_CLICKHOUSE_USER and TRIBUTARY_CLICKHOUSE_PASSWORD')
  }
  const dataDir = resolve(values.data)
  if (/[*?{}]/.test(dataDir)) return fail(`opening ${dataDir}: the path may hold none of * ? { }`)
  mkdirSync(dataDir, { recursive: true })
  const engine = openEngine(dataDir)
  await engine.start()
  const spool = new Spool({
    folder: join(dataDir, 'spool'),
    limitBytes: Number(process.env.TRIBUTARY_CLICKHOUSE_SPOOL_BYTES ?? 4 * 1024 ** 3),
    infileRoots: (process.env.TRIBUTARY_INFILE_ROOTS ?? '').split(':').filter((root) => root !== ''),
  })
  const threads = Number(process.env.UV_THREADPOOL_SIZE)
  const sessions = new Sessions(engine)
  const runner = new Runner({
    killer: new Killer(engine),
    sessions,
    spool,
    readCounter: new ReadCounter(engineLog(dataDir)),
    pipes: new PipePool(join(dataDir, 'spool', 'pipes')),
    slots: new Slots(threads - RUNNING_WRITES - 6, MAX_WAITING),
    writeSlots: new Slots(RUNNING_WRITES, MAX_WAITING),
  })
  const server = createClickHouseServer({ engine, runner, spool, credentials: { user, password }, log })

  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    // A query that outlives even its kill must not keep the process.
    setTimeout(() => process.exit(0), GRACE_MS * 2).unref()
    await server.drain(GRACE_MS)
    await sessions.close()
    await engine.close()
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
  if (values['stop-with-stdin']) process.stdin.resume().once('end', () => void stop())

  server.http.on('error', (error) => fail(`listening on ${values.host}:${values.port}: ${error.message}`))
  server.http.listen(Number(values.port), values.host, () => {
    const address = server.http.address()
    const port = typeof address === 'object' && address !== null ? address.port : values.port
    process.stdout.write(`${JSON.stringify({ ready: true, url: `http://${values.host}:${port}` })}\n`)
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (Number(process.env.UV_THREADPOOL_SIZE ?? 0) < MIN_THREADS) startAgainWithThreads()
  else await run()
}
