/** Old rows go by the ledger's rules: never what is not decided, never the newest state of a key, and the same however often. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Warehouse } from '../../warehouse/client.js'
import { openPosition, publishGeneration } from '../../warehouse/ledger/ledger.js'
import { NoSuchStep, rollback } from '../../warehouse/ledger/rollback.js'
import { selectRows } from '../../warehouse/query.js'
import { countExpired, expireStream } from '../../warehouse/retention/expire-stream.js'
import { countOld, removeOld } from '../../warehouse/retention/remove-old.js'
import { setAside } from '../../warehouse/tables/set-aside.js'
import { currentTable, rowsTable, streamView } from '../../warehouse/tables/stream-table.js'
import { AgedStream, beforeDay, day } from '../support/aged-stream.js'
import { dyingAfter, openKillableWarehouse } from '../support/killed-warehouse.js'
import { until } from '../support/until.js'
import { ORIGIN, openTestWarehouse, type TestWarehouse, testStream } from '../support/warehouse.js'

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
