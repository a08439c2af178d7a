import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Backoff, type ServiceEvent, type SupervisedService, supervise } from './service.js'
import { nodeService } from './services.js'

/** Each run adds its process id to the file `runs`; what it then does comes from its environment. */
const CHILD = `
import { appendFileSync, readFileSync } from 'node:fs'
appendFileSync('RUNS', process.pid + '\\n')
const run = readFileSync('RUNS', 'utf8').trim().split('\\n').length
console.log('run ' + run)
BODY
`
const SERVE = 'process.send({ ready: true }); setInterval(() => {}, 1000)'

describe('supervise', () => {
  let dir: string
  let events: ServiceEvent[]
  let service: SupervisedService | undefined

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tributary-service-'))
    events = []
    service = undefined
  })
  afterEach(async () => {
    await service?.stop()
    await rm(dir, { recursive: true, force: true })
  })

  const child = async (body: string) => {
    const entry = join(dir, 'child.mjs')
    await writeFile(entry, CHILD.replaceAll('RUNS', join(dir, 'runs')).replace('BODY', body))
    return nodeService({
      name: 'child',
      role: 'worker',
      entry,
      env: process.env,
      logFile: join(dir, 'child.log'),
    })
  }
  const runs = async () => (await readFile(join(dir, 'runs'), 'utf8')).trim().split('\n').map(Number)
  /** Supervises the child until the events so far satisfy the condition. */
  const superviseUntil = async (
    body: string,
    enough: (seen: ServiceEvent[]) => boolean,
    backoff: Backoff = { firstMs: 10 },
  ) => {
    const spec = await child(body)
    await new Promise<void>((resolve, reject) => {
      const onEvent = (event: ServiceEvent) => {
        events.push(event)
        if (enough(events)) resolve()
      }
      supervise(spec, onEvent, backoff).then((started) => {
        service = started
      }, reject)
    })
  }
  const withoutPids = (seen: ServiceEvent[]) =>
    seen.map((event) => (event.type === 'started' ? { ...event, pid: 0 } : event))
  const started = { type: 'started', name: 'child', pid: 0 }

  it('starts a crashed child again and reports how it ended and what it said', async () => {
    const body = `${SERVE}; if (run === 1) { console.error('out of cheese'); process.exit(3) }`
    await superviseUntil(body, (seen) => seen.filter(({ type }) => type === 'started').length === 2)
    assert.deepEqual(withoutPids(events), [
      started,
      { type: 'exited', name: 'child', exit: 'exit code 3', tail: 'run 1\nout of cheese', restartInMs: 10 },
      started,
    ])
    assert.equal((await runs()).length, 2)
  })

  it('waits twice as long each time, up to the limit', async () => {
    const exits = (seen: ServiceEvent[]) =>
      seen.flatMap((event) => (event.type === 'exited' ? [event.restartInMs] : []))
    const body = `process.send({ ready: true }, () => process.exit(1))`
    await superviseUntil(body, (seen) => exits(seen).length === 4, { firstMs: 10, maxMs: 30 })
    assert.deepEqual(exits(events), [10, 20, 30, 30])
  })

  it('goes on trying when a restart fails', async () => {
    const body = `if (run === 2) throw new Error('no disk'); ${SERVE}; if (run === 1) process.kill(process.pid, 'SIGKILL')`
    await superviseUntil(body, (seen) => seen.filter(({ type }) => type === 'started').length === 2)
    assert.deepEqual(
      events.map(({ type }) => type),
      ['started', 'exited', 'start-failed', 'started'],
    )
    const [failed] = events.flatMap((event) => (event.type === 'start-failed' ? [event.reason] : []))
    assert.match(failed!, /^starting child: it ended \(exit code 1\) before it was ready\n.*no disk/s)
  })

  it('gives up when the first start fails', async () => {
    const spec = await child(`console.error('no licence'); process.exit(2)`)
    await assert.rejects(
      supervise(spec, (event) => events.push(event)),
      /^Error: starting child: it ended \(exit code 2\) before it was ready\nrun 1\nno licence$/,
    )
    assert.deepEqual(events, [])
  })

  it('stops the child on request and starts it no more', async () => {
    await superviseUntil(SERVE, (seen) => seen.length === 1)
    while (service === undefined) await new Promise(setImmediate)
    await Promise.all([service.stop(), service.stop()])
    assert.deepEqual(withoutPids(events), [started, { type: 'stopped', name: 'child' }])
    const [pid] = await runs()
    assert.throws(() => process.kill(pid!, 0), { code: 'ESRCH' })
  })

  it('gives up a start that the signal ends, leaving no child', async () => {
    const spec = await child(`console.log('never ready'); setInterval(() => {}, 1000)`)
    const signal = AbortSignal.timeout(300)
    await assert.rejects(
      supervise(spec, () => undefined, {}, signal),
      /stopped before it was ready/,
    )
    for (const pid of await runs().catch(() => []))
      assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
  })
})
