/** Old rows go by the ledger's rules: never what is not decided, never the newest state of a key, and the same however often. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { startClickHouse } from '../../local/clickhouse/launch.js'
import { connectWarehouse, type Warehouse } from '../../warehouse/client.js'
import { loadIdAt, newLoadId } from '../../warehouse/ledger/ids.js'
import { acceptLoad, openPosition, type Position, publishGeneration } from '../../warehouse/ledger/ledger.js'
import { NoSuchStep, rollback } from '../../warehouse/ledger/rollback.js'
import { foldPending } from '../../warehouse/loading/fold.js'
import { migrate } from '../../warehouse/migrations/migrate.js'
import { selectRows } from '../../warehouse/query.js'
import { countExpired, expireStream } from '../../warehouse/retention/expire-stream.js'
import { countOld, removeOld } from '../../warehouse/retention/remove-old.js'
import { prepareTables } from '../../warehouse/tables/prepare-tables.js'
import { setAside } from '../../warehouse/tables/set-aside.js'
import { currentTable, rowsTable, streamView } from '../../warehouse/tables/stream-table.js'
import { until } from '../support/until.js'
import {
  ORIGIN,
  openTestWarehouse,
  type TestStream,
  type TestWarehouse,
  testStream,
  writeLoad,
} from '../support/warehouse.js'

const DAY_MS = 86_400_000
/** Loads of a test are a day apart: the first on day 1. */
const day = (number: number): number => Date.UTC(2025, 0, 1) + number * DAY_MS
const beforeDay = (number: number): string => loadIdAt(day(number))

type Row = Readonly<Record<string, unknown>>

/** A stream with a clock of its own. */
class AgedStream {
  private constructor(
    readonly warehouse: Warehouse,
    readonly stream: TestStream,
    public position: Position,
  ) {}

  /** The same stream by another connection. */
  static of(warehouse: Warehouse, { stream, position }: AgedStream): AgedStream {
    return new AgedStream(warehouse, stream, position)
  }

  static async open(warehouse: Warehouse, name: string, keyed: boolean): Promise<AgedStream> {
    return AgedStream.begin(warehouse, testStream(name, { keyed }))
  }

  static async begin(warehouse: Warehouse, stream: TestStream): Promise<AgedStream> {
    await prepareTables(warehouse, stream.table, 'evolve')
    const opened = new AgedStream(warehouse, stream, {} as Position)
    await opened.openRun()
    await publishGeneration(warehouse, opened.key, opened.position, {}, ORIGIN)
    opened.position = { ...opened.position, sequence: opened.position.sequence + 1 }
    return opened
  }

  get key() {
    return { source: 'crm', stream: this.stream.table.stream }
  }

  async openRun(newGeneration = false): Promise<void> {
    const { keyed } = this.stream.table
    this.position = (
      await openPosition(this.warehouse, { ...this.key, lane: 'live', keyed, newGeneration })
    ).position
  }

  /** Writes a load that nobody has accepted yet. */
  write(number: number, rows: readonly Row[]) {
    const target = this.stream.target(this.position, newLoadId(day(number)))
    return writeLoad(this.warehouse, target, rows)
  }

  async accept(ended: Awaited<ReturnType<typeof writeLoad>>): Promise<void> {
    await acceptLoad(
      this.warehouse,
      this.key,
      this.position,
      { ...ended, state: '{"at":1}', cursor: 'c' },
      ORIGIN,
    )
    this.position = { ...this.position, sequence: ended.sequence }
    if (this.stream.table.keyed) await foldPending(this.warehouse, this.stream.table, this.position, ORIGIN)
  }

  async load(number: number, rows: readonly Row[]): Promise<void> {
    await this.accept(await this.write(number, rows))
  }

  expire(mode: 'append' | 'append_dedup' | 'overwrite', number: number) {
    return expireStream(this.warehouse, this.key, mode, beforeDay(number))
  }

  /** What people see: `id=name`. */
  async seen(): Promise<string[]> {
    return this.#names(streamView(this.stream.table))
  }

  /** Every row that is stored, seen or not. */
  async stored(): Promise<string[]> {
    return this.#names(rowsTable(this.stream.table))
  }

  async #names(from: string): Promise<string[]> {
    const rows = await selectRows<{ name: string }>(
      this.warehouse,
      `SELECT concat(toString(id), '=', ifNull(name, '')) AS name FROM ${from} ORDER BY name`,
    )
    return rows.map(({ name }) => name)
  }
}

