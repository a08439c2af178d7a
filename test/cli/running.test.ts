/** What the command line says while runs go on, fail, or are taken back. */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { filesSource, GATE_CONNECTOR, gateSource } from './sources.js'
import { CliWorkspace, normalised } from './support.js'

describe('the command line beside a running stack', function () {
  this.timeout(120_000)
  let workspace: CliWorkspace

  before(async () => {
    workspace = await CliWorkspace.create()
    await workspace.write({ 'tributary.yaml': 'workspace: running\n', ...GATE_CONNECTOR })
    assert.equal((await workspace.run(['up', '--detach', '--ports', 'auto'])).code, 0)
  })
  after(() => workspace?.remove())

  const apply = async (files: Readonly<Record<string, string>>) => {
    await workspace.write(files)
    const { code, stderr } = await workspace.run(['apply'])
    assert.equal(code, 0, stderr)
  }
  const runsOf = async (source: string) =>
    (await workspace.json(['runs', '--source', source])).value as {
      outcome: string
      streams: { name: string; status?: string; cursor?: string }[]
    }[]
  const untilRunning = async (source: string) => {
    for (;;) {
      const [run] = await runsOf(source)
      if (run?.outcome === 'running' && run.streams.some(({ status }) => status === 'running')) return
      await sleep(50)
    }
  }

  it('leaves a run going on when the wait is interrupted, refuses a second one, and cancels it', async () => {
    await apply({ 'sources/gate.yaml': gateSource('gate') })
    const waiting = workspace.run(['sync', 'gate', '--wait'], {
      onStart: (child) => void untilRunning('gate').then(() => child.kill('SIGINT')),
    })
    const { code, stdout, stderr } = await waiting
    assert.deepEqual([code, stdout], [130, ''])
    assert.match(
      stderr,
      /^tributary: stopped waiting: sync\/gate-\S+ goes on; see tributary runs --source gate/,
    )

    const second = (await workspace.json(['sync', 'gate'])).value
    assert.deepEqual(normalised(second), {
      source: 'gate',
      started: false,
      workflowId: 'sync/gate-<time>',
      runId: '<run>',
    })
    const chosen = await workspace.run(['sync', 'gate', '--stream', 'left'])
    assert.equal(chosen.code, 1)
    assert.match(chosen.stderr, /^tributary: syncing gate: sync\/gate-\S+ is running already; wait for it/)

    const cancelled = (await workspace.json(['cancel', 'gate'])).value as { cancelled: unknown[] }
    assert.equal(cancelled.cancelled.length, 1)
    while ((await runsOf('gate'))[0]?.outcome === 'running') await sleep(50)
    assert.equal((await runsOf('gate'))[0]?.outcome, 'cancelled')
  })

  it('steers a run: more streams at once, one of them left out', async () => {
    await apply({ 'sources/steered.yaml': gateSource('steered') })
    const waiting = workspace.json(['sync', 'steered', '--wait'])
    await untilRunning('steered')
    assert.deepEqual(await workspace.json(['parallelism', 'steered', '--streams', '5']), {
      code: 0,
      value: { source: 'steered', parallelism: 5 },
    })
    const refused = await workspace.run(['parallelism', 'steered', '--streams', '65'])
    assert.deepEqual([refused.code, /a whole number from 1 to 64 is needed/.test(refused.stderr)], [1, true])
    assert.equal((await workspace.run(['skip-stream', 'steered', '--stream', 'left'])).code, 0)
    await workspace.write({ 'steered/right': '' })
    const { value } = await waiting
    const { streams } = value as { streams: { name: string; outcome: string }[] }
    assert.deepEqual(streams.map(({ name, outcome }) => [name, outcome]).sort(), [
      ['left', 'skipped'],
      ['right', 'succeeded'],
    ])
    const idle = await workspace.run(['skip-stream', 'steered', '--stream', 'left'])
    assert.match(idle.stderr, /^tributary: steering steered: no sync of it is running; start one/)
  })

  it('syncs chosen streams only', async () => {
    await apply({ 'sources/half.yaml': gateSource('half'), 'half/left': '' })
    const { code, value } = await workspace.json(['sync', 'half', '--stream', 'left', '--wait'])
    const { workflowId, reason, streams } = value as {
      workflowId: string
      reason: string
      streams: { name: string; rows: number; cursor: string }[]
    }
    assert.deepEqual(
      [code, workflowId, reason, streams.map(({ name, rows, cursor }) => [name, rows, cursor])],
      [0, 'sync/half-manual', 'manual', [['left', 2, 'two']]],
    )
  })

  it('prints the report of a run that failed, and exits with 1', async () => {
    await apply({ 'sources/nowhere.yaml': filesSource('nowhere') })
    const { code, value } = await workspace.json(['sync', 'nowhere', '--wait'])
    const { outcome, rows, error } = value as { outcome: string; rows: number; error?: { type: string } }
    assert.deepEqual([code, outcome, rows, error?.type], [1, 'failed', 0, 'ConfigInvalid'])
  })

  it('compares the steps of a stream, and takes it back to one', async () => {
    await apply({ 'sources/till.yaml': filesSource('till'), 'till/a.csv': 'id,name\n1,a\n' })
    await workspace.run(['sync', 'till', '--wait'])
    await workspace.write({ 'till/b.csv': 'id,name\n2,b\n3,c\n' })
    await workspace.run(['sync', 'till', '--wait'])
    const point = (sequence: number, cursor: string) => ({ sequence, generation: 1, cursor, at: '<time>' })
    const [diff] = (await workspace.json(['state', 'diff', 'till'])).value as { changes: { key: string }[] }[]
    const { changes, ...words } = diff!
    assert.deepEqual(normalised(words), {
      stream: 'orders',
      from: point(2, '1 of 1 files'),
      to: point(3, '1 of 1 files'),
      rows: 2,
      loads: 1,
    })
    assert.equal(changes.find(({ key }) => key === 'files') !== undefined, true)

    const back = await workspace.json(['state', 'rollback', 'till', '--stream', 'orders', '--to', '2'])
    assert.deepEqual(back, { code: 0, value: { stream: 'orders', sequence: 2, cursor: '1 of 1 files' } })
    const count = async () => (await workspace.run(['query', 'SELECT count() AS n FROM till.orders'])).stdout
    assert.equal(await count(), '{"n":1}\n')
    await workspace.run(['sync', 'till', '--wait'])
    assert.equal(await count(), '{"n":3}\n')
    const missing = await workspace.run(['state', 'rollback', 'till', '--stream', 'orders', '--to', '99'])
    assert.equal(missing.code, 1)
    assert.match(missing.stderr, /^tributary: rolling till.orders back to step 99: .*has no such step; /)
  })

  it('reads a stream anew, and follows it to its report', async () => {
    await apply({ 'sources/again.yaml': filesSource('again'), 'again/a.csv': 'id,name\n1,a\n' })
    await workspace.run(['sync', 'again', '--wait'])
    const { code, value } = await workspace.json(['reset', 'again', '--stream', 'orders', '--wait'])
    const { name, outcome, rows, workflowId } = value as Record<string, unknown>
    assert.deepEqual(
      [code, name, outcome, rows, workflowId],
      [0, 'orders', 'succeeded', 1, 'reset/again/orders'],
    )
    const [state] = (await workspace.json(['state', 'show', 'again'])).value as { generation: number }[]
    assert.equal(state?.generation, 2)
  })

  it('says which name was meant', async () => {
    await apply({ 'sources/orders.yaml': filesSource('orders') })
    const cases: [args: string[], said: RegExp][] = [
      [['sync', 'order'], /finding the source order: it is not published; did you mean orders\?/],
      [
        ['sync', 'orders', '--stream', 'oders'],
        /finding the stream oders of orders: .*did you mean orders\?/,
      ],
      [['pause', 'nothing'], /finding schedule sync\/nothing: there is none; run tributary apply/],
      [['query', 'SELECT * FROM orders.nix'], /running the statement: .*UNKNOWN_/],
    ]
    for (const [args, said] of cases) {
      const { code, stdout, stderr } = await workspace.run(args)
      assert.deepEqual([args, code, stdout], [args, 1, ''])
      assert.match(stderr, said)
      assert.equal(stderr.trimEnd().split('\n').length, 1)
    }
  })

  it('streams answers in the format that was asked for', async () => {
    const csv = await workspace.run([
      'query',
      'SELECT number AS n FROM numbers(3)',
      '--format',
      'CSVWithNames',
    ])
    assert.deepEqual([csv.code, csv.stdout], [0, '"n"\n0\n1\n2\n'])
    const own = await workspace.run(['query', 'SELECT 1 AS n FORMAT TSV'])
    assert.deepEqual([own.code, own.stdout], [0, '1\n'])
  })

  it('asks a connector through a worker', async () => {
    await apply({ 'sources/asked.yaml': filesSource('asked'), 'asked/a.csv': 'id,name\n1,a\n' })
    const check = (await workspace.json(['connector', 'check', 'asked'])).value
    assert.deepEqual(normalised(check), {
      ok: true,
      message: 'asked can be read',
      seconds: 'number',
      by: 'worker',
    })
    await workspace.write({
      'destinations/written.yaml': 'connector: destination-files\nconfig: { location: { folder: asked } }\n',
    })
    assert.deepEqual(normalised((await workspace.json(['connector', 'check', 'written'])).value), {
      ok: true,
      message: 'written can be written to',
      seconds: 'number',
      by: 'worker',
    })
    await workspace.write({ 'sources/asked.yaml': filesSource('elsewhere') })
    const { code, value } = await workspace.json(['connector', 'check', 'asked'])
    assert.deepEqual([code, (value as { ok: boolean }).ok], [1, false])
  })
})
