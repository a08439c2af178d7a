/** The commit protocol on a real engine: what is visible when, whoever writes late. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Warehouse } from '../../warehouse/client.js'
import { acceptLoad, openPosition, type Position, publishGeneration } from '../../warehouse/ledger/ledger.js'
import { rollback } from '../../warehouse/ledger/rollback.js'
import { showState } from '../../warehouse/ledger/state.js'
import { foldPending } from '../../warehouse/loading/fold.js'
import { sweepStream } from '../../warehouse/loading/sweep.js'
import { selectRow, selectRows } from '../../warehouse/query.js'
import { prepareTables } from '../../warehouse/tables/prepare-tables.js'
import { setAside, standing } from '../../warehouse/tables/set-aside.js'
import { streamView } from '../../warehouse/tables/stream-table.js'
import {
  ORIGIN,
  openTestWarehouse,
  type TestStream,
  type TestWarehouse,
  testStream,
  writeLoad,
} from '../support/warehouse.js'

describe('the ledger', () => {
  let open: TestWarehouse
  let warehouse: Warehouse
  let streams = 0

  before(async () => {
    open = await openTestWarehouse()
    warehouse = open.warehouse
  })
  after(() => open?.close())

  async function begin(
    keyed: boolean,
    name = `people_${++streams}`,
  ): Promise<{ stream: TestStream; position: Position }> {
    const stream = testStream(name, { keyed })
    await prepareTables(warehouse, stream.table, 'evolve')
    return { stream, position: await openRun(stream, false) }
  }

  /** Opens a run as the activity does. */
  async function openRun(stream: TestStream, newGeneration: boolean): Promise<Position> {
    const { stream: name, keyed } = stream.table
    const opened = await openPosition(warehouse, {
      source: 'crm',
      stream: name,
      lane: 'live',
      keyed,
      newGeneration,
    })
    if (!opened.first) return opened.position
    await publishGeneration(warehouse, { source: 'crm', stream: name }, opened.position, {}, ORIGIN)
    return { ...opened.position, sequence: opened.position.sequence + 1 }
  }

  const key = (stream: TestStream) => ({ source: 'crm', stream: stream.table.stream })
  const load = (stream: TestStream, position: Position, ids: readonly number[], name = 'x') =>
    writeLoad(
      warehouse,
      stream.target(position),
      ids.map((id) => ({ id, name })),
    )
  async function accept(
    stream: TestStream,
    position: Position,
    ended: Awaited<ReturnType<typeof load>>,
    state = '{}',
  ) {
    await acceptLoad(warehouse, key(stream), position, { ...ended, state }, ORIGIN)
    if (stream.table.keyed) await foldPending(warehouse, stream.table, position, ORIGIN)
    return { ...position, sequence: ended.sequence }
  }
  const visible = async (stream: TestStream) =>
    (
      await selectRows<{ id: string }>(warehouse, `SELECT id FROM ${streamView(stream.table)} ORDER BY id`)
    ).map((row) => Number(row.id))

  for (const keyed of [false, true]) {
    describe(keyed ? 'of a keyed stream' : 'of a stream that appends', () => {
      it('shows a load when it is accepted, and not before', async () => {
        const { stream, position } = await begin(keyed)
        const ended = await load(stream, position, [1, 2])
        assert.deepEqual(await visible(stream), [])
        await accept(stream, position, ended)
        assert.deepEqual(await visible(stream), [1, 2])
      })

      it('takes a repeated acceptance as one', async () => {
        const { stream, position } = await begin(keyed)
        const ended = await load(stream, position, [1, 2])
        await accept(stream, position, ended)
        await accept(stream, position, ended)
        assert.deepEqual(await visible(stream), [1, 2])
        assert.equal(
          (await showState(warehouse, 'crm')).find((row) => row.stream === stream.table.stream)?.rows,
          2,
        )
      })

      it('never shows what an attempt wrote that nobody waited for', async () => {
        const { stream, position } = await begin(keyed)
        await load(stream, position, [1, 2])
        const next = await accept(stream, position, await load(stream, position, [1, 2, 3]))
        await load(stream, next, [99])
        assert.deepEqual(await visible(stream), [1, 2, 3])
        assert.deepEqual(await sweepStream(warehouse, stream.table), { voidLoads: 2, droppedPartitions: 0 })
        assert.deepEqual(await visible(stream), [1, 2, 3])
      })

      it('voids an acceptance of an older run that arrives after a newer run has begun', async () => {
        const { stream, position } = await begin(keyed)
        const first = await accept(stream, position, await load(stream, position, [1]))
        const late = await load(stream, first, [2], 'of the old run')
        const newer = await openRun(stream, false)
        await accept(stream, newer, await load(stream, newer, [2, 3], 'of the new run'))
        await accept(stream, first, late)
        assert.deepEqual(await visible(stream), [1, 2, 3])
        const names = await selectRows(
          warehouse,
          `SELECT DISTINCT name FROM ${streamView(stream.table)} WHERE id = 2`,
        )
        assert.deepEqual(names, [{ name: 'of the new run' }])
      })

      it('switches to a new generation when it is published, and drops the old one', async () => {
        const { stream, position } = await begin(keyed)
        await accept(stream, position, await load(stream, position, [1, 2]))
        const rebuild = await openRun(stream, true)
        const built = await accept(stream, rebuild, await load(stream, rebuild, [3]))
        assert.deepEqual(await visible(stream), [1, 2])
        await publishGeneration(warehouse, key(stream), built, { state: '{}' }, ORIGIN)
        assert.deepEqual(await visible(stream), [3])
        assert.equal((await sweepStream(warehouse, stream.table)).droppedPartitions, keyed ? 2 : 1)
        assert.deepEqual(await visible(stream), [3])
      })

      it('goes on from the state of the current generation after a rebuild that failed', async () => {
        const { stream, position } = await begin(keyed)
        await accept(stream, position, await load(stream, position, [1]), '{"at":1}')
        const rebuild = await openRun(stream, true)
        await accept(stream, rebuild, await load(stream, rebuild, [7]), '{"at":7}')
        const again = await openPosition(warehouse, {
          ...key(stream),
          lane: 'live',
          keyed,
          newGeneration: false,
        })
        assert.deepEqual(
          { state: again.state, generation: again.position.generation, sequence: again.position.sequence },
          { state: '{"at":1}', generation: 1, sequence: 3 },
        )
        assert.deepEqual(await visible(stream), [1])
      })

      it('goes back to an earlier step, and on from there', async () => {
        const { stream, position } = await begin(keyed)
        const one = await accept(stream, position, await load(stream, position, [1], 'first'), '{"at":1}')
        const two = await accept(
          stream,
          one,
          await load(stream, one, [1, 2].slice(keyed ? 0 : 1), 'second'),
          '{"at":2}',
        )
        await accept(stream, two, await load(stream, two, [3], 'third'), '{"at":3}')
        assert.deepEqual(await visible(stream), [1, 2, 3])
        await rollback(warehouse, stream.table, one.sequence, ORIGIN)
        const rows = await selectRows(warehouse, `SELECT name FROM ${streamView(stream.table)} WHERE id = 1`)
        assert.deepEqual(rows, [{ name: 'first' }])
        assert.deepEqual(await visible(stream), [1])
        const next = await openPosition(warehouse, {
          ...key(stream),
          lane: 'live',
          keyed,
          newGeneration: false,
        })
        assert.equal(next.state, '{"at":1}')
        await accept(stream, next.position, await load(stream, next.position, [4]))
        assert.deepEqual(await visible(stream), [1, 4])
      })
    })
  }

  it('keeps the newest change of a key within a load, and removes what the source deleted', async () => {
    const { stream, position } = await begin(true)
    const records = [
      { id: 1, name: 'old' },
      { id: 2, name: 'kept' },
      { id: 1, name: 'new' },
      { id: 2, _deleted: true },
    ]
    await accept(stream, position, await writeLoad(warehouse, stream.target(position), records))
    const rows = await selectRows(warehouse, `SELECT id, name FROM ${streamView(stream.table)}`)
    assert.deepEqual(rows, [{ id: '1', name: 'new' }])
  })

  it('keeps what a rollback left half done out of every later one', async () => {
    const { stream, position } = await begin(true)
    const one = await accept(stream, position, await load(stream, position, [1], 'first'))
    const two = await accept(stream, one, await load(stream, one, [1, 2], 'second'))
    // It ends after its rows were folded and before it is published.
    const endsEarly: Warehouse = Object.assign(Object.create(warehouse), {
      insert: (params: Parameters<Warehouse['insert']>[0]) =>
        JSON.stringify(params.values).includes('"published"')
          ? Promise.reject(new Error('killed'))
          : warehouse.insert(params),
    })
    await assert.rejects(() => rollback(endsEarly, stream.table, two.sequence, ORIGIN), /killed/)
    await rollback(warehouse, stream.table, one.sequence, ORIGIN)
    const rows = await selectRows(warehouse, `SELECT id, name FROM ${streamView(stream.table)} ORDER BY id`)
    assert.deepEqual(rows, [{ id: '1', name: 'first' }])
  })

  it('shows what was built beside tables of another shape once it is published, whoever comes next', async () => {
    const { stream, position } = await begin(false)
    await accept(stream, position, await load(stream, position, [1]))
    await setAside(warehouse, stream.table)
    await prepareTables(warehouse, stream.table, 'evolve')
    const built = await openRun(stream, true)
    assert.deepEqual(await visible(stream), [1])
    const ended = await accept(stream, built, await load(stream, built, [2]))
    await publishGeneration(warehouse, key(stream), ended, {}, ORIGIN)
    await prepareTables(warehouse, stream.table, 'evolve')
    assert.deepEqual(await visible(stream), [2])
    assert.equal(await standing(warehouse, stream.table), 'own')
  })

  it('folds at the next run what a crash left accepted but not folded', async () => {
    const { stream, position } = await begin(true)
    const ended = await load(stream, position, [1])
    await acceptLoad(warehouse, key(stream), position, ended, ORIGIN)
    const next = await openRun(stream, false)
    await accept(stream, next, await load(stream, next, [2]))
    assert.deepEqual(await visible(stream), [1, 2])
  })

  it('agrees with a plain model of validity, whatever the order of epochs and acceptances', async () => {
    const step = fc.record({
      epoch: fc.integer({ min: 1, max: 6 }),
      sequence: fc.integer({ min: 1, max: 8 }),
    })
    const history = fc.tuple(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 6, maxLength: 6 }),
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(history, async ([steps, bases]) => {
        const stream = `model_${run++}`
        const rows = steps
          .map(({ epoch, sequence }) => ({
            epoch,
            sequence,
            base: Math.min(bases[epoch - 1] ?? 0, sequence - 1),
          }))
          // An epoch has one base: that of its first step here.
          .map((row, _, all) => ({ ...row, base: all.find((other) => other.epoch === row.epoch)!.base }))
          .filter((row) => row.sequence > row.base)
        await warehouse.insert({
          table: 'tributary.loads',
          values: rows.map((row, index) => ({
            ...row,
            source: 'crm',
            stream,
            lane: 'live',
            event: 'accepted',
            load_id: index + 1,
          })),
          columns: ['source', 'stream', 'lane', 'event', 'epoch', 'base', 'sequence', 'load_id'],
          format: 'JSONEachRow',
        })
        const expected = rows.flatMap((row, index) =>
          rows.some((later) => later.epoch > row.epoch && later.base < row.sequence) ? [] : [index + 1],
        )
        const found = await selectRow<{ ids: string[] }>(
          warehouse,
          `SELECT arraySort(groupArray(load_id)) AS ids FROM tributary.valid_loads(source = 'crm', stream = {stream:String})`,
          { stream },
        )
        assert.deepEqual(found?.ids.map(Number), expected)
      }),
      { numRuns: 40 },
    )
  })
})
