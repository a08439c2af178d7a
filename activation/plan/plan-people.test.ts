import assert from 'node:assert/strict'
import { selectRows } from '../../warehouse/query.js'
import {
  CONTACT,
  countsOf,
  heldThere,
  openPlanWorld,
  type PlanWorld,
  plannedRecords,
  somebody,
} from './world.testing.js'

describe('whom a plan sends', function () {
  this.timeout(120_000)
  let world: PlanWorld
  before(async () => {
    world = await openPlanWorld()
  })
  beforeEach(() => world.clear())
  after(() => world?.close())

  const rejects = () =>
    selectRows<{ key: string; change: string; reason: string }>(
      world.warehouse,
      "SELECT key, change, reason FROM cdp.activation_log WHERE outcome = 'rejected' AND batch = 4294967295 ORDER BY key",
    )

  it('counts whom it leaves out, and logs what cannot be sent', async () => {
    const yes = { 'consent.marketing': true }
    await world.people({
      1: somebody(1, 10, yes),
      2: { traits: { ltv: 1, ...yes } },
      3: somebody(3, 30),
      4: somebody(4, 40, { ...yes, suppressed: true }),
      5: { ...somebody(5, 50, yes), traits: { ...yes } },
      6: { identifiers: [[6, 'email', 'not an address']], traits: { ltv: 60, ...yes } },
      7: somebody(7, 70, { 'consent.marketing': false }),
    })
    await world.segments({ lapsed: [1, 2, 3, 4, 5, 6, 7] })
    const email = {
      type: 'string',
      normalize: (value: string) => (value.includes('@') ? value : undefined),
    } as const
    const object = { ...CONTACT, fields: { email, ltv: { type: 'number', required: true } as const } }
    const summary = await world.run({ consent: ['marketing'] }, { object })
    assert.deepEqual(summary.counts, countsOf({ members: 7, adds: 1, rejects: 2, unmatched: 1, withheld: 3 }))
    assert.deepEqual(await world.sent(summary), ['upsert add p1@example.org {"ltv":10,"origin":"tributary"}'])
    assert.deepEqual(await rejects(), [
      { key: '{"email":"p5@example.org"}', change: 'add', reason: 'ltv is missing' },
      { key: '{"profile.id":"p6"}', change: 'add', reason: 'email is no valid email' },
    ])
  })

  it('removes who withdrew consent, and keeps whose record cannot be sent any more', async () => {
    const yes = { 'consent.marketing': true }
    const file = { consent: ['marketing'] }
    const object = { ...CONTACT, fields: { email: {}, ltv: { type: 'number', required: true } as const } }
    await world.people({ 1: somebody(1, 10, yes), 2: somebody(2, 20, yes), 3: somebody(3, 30, yes) })
    await world.segments({ lapsed: [1, 2, 3] })
    await world.run(file, { object })
    await world.people({
      1: somebody(1, 10),
      2: { traits: yes },
      3: somebody(3, 30, { ...yes, suppressed: true }),
    })
    const summary = await world.run(file, { object })
    assert.deepEqual(summary.counts, countsOf({ members: 3, removes: 2, rejects: 1, withheld: 2 }))
    assert.deepEqual(await world.sent(summary), [
      'remove remove p1@example.org ',
      'remove remove p3@example.org ',
    ])
    assert.deepEqual(await heldThere(world.warehouse), {
      'p2@example.org': '{"ltv":20,"origin":"tributary"}',
    })
  })

  it('withholds whom a merge made one with somebody suppressed, before traits are worked out anew', async () => {
    await world.people({ 1: somebody(1, 10), 5: somebody(5, 50, { suppressed: true }) })
    await world.segments({ lapsed: [1] })
    await world.identify({ 5: 1 })
    assert.deepEqual((await world.plan()).counts, countsOf({ members: 1, withheld: 1 }))
  })

  it('takes of several identifiers the one first seen last, and of those the least', async () => {
    await world.people({
      1: {
        identifiers: [
          [1, 'email', 'old@example.org'],
          [2, 'email', 'b@example.org'],
          [3, 'email', 'a@example.org'],
          [4, 'phone', '+1'],
        ],
      },
    })
    await world.warehouse.command({
      query: "ALTER TABLE cdp.nodes__rows UPDATE first_seen = '2026-01-01 00:00:00' WHERE node IN (2, 3)",
      clickhouse_settings: { mutations_sync: '1' },
    })
    await world.segments({ lapsed: [1] })
    assert.deepEqual(await world.sent(await world.plan({ fields: {} })), ['upsert add a@example.org {}'])
  })

  it('sends nothing after a merge of two profiles with one e-mail', async () => {
    const file = { match: { email: 'traits.email' } }
    const email = { email: 'both@example.org' }
    await world.people({ 1: somebody(1, 10, email), 2: somebody(2, 20, email), 3: somebody(3, 30) })
    await world.segments({ lapsed: [1, 2] })
    const first = await world.run(file)
    assert.deepEqual(first.counts, countsOf({ members: 2, adds: 1, duplicates: 1 }))
    assert.deepEqual(await world.sent(first), ['upsert add both@example.org {"ltv":10,"origin":"tributary"}'])
    await world.identify({ 2: 1 })
    assert.deepEqual((await world.plan(file)).counts, countsOf({ members: 1, unchanged: 1 }))
    await world.segments({ lapsed: [1] })
    assert.deepEqual((await world.plan(file)).counts, countsOf({ members: 1, unchanged: 1 }))
  })

  it('sends nothing where a person goes on under the id of another', async () => {
    await world.people({ 1: { traits: { ltv: 5 } }, 5: somebody(5, 5) })
    await world.segments({ lapsed: [5] })
    await world.run()
    await world.identify({ 5: 1 })
    await world.segments({ lapsed: [1] })
    assert.deepEqual((await world.plan()).counts, countsOf({ members: 1, unchanged: 1 }))
  })

  it('holds the same people out whatever their profiles are called, and removes them where they were sent', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => index + 1)
    await world.people(Object.fromEntries(ids.map((id) => [id + 100, somebody(id + 100, id)])))
    await world.segments({ lapsed: ids.map((id) => id + 100) })
    await world.run()
    const file = { holdout: { share: 0.5, seed: 'winter' } }
    const first = await world.run(file)
    const { heldOut } = first.counts
    assert.ok(heldOut > 5 && heldOut < 35)
    assert.deepEqual(
      first.counts,
      countsOf({ members: 40, heldOut, removes: heldOut, unchanged: 40 - heldOut }),
    )
    await world.identify(Object.fromEntries(ids.map((id) => [id + 100, id])))
    await world.segments({ lapsed: ids })
    await world.people(Object.fromEntries(ids.map((id) => [id, { traits: { ltv: id } }])))
    assert.deepEqual(
      (await world.plan(file)).counts,
      countsOf({ members: 40, heldOut, unchanged: 40 - heldOut }),
    )
    const other = await world.plan({ holdout: { share: 0.5, seed: 'summer' } })
    assert.ok(other.counts.adds > 0)
  })

  it('holds people out of every group of a split alike', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => index + 1)
    await world.people(Object.fromEntries(ids.map((id) => [id, somebody(id, id)])))
    await world.segments({ lapsed: ids })
    const { plan: id } = await world.plan({
      fields: { group: { split: { a: 0.5, b: 0.5 } } },
      holdout: { share: 0.5 },
    })
    const records = await plannedRecords(world.warehouse, id)
    const inA = records.filter(({ fields }) => fields === '{"group":"a"}').length
    assert.ok(inA > 0.3 * records.length && inA < 0.7 * records.length, `${inA} of ${records.length}`)
  })
})
