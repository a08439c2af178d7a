import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ProcessRecord, readStack, readStackRecord, stackPaths } from '../../runtime/stack.js'
import { freePort } from '../ports.js'
import { identifyProcess, isAlive } from '../process-identity.js'
import { removeLeftovers, stackStatus, stopStack } from './control.js'
import { startDetached } from './detach.js'
import type { ServiceEvent } from './service.js'
import { type Stack, type StackHooks, type StackOptions, startStack } from './stack.js'

/** Stands in for the real worker where only its life as a process matters. */
const WORKER = `process.send({ ready: true }); setInterval(() => {}, 1000)`
const STUBBORN_WORKER = `process.on('SIGTERM', () => {}); ${WORKER}`
const RUN_MODULE = new URL('./run.js', import.meta.url).href

const local = { ...process.env }
for (const name of ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'CLICKHOUSE_URL']) delete local[name]

describe('the local stack', function () {
  this.timeout(120_000)
  let dir: string
  const stacks: Stack[] = []

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tributary-stack-'))
  })
  afterEach(async () => {
    await Promise.all(stacks.splice(0).map((stack) => stack.stop()))
    await Promise.all(['', 'other'].map((name) => stopStack(join(dir, name))))
    await rm(dir, { recursive: true, force: true })
  })

  const options = async (worker = WORKER, workspaceDir = dir): Promise<StackOptions> => {
    const workerEntry = join(dir, 'worker.mjs')
    await writeFile(workerEntry, worker)
    return { workspaceDir, workerEntry }
  }
  const start = async (stackOptions: StackOptions, hooks: StackHooks = {}) => {
    const stack = await startStack(stackOptions, { env: local, ...hooks })
    stacks.push(stack)
    return stack
  }
  const processes = async (): Promise<readonly ProcessRecord[]> =>
    (await readStackRecord(dir))?.processes ?? []
  const processNamed = async (name: string) => (await processes()).find((record) => record.name === name)!
  const allGone = async (records: readonly ProcessRecord[]) => {
    while (records.some(isAlive)) await sleep(20)
  }
  const askClickHouse = async (sql: string) => {
    const { clickhouse } = await readStack(dir, {})
    const { url, user, password } = clickhouse!
    const headers = { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password }
    return (await fetch(url, { method: 'POST', body: sql, headers })).text()
  }

  it('runs Temporal, ClickHouse and workers, says where they are, and leaves nothing when it stops', async () => {
    const { status, stop } = await start({ ...(await options()), workers: 2 })
    assert.deepEqual(await stackStatus(dir), status)
    assert.deepEqual([status.workers, status.server, status.clickhouse.user], [2, null, 'tributary'])
    assert.equal((await fetch(status.temporal.ui!)).status, 200)
    assert.equal(await askClickHouse('SELECT 1'), '1\n')
    assert.equal((await stat(stackPaths(dir).password)).mode & 0o777, 0o600)
    assert.doesNotMatch(
      await readFile(stackPaths(dir).record, 'utf8'),
      new RegExp((await readStack(dir, {})).clickhouse!.password),
    )
    const children = await processes()
    assert.deepEqual(children.map(({ name }) => name).sort(), [
      'ClickHouse',
      'Temporal',
      'worker 1',
      'worker 2',
    ])

    await stop()
    assert.deepEqual([children.filter(isAlive), await stackStatus(dir)], [[], undefined])
  })

  it('gives workers and the server what they need to connect, and reports the address of the server', async () => {
    const told = join(dir, 'told')
    const serverEntry = join(dir, 'server.mjs')
    await writeFile(
      serverEntry,
      `import { writeFileSync } from 'node:fs'
      const names = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'CLICKHOUSE_URL', 'CLICKHOUSE_USER', 'CLICKHOUSE_PASSWORD', 'TRIBUTARY_WORKSPACE', 'TRIBUTARY_SERVER_PORT']
      writeFileSync(${JSON.stringify(told)}, JSON.stringify(names.map((name) => process.env[name])))
      ${WORKER}`,
    )
    const { status } = await start({ ...(await options()), workers: 0, serverEntry })
    const { temporal, clickhouse } = await readStack(dir, {})
    assert.deepEqual(JSON.parse(await readFile(told, 'utf8')), [
      ...[temporal!.address, 'default', clickhouse!.url, clickhouse!.user, clickhouse!.password],
      ...[dir, new URL(status.server!.url).port],
    ])
  })

  it('starts a part that was killed again at the same address', async () => {
    const events: ServiceEvent[] = []
    const restarted = new Map<string, () => void>()
    const onEvent = (event: ServiceEvent) => {
      events.push(event)
      if (event.type === 'started') restarted.get(event.name)?.()
    }
    const { status } = await start(await options(), { onEvent })
    for (const name of ['Temporal', 'ClickHouse', 'worker 1']) {
      const again = new Promise<void>((resolve) => restarted.set(name, resolve))
      process.kill((await processNamed(name)).pid, 'SIGKILL')
      await again
    }
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'exited' ? [[event.name, event.exit]] : [])),
      ['Temporal', 'ClickHouse', 'worker 1'].map((name) => [name, 'signal SIGKILL']),
    )
    assert.equal((await fetch(status.temporal.ui!)).status, 200)
    assert.equal(await askClickHouse('SELECT 1'), '1\n')
  })

  it('keeps its ports for the next time, unless another program has taken one', async () => {
    const first = await start(await options())
    await first.stop()
    const second = await start(await options())
    assert.deepEqual(second.status, first.status)
    await second.stop()
    const taken = createServer().listen(Number(new URL(first.status.clickhouse.url).port), '127.0.0.1')
    await once(taken, 'listening')
    try {
      const { status } = await start(await options())
      assert.deepEqual({ ...status, clickhouse: 'elsewhere' }, { ...first.status, clickhouse: 'elsewhere' })
      assert.notEqual(status.clickhouse.url, first.status.clickhouse.url)
    } finally {
      taken.close()
    }
  })

  it('runs beside another stack, and refuses a second one in its workspace', async () => {
    const [one, other] = await Promise.all([
      start(await options()),
      start(await options(WORKER, join(dir, 'other'))),
    ])
    const addresses = [one, other].flatMap(({ status }) => [
      status.temporal.address,
      status.temporal.ui,
      status.clickhouse.url,
    ])
    assert.equal(new Set(addresses).size, 6)
    await assert.rejects(start(await options()), /it already runs in this workspace \(process \d+\)/)
    assert.equal(await askClickHouse('SELECT 1'), '1\n')
  })

  it('says which part does not start and why, and leaves nothing', async () => {
    const seen: number[] = []
    const onEvent = (event: ServiceEvent) => event.type === 'started' && seen.push(event.pid)
    const broken = await options(`console.error('no such task queue'); process.exit(4)`)
    await assert.rejects(
      start(broken, { onEvent }),
      /^Error: starting worker 1: it ended \(exit code 4\) before it was ready\nno such task queue$/,
    )
    assert.deepEqual([seen.length, seen.filter((pid) => identifyProcess(pid))], [2, []])
    await (await start(await options())).stop()
  })

  it('uses running servers that the environment names, and says when they do not answer', async () => {
    const nowhere = `127.0.0.1:${await freePort()}`
    const cases = [
      [{ TEMPORAL_ADDRESS: nowhere }, `TEMPORAL_ADDRESS names ${nowhere}, where nothing answers`],
      [{ CLICKHOUSE_URL: `http://${nowhere}` }, `CLICKHOUSE_URL names ${nowhere}, which does not answer`],
    ] as const
    for (const [env, message] of cases) {
      await assert.rejects(start(await options(), { env: { ...local, ...env } }), new RegExp(message))
    }
    const { status } = await start(await options())
    const { temporal, clickhouse } = await readStack(dir, {})
    const env = {
      ...local,
      TEMPORAL_ADDRESS: temporal!.address,
      CLICKHOUSE_URL: clickhouse!.url,
      CLICKHOUSE_USER: clickhouse!.user,
      CLICKHOUSE_PASSWORD: clickhouse!.password,
    }
    const other = await start(await options(WORKER, join(dir, 'other')), { env })
    assert.deepEqual(other.status, { ...status, temporal: { ...status.temporal, ui: null } })
  })

  it('stops on Ctrl-C, also when a worker does not want to', async () => {
    const script = join(dir, 'up.mjs')
    await writeFile(
      script,
      `import { runStack } from ${JSON.stringify(RUN_MODULE)}
      await runStack(${JSON.stringify(await options(STUBBORN_WORKER))}, () => console.log('ready'))`,
    )
    const up = spawn(process.execPath, [script], { env: local, stdio: ['ignore', 'pipe', 'inherit'] })
    await once(createInterface({ input: up.stdout }), 'line')
    const children = await processes()
    up.kill('SIGINT')
    assert.deepEqual(await once(up, 'exit'), [0, null])
    assert.deepEqual([children.length, children.filter(isAlive)], [3, []])
  })

  it('ends a start that Ctrl-C interrupts', async () => {
    const script = join(dir, 'up.mjs')
    const log = '{ log: (message) => console.log(message) }'
    await writeFile(
      script,
      `import { runStack } from ${JSON.stringify(RUN_MODULE)}
      await runStack(${JSON.stringify(await options('setInterval(() => {}, 1000)'))}, () => {}, ${log})`,
    )
    const up = spawn(process.execPath, [script], { env: local, stdio: ['ignore', 'pipe', 'inherit'] })
    for await (const line of createInterface({ input: up.stdout })) {
      if (line === 'Starting worker 1') up.kill('SIGTERM')
    }
    assert.deepEqual([up.exitCode ?? (await once(up, 'exit'))[0], await readStackRecord(dir)], [0, undefined])
  })

  it('runs in the background until it is told to stop', async () => {
    const said: string[] = []
    const status = await startDetached(await options(), { env: local, log: (message) => said.push(message) })
    assert.ok(said.includes('Starting Temporal'))
    assert.deepEqual(await stackStatus(dir), status)
    const children = await processes()
    assert.deepEqual([await stopStack(dir), await stopStack(dir)], [true, false])
    assert.deepEqual(children.filter(isAlive), [])
  })

  it('says why it does not start in the background', async () => {
    const broken = await options(`console.error('no such task queue'); process.exit(4)`)
    await assert.rejects(
      startDetached(broken, { env: local }),
      /^Error: starting worker 1: .*no such task queue$/s,
    )
    assert.equal(await stopStack(dir), false)
  })

  it('loses its children soon after kill -9, and starts again at the same addresses', async () => {
    const status = await startDetached(await options(), { env: local })
    const children = await processes()
    process.kill((await readStackRecord(dir))!.supervisor.pid, 'SIGKILL')
    await allGone(children)
    assert.equal(await stackStatus(dir), undefined)
    assert.deepEqual((await start(await options())).status, status)
  })

  it('stops processes that an earlier stack left, but none that merely has the id of one', async () => {
    const [left, innocent] = ['', ''].map(() =>
      spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']),
    )
    const record = (name: string, pid: number) => ({ name, ...identifyProcess(pid)! })
    await mkdir(stackPaths(dir).dir)
    await writeFile(
      stackPaths(dir).record,
      JSON.stringify({
        version: 1,
        ready: true,
        supervisor: { name: 'supervisor', pid: 2 ** 22 + 1, startedAt: '1' },
        processes: [
          record('Temporal', left!.pid!),
          { ...record('worker 1', innocent!.pid!), startedAt: 'earlier' },
        ],
      }),
    )
    try {
      assert.deepEqual([await removeLeftovers(dir), await removeLeftovers(dir)], [true, false])
      assert.deepEqual([identifyProcess(left!.pid!), innocent!.exitCode], [undefined, null])
    } finally {
      innocent!.kill('SIGKILL')
    }
  })
})
