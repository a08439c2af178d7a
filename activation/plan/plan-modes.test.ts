import assert from 'node:assert/strict'
import { breachesOf, CONTACT, countsOf, openPlanWorld, type PlanWorld, somebody } from './world.testing.js'

describe('the modes of a plan', function () {
  this.timeout(120_000)
  let world: PlanWorld
  before(async () => {
    world = await openPlanWorld()
  })
  beforeEach(() => world.clear())
  after(() => world?.close())

  it('lets leavers stay in mode upsert', async () => {
    const file = { mode: 'upsert' } as const
    await world.people({ 1: somebody(1, 10), 2: somebody(2, 20) })
    await world.segments({ lapsed: [1] })
    await world.run(file)
    await world.segments({ lapsed: [2] })
    const summary = await world.run(file)
    assert.deepEqual(await world.sent(summary), ['upsert add p2@example.org {"ltv":20,"origin":"tributary"}'])
    await world.segments({ lapsed: [1, 2] })
    assert.deepEqual((await world.plan(file)).counts, countsOf({ members: 2, unchanged: 2 }))
  })

  it('tells in mode append who entered and who left, once', async () => {
    const file = { mode: 'append' } as const
    await world.people({ 1: somebody(1, 10), 2: somebody(2, 20) })
    await world.segments({ lapsed: [1] })
    assert.equal((await world.run(file)).undo, 'compensate')
    await world.people({ 1: somebody(1, 11) })
    assert.deepEqual((await world.plan(file)).counts, countsOf({ members: 1, unchanged: 1 }))
    await world.segments({ lapsed: [2] })
    assert.deepEqual(await world.sent(await world.run(file)), [
      'append remove p1@example.org {"ltv":10,"origin":"tributary"}',
      'append add p2@example.org {"ltv":20,"origin":"tributary"}',
    ])
    await world.segments({ lapsed: [1, 2] })
    assert.deepEqual(await world.sent(await world.run(file)), [
      'append add p1@example.org {"ltv":11,"origin":"tributary"}',
    ])
  })

  it('sends everybody in mode full, and says who the new whole is without', async () => {
    const file = { mode: 'full' } as const
    await world.people({ 1: somebody(1, 10), 2: somebody(2, 20), 3: somebody(3, 30) })
    await world.segments({ lapsed: [1, 2] })
    const object = { ...CONTACT, finish: () => Promise.resolve() }
    const first = await world.run(file, { object })
    assert.equal(first.finishes, true)
    await world.segments({ lapsed: [2, 3] })
    const second = await world.run(file, { object })
    assert.deepEqual(second.counts, countsOf({ members: 2, adds: 1, removes: 1, unchanged: 1 }))
    assert.deepEqual([second.records, second.batches], [2, 1])
    assert.deepEqual(await world.sent(second), [
      'replace change p2@example.org {"ltv":20,"origin":"tributary"}',
      'replace add p3@example.org {"ltv":30,"origin":"tributary"}',
      'replace remove p1@example.org ',
    ])
    await world.segments({ lapsed: [] })
    const empty = await world.plan(file, { object })
    assert.deepEqual([empty.finishes, empty.records, breachesOf(empty)], [true, 0, ['empty_segment']])
    const upserting = { ...CONTACT, operations: ['upsert'] as const }
    await world.segments({ lapsed: [2, 3] })
    assert.deepEqual(await world.sent(await world.plan(file, { object: upserting })), [
      'upsert change p2@example.org {"ltv":20,"origin":"tributary"}',
      'upsert change p3@example.org {"ltv":30,"origin":"tributary"}',
    ])
  })
})
