/** Facts follow their stream: new loads, changes, deletions, steps back, readings anew, and rows that are too old. */
import assert from 'node:assert/strict'
import type { Warehouse } from '../../../warehouse/client.js'
import { selectRows } from '../../../warehouse/query.js'
import { acceptTestStep, testStep } from '../../facts/facts.testing.js'
import { settleMapping } from '../settle-mapping.js'
import { stageMapping } from '../stage-mapping.js'
import { factsOf, runMapping, type TestMapping } from '../streams.testing.js'
import { type Orders, row } from './orders.testing.js'

export function following(world: Orders): void {
  const { orders, totals } = world
  let warehouse: Warehouse
  before(() => {
    warehouse = world.warehouse
  })

  it('takes only new loads, and nothing where there are none', async () => {
    const { stream, input } = await orders()
    await stream.load([row(1, 5)])
    await runMapping(warehouse, input)
    assert.equal(await stageMapping(testStep(warehouse), input), undefined)
    await stream.write([row(7, 70)])
    assert.equal(await stageMapping(testStep(warehouse), input), undefined)
    await stream.load([row(2, 6), row(3, 7)])
    assert.equal((await runMapping(warehouse, input))?.load.rows, 2)
    assert.deepEqual(await totals(input), [5, 6, 7])
  })

  it('lets the newest of rows with the same key count', async () => {
    const { stream, input } = await orders()
    await stream.load([
      row(1, 5),
      row(1, 6, { _extracted_at: '2026-05-02T00:00:00.000Z' }),
      row(1, 4, { _extracted_at: '2026-04-02T00:00:00.000Z' }),
    ])
    await runMapping(warehouse, input)
    assert.deepEqual(await totals(input), [6])
    await stream.load([row(1, 3, { _extracted_at: '2026-05-01T12:00:00.000Z' }), row(2, 1)])
    await runMapping(warehouse, input)
    assert.deepEqual(await totals(input), [1, 6])
    await stream.load([row(1, 8, { _extracted_at: '2026-06-01T00:00:00.000Z' })])
    await runMapping(warehouse, input)
    assert.deepEqual(await totals(input), [1, 8])
  })

  it('takes the facts of rows away that changed or were deleted, and says whom they were about', async () => {
    const { stream, input } = await orders({
      mode: 'append_dedup',
    })
    await stream.load([row(1, 5), row(2, 6), row(3, 7)])
    await runMapping(warehouse, input)
    await stream.load([row(1, 50), row(2, 6), { ...row(3, null), _deleted: 1 }, row(4, 8)])
    const staged = await stageMapping(testStep(warehouse), input)
    assert.deepEqual(await totals(input), [5, 6, 7])
    await acceptTestStep(warehouse, staged!)
    assert.equal(await settleMapping(testStep(warehouse), input.name), 1)
    assert.equal(await settleMapping(testStep(warehouse), input.name), 0)
    assert.deepEqual(await totals(input), [6, 8, 50])
    const about = await selectRows(
      warehouse,
      `SELECT DISTINCT value FROM cdp.retracted__rows INNER JOIN cdp.nodes USING node
       WHERE mapping = {name:String} ORDER BY value`,
      { name: input.name },
    )
    assert.deepEqual(about, [{ value: 'c1' }, { value: 'c3' }])
  })

  it('settles what the refresh before left, before it maps anything more', async () => {
    const { stream, input } = await orders({ mode: 'append_dedup' })
    await stream.load([row(1, 5)])
    await runMapping(warehouse, input)
    await stream.load([row(1, 6)])
    await acceptTestStep(warehouse, (await stageMapping(testStep(warehouse), input))!)
    await stream.load([row(1, 7)])
    await runMapping(warehouse, input)
    assert.deepEqual(await totals(input), [7])
  })

  it('compares a stream that was read anew row by row: what stayed is no news', async () => {
    const { stream, input } = await orders({ mode: 'overwrite' })
    await stream.load([row(1, 5), row(2, 6), row(3, 7, { at: null })])
    await runMapping(warehouse, input)
    const later = { _extracted_at: '2026-06-01T00:00:00.000Z' }
    await stream.overwrite([row(1, 5, later), row(3, 7, { at: null, ...later }), row(4, 8, later)])
    assert.equal((await runMapping(warehouse, input))?.load.rows, 1)
    assert.deepEqual(await totals(input), [5, 7, 8])
    assert.equal(await stageMapping(testStep(warehouse), input), undefined)
  })

  for (const mode of ['append', 'append_dedup'] as const) {
    it(`follows a stream that goes back to an earlier step (${mode})`, async () => {
      const { stream, input } = await orders({ mode })
      await stream.load([row(1, 5)])
      const step = stream.sequence
      await stream.load([row(2, 6), ...(mode === 'append' ? [] : [row(1, 9)])])
      await runMapping(warehouse, input)
      assert.deepEqual(await totals(input), mode === 'append' ? [5, 6] : [6, 9])
      await stream.rollback(step)
      await runMapping(warehouse, input)
      assert.deepEqual(await totals(input), [5])
      await stream.load([row(3, 7)])
      assert.equal((await runMapping(warehouse, input))?.load.rows, 1)
      assert.deepEqual(await totals(input), [5, 7])
    })
  }

  it('waits for a load that is accepted but not folded yet', async () => {
    const { stream, input } = await orders({ mode: 'append_dedup' })
    await stream.load([row(1, 5)])
    await runMapping(warehouse, input)
    await stream.load([row(2, 6)], { folds: false })
    assert.equal(await stageMapping(testStep(warehouse), input), undefined)
    await stream.load([row(3, 7)])
    await runMapping(warehouse, input)
    assert.deepEqual(await totals(input), [5, 6, 7])
  })

  it('says that the stream of its facts is gone', async () => {
    const { stream, input } = await orders()
    const { source, stream: view } = stream.table
    await stream.load([row(1, 5)])
    await runMapping(warehouse, input)
    await warehouse.command({ query: `DROP VIEW \`${source}\`.\`${view}\`` })
    await assert.rejects(stageMapping(testStep(warehouse), input), /has no till\.\S+ any more; load it again/)
    assert.deepEqual(await totals(input), [5])
  })

  it('finds the facts of a message id that a row no longer has', async () => {
    const { stream, input } = await orders({ mode: 'append_dedup' })
    const mapping = {
      ...input,
      mapping: {
        ...input.mapping,
        events: input.mapping.events!.map((event) => ({ ...event, message_id: ['customer'] })),
      },
    }
    await stream.load([row(1, 5, { customer: 'x' }), row(2, 6)])
    await runMapping(warehouse, mapping)
    await stream.load([row(1, 5, { customer: 'y' })])
    await runMapping(warehouse, mapping)
    const { events } = await factsOf(warehouse, input.name)
    assert.deepEqual(
      events.map((event) => (event as { message_id: string }).message_id),
      ['c2', 'y'],
    )
  })

  it('takes back what rows said that are too old to be kept, and no more', async () => {
    const { stream, input } = await orders()
    const paid = (id: number, total: number) => ({
      id,
      customer: `c${id}`,
      status: 'paid',
      total,
      at: '2026-01-01T00:00:00Z',
    })
    await stream.load([paid(1, 10), paid(2, 20)])
    await stream.load([paid(3, 30)])
    await runMapping(warehouse, input)
    assert.deepEqual(await totals(input), [10, 20, 30])
    await stream.expire(stream.loads[1]!)
    await stream.load([paid(4, 40)])
    await runMapping(warehouse, input)
    assert.deepEqual(await totals(input), [30, 40])
    assert.equal(await runMapping(warehouse, input), undefined)
  })

  it('finds what a row said before under another id, where that row is too old to be kept', async () => {
    const { stream, input } = await orders({ mode: 'append_dedup' })
    const renamed: TestMapping = {
      ...input,
      mapping: { ...input.mapping, events: [{ ...input.mapping.events![0]!, message_id: ['email'] }] },
    }
    const paid = (email: string) => ({ id: 1, email, status: 'paid', total: 5, at: '2026-01-01T00:00:00Z' })
    await stream.load([paid('before@x.org')])
    await runMapping(warehouse, renamed)
    await stream.load([paid('after@x.org')])
    await stream.load([{ id: 2, email: 'other@x.org', status: 'open', total: 5, at: '2026-01-01T00:00:00Z' }])
    await stream.expire(stream.loads[2]!)
    await runMapping(warehouse, renamed)
    assert.deepEqual(await totals(renamed), [5])
  })
}
