/** The process: what a kill leaves, how it stops, whom it lets into a data directory. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { startClickHouse } from './launch.js'
import { TestEngine } from './testing.js'

const main = fileURLToPath(new URL('./main.js', import.meta.url))

const LONG = 'SELECT count() FROM numbers(10000000000000) SETTINGS max_execution_time = 60'

describe('local/clickhouse/main', () => {
  let engine: TestEngine
  beforeEach(() => {
    engine = new TestEngine()
  })
  afterEach(() => engine.remove())

  const runToEnd = async (args: readonly string[], env: Readonly<Record<string, string>>) => {
    const child = spawn(process.execPath, [main, ...args], { env: { PATH: process.env.PATH, ...env } })
    const [said, printed, [code]] = await Promise.all([
      text(child.stderr),
      text(child.stdout),
      once(child, 'exit'),
    ])
    return { code: code as number, said, printed }
  }

  it('finds every answered insert again after kill -9, and an empty spool', async () => {
    const { child } = await engine.start()
    await engine.query(`CREATE TABLE kept (a UInt64) ENGINE = MergeTree ORDER BY a
      SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`)
    for (let n = 0; n < 5; n++)
      await engine.query(`${n}\n`.repeat(1000), { query: 'INSERT INTO kept FORMAT TSV' })
    const cut = engine.query('9\n'.repeat(100_000), { query: 'INSERT INTO kept FORMAT TSV' })
    const settled = cut.then(
      () => 100_000,
      () => undefined,
    )
    while (engine.spooled().length === 0) await new Promise(setImmediate)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const answered = await settled
    await engine.start()
    const [old, late] = (await engine.query('SELECT countIf(a < 9), countIf(a = 9) FROM kept'))
      .trim()
      .split('\t')
    assert.equal(old, '5000')
    assert.ok(late === String(answered ?? 0) || (answered === undefined && late === '100000'), `${late} rows`)
    assert.deepEqual(engine.spooled(), [])
  })

  it('lets running queries finish on SIGTERM, refuses new ones and exits 0', async () => {
    const { child } = await engine.start()
    const running = engine.query('SELECT sleepEachRow(0.2) FROM numbers(5)', { max_block_size: 1 })
    while (!(await engine.query('SELECT query FROM system.processes')).includes('sleepEachRow'));
    child.kill('SIGTERM')
    assert.equal(await running, '0\n0\n0\n0\n0\n')
    if (child.exitCode === null) await once(child, 'exit')
    assert.equal(child.exitCode, 0)
    await assert.rejects(engine.query('SELECT 1'), { code: 'ECONNREFUSED' })
  })

  it('kills on SIGTERM what does not end within 5 seconds, and exits 0', async () => {
    const { child } = await engine.start()
    const running = assert.rejects(engine.query(LONG))
    while (!(await engine.query('SELECT query FROM system.processes')).includes('10000000000000'));
    child.kill('SIGTERM')
    await once(child, 'exit')
    assert.equal(child.exitCode, 0)
    await running
  }).timeout(20_000)

  it('ends with the process that started it', async () => {
    const { child } = await engine.start()
    child.stdin?.end()
    await once(child, 'exit')
    assert.equal(child.exitCode, 0)
  })

  it('refuses a directory that another process owns, and does it no harm', async () => {
    await engine.start()
    await assert.rejects(engine.start(), new RegExp(`process ${engine.running.pid} owns the directory`))
    assert.equal(await engine.query('SELECT 1'), '1\n')
  })

  it('refuses to start without a user, a password or a directory', async () => {
    const secret = {
      TRIBUTARY_CLICKHOUSE_USER: 'u',
      TRIBUTARY_CLICKHOUSE_PASSWORD: 'p',
      UV_THREADPOOL_SIZE: '16',
    }
    const noPassword = await runToEnd(['--data', engine.dataDir], {
      ...secret,
      TRIBUTARY_CLICKHOUSE_PASSWORD: '',
    })
    assert.deepEqual([noPassword.code, noPassword.said.includes('TRIBUTARY_CLICKHOUSE_PASSWORD')], [1, true])
    const noData = await runToEnd([], secret)
    assert.deepEqual([noData.code, noData.said.includes('--data')], [1, true])
  })

  it('starts itself again when it was started without enough threads, and prints one line', async () => {
    const env = { PATH: process.env.PATH, TRIBUTARY_CLICKHOUSE_USER: 'u', TRIBUTARY_CLICKHOUSE_PASSWORD: 'p' }
    const child = spawn(process.execPath, [main, '--data', engine.dataDir, '--stop-with-stdin'], { env })
    let printed = ''
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
    await once(child.stdout, 'data')
    const { ready, url } = JSON.parse(printed) as { ready: boolean; url: string }
    assert.deepEqual([ready, (await fetch(`${url}/ping`)).status], [true, 200])
    child.kill('SIGTERM')
    await once(child, 'exit')
    assert.deepEqual([child.exitCode, printed.trim().split('\n').length], [0, 1])
  })

  it('cleans its spool at start', async () => {
    mkdirSync(join(engine.dataDir, 'spool'), { recursive: true })
    writeFileSync(join(engine.dataDir, 'spool', 'left'), 'over')
    await engine.start()
    assert.deepEqual(engine.spooled(), [])
  })

  it('leaves nothing of tables dropped with SYNC, and opens again at once', async () => {
    const { stop } = await engine.start()
    await engine.query('CREATE DATABASE d ENGINE = Atomic')
    for (let n = 0; n < 20; n++) {
      await engine.query(`CREATE TABLE d.t${n} (a UInt8) ENGINE = MergeTree ORDER BY a`)
      await engine.query(`INSERT INTO d.t${n} SELECT 1`)
      await engine.query(`DROP TABLE d.t${n} SYNC`)
    }
    await stop()
    const parts = readdirSync(join(engine.dataDir, 'store'), { recursive: true, encoding: 'utf8' })
    assert.deepEqual(
      parts.filter((name) => name.includes('all_1_1_0')),
      [],
    )
    await engine.start()
    assert.equal(await engine.query("SELECT count() FROM system.tables WHERE database = 'd'"), '0\n')
  })

  it('says so when its port is taken', async () => {
    const { url } = await engine.start()
    const other = {
      dataDir: join(engine.folder, 'other'),
      port: Number(new URL(url).port),
      user: 'u',
      password: 'p',
    }
    await assert.rejects(startClickHouse(other), /EADDRINUSE/)
  })
})