describe('rows that are older than they are kept', function () {
  this.timeout(120_000)
  let open: TestWarehouse
  let warehouse: Warehouse
  let names = 0

  before(async () => {
    open = await openTestWarehouse()
    warehouse = open.warehouse
  })
  after(() => open?.close())

  const begin = (keyed: boolean) => AgedStream.open(warehouse, `aged_${++names}`, keyed)
  const positionOf = (stream: AgedStream) =>
    openPosition(stream.warehouse, {
      ...stream.key,
      lane: 'live',
      keyed: stream.stream.table.keyed,
      newGeneration: false,
    }).then(({ state, cursor, position: { sequence, generation } }) => ({
      state,
      cursor,
      sequence,
      generation,
    }))

  it('go from a stream that only grows, whole loads at a time; its position stays', async () => {
    const stream = await begin(false)
    await stream.load(1, [
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
    ])
    await stream.load(2, [{ id: 1, name: 'c' }])
    await stream.load(3, [{ id: 3, name: 'd' }])
    const before = await positionOf(stream)
    const counted = await countExpired(warehouse, stream.key, 'append', beforeDay(3))
    assert.deepEqual(await stream.seen(), ['1=a', '1=c', '2=b', '3=d'])
    const gone = await stream.expire('append', 3)
    assert.deepEqual(
      { counted: counted.rows, gone: gone.rows, again: (await stream.expire('append', 3)).rows },
      { counted: 3, gone: 3, again: 0 },
    )
    assert.deepEqual(
      { seen: await stream.seen(), stored: await stream.stored() },
      { seen: ['3=d'], stored: ['3=d'] },
    )
    assert.deepEqual(await positionOf(stream), before)
    await stream.load(4, [{ id: 4, name: 'e' }])
    assert.deepEqual(await stream.seen(), ['3=d', '4=e'])
  })

  it('stay while their load is not decided, and count as old once it is', async () => {
    const stream = await begin(false)
    const pending = await stream.write(1, [{ id: 1, name: 'pending' }])
    assert.deepEqual([(await stream.expire('append', 9)).rows, await stream.stored()], [0, ['1=pending']])
    await stream.accept(pending)
    assert.deepEqual([await stream.seen(), (await stream.expire('append', 9)).rows], [['1=pending'], 1])
    assert.deepEqual(await stream.stored(), [])
  })

  it('go from void loads too, once a later run has gone past them', async () => {
    const stream = await begin(false)
    await stream.write(1, [{ id: 1, name: 'dead' }])
    await stream.openRun()
    await stream.load(2, [{ id: 2, name: 'b' }])
    assert.deepEqual(await stream.stored(), ['1=dead', '2=b'])
    await stream.expire('overwrite', 2)
    assert.deepEqual(await stream.stored(), ['2=b'])
  })

  it('stay where a stream is read as a whole: they are what the source shows now', async () => {
    const stream = await begin(false)
    await stream.load(1, [{ id: 1, name: 'a' }])
    assert.deepEqual([(await stream.expire('overwrite', 9)).rows, await stream.seen()], [0, ['1=a']])
  })

  it('go from generations that were replaced, and not from one that is being read', async () => {
    const stream = await begin(false)
    await stream.load(1, [{ id: 1, name: 'a' }])
    await stream.openRun(true)
    await stream.load(2, [{ id: 2, name: 'building' }])
    await stream.expire('overwrite', 9)
    assert.deepEqual([await stream.seen(), await stream.stored()], [['1=a'], ['1=a', '2=building']])
    await publishGeneration(warehouse, stream.key, stream.position, {}, ORIGIN)
    await stream.expire('overwrite', 9)
    assert.deepEqual([await stream.seen(), await stream.stored()], [['2=building'], ['2=building']])
  })

  it('stay while the stream is being read anew into other tables', async () => {
    const stream = await begin(false)
    await stream.load(1, [{ id: 1, name: 'a' }])
    await setAside(warehouse, stream.key)
    assert.deepEqual([(await stream.expire('append', 9)).rows, await stream.seen()], [0, ['1=a']])
  })

  it('stay where one row a key is kept and they are the newest state; what they replaced goes', async () => {
    const stream = await begin(true)
    await stream.load(1, [
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
    ])
    await stream.load(2, [{ id: 1, name: 'c' }])
    await stream.load(4, [{ id: 2, name: 'd' }])
    assert.equal((await countExpired(warehouse, stream.key, 'append_dedup', beforeDay(3))).rows, 1)
    assert.equal((await stream.expire('append_dedup', 3)).rows, 1)
    assert.deepEqual(
      [await stream.seen(), await stream.stored()],
      [
        ['1=c', '2=d'],
        ['1=c', '2=b', '2=d'],
      ],
    )
    assert.equal((await stream.expire('append_dedup', 9)).rows, 1)
    assert.deepEqual(
      [await stream.seen(), await stream.stored()],
      [
        ['1=c', '2=d'],
        ['1=c', '2=d'],
      ],
    )
  })

  it('leave nothing behind of a state that was replaced, also where the engine has not merged it away', async () => {
    const stream = await begin(true)
    await warehouse.command({ query: `SYSTEM STOP MERGES ${currentTable(stream.stream.table)}` })
    await stream.load(1, [
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
    ])
    await stream.load(2, [{ id: 1, name: 'c' }])
    await warehouse.command({ query: `SYSTEM START MERGES ${currentTable(stream.stream.table)}` })
    await stream.expire('append_dedup', 3)
    assert.deepEqual(
      await selectRows(warehouse, `SELECT name FROM ${currentTable(stream.stream.table)} ORDER BY name`),
      [{ name: 'b' }, { name: 'c' }],
    )
  })

  it('are told apart by keys of any name and number', async () => {
    const schema = {
      type: 'object',
      properties: { epoch: { type: 'integer' }, sequence: { type: 'integer' }, name: { type: 'string' } },
      required: ['epoch', 'sequence'],
    } as const
    const stream = testStream(`aged_${++names}`, { keyed: true, schema, key: ['sequence', 'epoch'] })
    const aged = await AgedStream.begin(warehouse, stream)
    const state = (epoch: number, sequence: number, name: string) => ({ epoch, sequence, name })
    await aged.load(1, [state(1, 2, 'a'), state(2, 1, 'b'), state(1, 1, 'c')])
    await aged.load(2, [state(1, 2, 'd')])
    assert.equal((await aged.expire('append_dedup', 3)).rows, 1)
    const kept = (from: string) => selectRows(warehouse, `SELECT name FROM ${from} ORDER BY name`)
    assert.deepEqual(await kept(rowsTable(stream.table)), [{ name: 'b' }, { name: 'c' }, { name: 'd' }])
    assert.deepEqual(await kept(streamView(stream.table)), [{ name: 'b' }, { name: 'c' }, { name: 'd' }])
  })

  it('go while a sync writes, which is not disturbed', async () => {
    const [grows, keyed] = [await begin(false), await begin(true)]
    for (const stream of [grows, keyed]) {
      await stream.load(1, [{ id: 1, name: 'a' }])
      await stream.load(2, [{ id: 1, name: 'b' }])
      const mode = stream === keyed ? 'append_dedup' : 'append'
      const young = Array.from({ length: 300 }, (_, id) => ({ id: id + 2, name: 'young' }))
      const [gone] = await Promise.all([
        stream.expire(mode, 3),
        (async () => {
          for (const number of [10, 11, 12]) await stream.load(number, young)
        })(),
      ])
      const copies = mode === 'append' ? 3 : 1
      assert.deepEqual(
        [gone.rows, (await stream.seen()).filter((name) => /=young$/.test(name)).length],
        [mode === 'append' ? 2 : 1, 300 * copies],
      )
    }
    assert.equal((await keyed.seen()).includes('1=b'), true)
  })

  it('leave every younger step of a keyed stream as it was, and refuse the older ones', async () => {
    const change = fc.record({
      id: fc.integer({ min: 1, max: 4 }),
      name: fc.constantFrom('a', 'b', 'c'),
      _deleted: fc.constantFrom(false, false, true),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(change, { maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
        async (loads, cutoffs) => {
          const stream = await begin(true)
          const steps: { readonly sequence: number; readonly seen: string[] }[] = []
          for (const [index, rows] of loads.entries()) {
            await stream.load(
              index + 1,
              rows.map(({ _deleted, ...row }) => (_deleted ? { id: row.id, _deleted } : row)),
            )
            steps.push({ sequence: stream.position.sequence, seen: await stream.seen() })
          }
          for (const cutoff of cutoffs) await stream.expire('append_dedup', cutoff)
          assert.deepEqual(await stream.seen(), steps.at(-1)!.seen)
          const old = Math.min(Math.max(...cutoffs) - 1, loads.length)
          for (const [index, { sequence, seen }] of [...steps.entries()].reverse()) {
            const back = rollback(warehouse, stream.stream.table, sequence, ORIGIN)
            if (index + 1 < old) {
              await assert.rejects(back, NoSuchStep)
              break
            }
            await back
            assert.deepEqual(await stream.seen(), seen)
          }
        },
      ),
      { numRuns: Number(process.env.TRIBUTARY_LAW_RUNS ?? 6), endOnFailure: true },
    )
  })

  for (const keyed of [false, true]) {
    const mode = keyed ? 'append_dedup' : 'append'
    it(`are gone in the end wherever a removal was cut off (${mode})`, async () => {
      for (let statements = 0; ; statements += 1) {
        const stream = await begin(keyed)
        await stream.load(1, [
          { id: 1, name: 'a' },
          { id: 2, name: 'b' },
        ])
        await stream.load(2, [{ id: 1, name: 'c' }])
        await stream.load(5, [{ id: 3, name: 'd' }])
        const [cut, wasCut] = dyingAfter(warehouse, statements)
        const removal = expireStream(cut, stream.key, mode, beforeDay(4))
        await removal.catch((error: unknown) => assert.equal((error as Error).message, 'killed'))
        assert.deepEqual(
          (await stream.seen()).filter((name) => name === '3=d'),
          ['3=d'],
        )
        await stream.expire(mode, 4)
        assert.deepEqual(await stream.stored(), keyed ? ['1=c', '2=b', '3=d'] : ['3=d'])
        assert.deepEqual(
          await selectRows(
            warehouse,
            "SELECT max(before_load) = {before:UInt64} AS done FROM tributary.expirations WHERE stream = {stream:String} AND event = 'done'",
            { stream: stream.key.stream, before: beforeDay(4) },
          ),
          [{ done: 1 }],
        )
        if (!wasCut()) break
      }
    })
  }

  it('are gone in the end where the engine was killed while it wrote parts anew', async () => {
    const engine = await openKillableWarehouse()
    try {
      const stream = await AgedStream.open(engine.warehouse(), 'killed', false)
      const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, name: 'x'.repeat(50) }))
      await stream.load(1, rows)
      await stream.load(5, [{ id: 1, name: 'young' }])
      const before = await positionOf(stream)
      const removal = stream.expire('append', 4).catch(() => undefined)
      await until(async () => {
        const [row] = await selectRows<{ count: string }>(
          engine.warehouse(),
          'SELECT count() AS count FROM system.mutations',
        )
        return row?.count !== '0'
      })
      await engine.killAndRestart()
      await removal
      const again = AgedStream.of(engine.warehouse(), stream)
      await again.expire('append', 4)
      assert.deepEqual([await again.seen(), await again.stored()], [['1=young'], ['1=young']])
      assert.deepEqual(await positionOf(again), before)
    } finally {
      await engine.close()
    }
  })

  it('are counted and removed of all streams that a source reads; of the others nothing', async () => {
    const [grows, left] = [await begin(false), await begin(false)]
    await grows.load(1, [{ id: 1, name: 'a' }])
    await left.load(1, [{ id: 1, name: 'a' }])
    const old = {
      kind: 'raw' as const,
      before: new Date(day(2)),
      modeOf: ({ stream }: { readonly stream: string }) =>
        stream === grows.key.stream ? ('append' as const) : undefined,
    }
    const names = ({ streams, rows, streamsInAll }: Awaited<ReturnType<typeof countOld>>) => ({
      rows,
      streamsInAll,
      streams: streams.map((line) => [line.name, line.rows, line.bytes > 0]),
    })
    const expected = { rows: 1, streamsInAll: 1, streams: [[`crm.${grows.key.stream}`, 1, true]] }
    assert.deepEqual(names(await countOld(warehouse, old)), expected)
    assert.deepEqual(names(await removeOld(warehouse, old)), expected)
    assert.deepEqual([await grows.seen(), await left.seen()], [[], ['1=a']])
  })
})

/** An engine that can be killed as a power cut would, and started again on what is on disk. */
async function openKillableWarehouse() {
  const dataDir = await mkdtemp(join(tmpdir(), 'tributary-engine-'))
  const credentials = { user: 'tester', password: 'tester-password' }
  const start = async () => {
    const engine = await startClickHouse({ dataDir, ...credentials })
    return {
      engine,
      warehouse: connectWarehouse({ url: engine.url, username: 'tester', password: 'tester-password' }),
    }
  }
  let running = await start()
  await migrate(running.warehouse)
  return {
    warehouse: () => running.warehouse,
    async killAndRestart() {
      const exited = once(running.engine.child, 'exit')
      process.kill(running.engine.pid, 'SIGKILL')
      await exited
      await running.warehouse.close()
      running = await start()
    },
    async close() {
      await running.warehouse.close()
      await running.engine.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** The same warehouse, whose client is killed when it has sent so many statements that change something. */
function dyingAfter(warehouse: Warehouse, statements: number): [Warehouse, wasKilled: () => boolean] {
  let left = statements
  let killed = false
  const dying = new Proxy(warehouse, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown
      if (typeof value !== 'function') return value
      if (!['command', 'insert'].includes(String(name))) return value.bind(target)
      return (...args: unknown[]) => {
        if (left === 0) {
          killed = true
          throw new Error('killed')
        }
        left -= 1
        return value.apply(target, args)
      }
    },
  })
  return [dying, () => killed]
}

describe('rejects and the log of changes', function () {
  this.timeout(60_000)
  let open: TestWarehouse
  let warehouse: Warehouse

  before(async () => {
    open = await openTestWarehouse()
    warehouse = open.warehouse
  })
  after(() => open?.close())

  const at = (number: number) => new Date(day(number)).toISOString().replace('T', ' ').replace('Z', '')
  const insert = (table: string, values: readonly Row[]) =>
    warehouse.insert({
      table,
      values: [...values],
      columns: Object.keys(values[0]!) as [string, ...string[]],
      format: 'JSONEachRow',
    })
  const rejectsKept = () => selectRows(warehouse, 'SELECT reason FROM tributary.rejects ORDER BY reason')
  const remove = (kind: 'rejects' | 'audit', number: number) =>
    removeOld(warehouse, { kind, before: new Date(day(number)), modeOf: () => undefined })

  it('go when they are older; a replay goes with its reject, and an undecided load keeps its own', async () => {
    const stream = await AgedStream.open(warehouse, 'rejecting', false)
    const pending = newLoadId(day(1))
    await stream.load(1, [{ id: 1, name: 'a' }])
    await insert('tributary.loads', [
      {
        source: 'crm',
        stream: 'other',
        lane: 'live',
        event: 'started',
        epoch: '5',
        sequence: 1,
        load_id: pending,
      },
    ])
    const reject = { source: 'crm', stream: 'rejecting', raw: '{}' }
    await insert('tributary.rejects', [
      { ...reject, load_id: '7', ordinal: 0, reason: 'old', at: at(1) },
      { ...reject, load_id: '8', ordinal: 0, reason: 'young', at: at(3) },
      { ...reject, load_id: pending, ordinal: 0, reason: 'undecided', at: at(1) },
    ])
    const replay = { source: 'crm', stream: 'rejecting', reject_ordinal: 0, load_id: '9' }
    await insert('tributary.replays', [
      { ...replay, reject_load_id: '7' },
      { ...replay, reject_load_id: '8' },
    ])
    const counted = await countOld(warehouse, {
      kind: 'rejects',
      before: new Date(day(2)),
      modeOf: () => undefined,
    })
    assert.deepEqual([counted.rows, (await remove('rejects', 2)).rows], [1, 1])
    assert.deepEqual(await rejectsKept(), [{ reason: 'undecided' }, { reason: 'young' }])
    assert.deepEqual(
      await selectRows(warehouse, 'SELECT toString(reject_load_id) AS id FROM tributary.replays'),
      [{ id: '8' }],
    )
    assert.deepEqual((await remove('rejects', 2)).rows, 0)
  })

  it('are kept as long as the workspace says, not for the 90 days of the table of old', async () => {
    await insert('tributary.rejects', [
      { source: 'crm', stream: 's', load_id: '1', ordinal: 0, reason: 'a year old', raw: '', at: at(0) },
    ])
    await warehouse.command({ query: 'OPTIMIZE TABLE tributary.rejects FINAL' })
    assert.deepEqual(await rejectsKept(), [
      { reason: 'a year old' },
      { reason: 'undecided' },
      { reason: 'young' },
    ])
  })

  it('go from the log of changes when they are older', async () => {
    const entry = { actor: 'ann', action: 'apply', detail: '' }
    await insert('tributary.audit', [
      { ...entry, subject: 'old', at: at(1) },
      { ...entry, subject: 'young', at: at(2) },
    ])
    assert.equal((await remove('audit', 2)).rows, 1)
    assert.deepEqual(await selectRows(warehouse, 'SELECT subject FROM tributary.audit'), [
      { subject: 'young' },
    ])
  })
})
