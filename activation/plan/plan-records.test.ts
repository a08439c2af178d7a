import assert from 'node:assert/strict'
import { type PlanRecord, planRecords, planSample } from './plan-records.js'
import { stagePlan } from './stage-plan.js'
import { acknowledge, openPlanWorld, type PlanWorld, somebody } from './world.testing.js'

describe('the records of a plan', function () {
  this.timeout(120_000)
  let world: PlanWorld
  let plan: string
  before(async () => {
    world = await openPlanWorld()
    const ids = Array.from({ length: 8 }, (_, index) => index + 1)
    await world.people(Object.fromEntries(ids.map((id) => [id, somebody(id, id)])))
    await world.segments({ lapsed: [1, 2, 3, 4] })
    const first = await stagePlan(world.context, world.input({ mode: 'full' }))
    await acknowledge(world.warehouse, first.plan, 'run-1')
    await world.people({ 4: somebody(4, 44) })
    await world.segments({ lapsed: [2, 3, 4, 5, 6, 7, 8] })
    plan = (await stagePlan(world.context, world.input({ mode: 'full' }))).plan
  })
  after(() => world?.close())

  const add = (profile: number): PlanRecord => ({
    change: 'add',
    operation: 'replace',
    profile: `p${profile}`,
    match: { email: `p${profile}@example.org` },
    fields: { ltv: profile, origin: 'tributary' },
    changed: ['ltv', 'origin'],
    sent: true,
  })
  const change = (profile: number, ltv: number, changed: readonly string[]): PlanRecord => ({
    ...add(profile),
    change: 'change',
    fields: { ltv, origin: 'tributary' },
    before: { ltv: profile, origin: 'tributary' },
    changed,
  })
  const remove: PlanRecord = {
    ...add(1),
    change: 'remove',
    fields: {},
    before: { ltv: 1, origin: 'tributary' },
    changed: [],
    sent: false,
  }

  it('are counted, and some of each kind shown, first those of which values differ', async () => {
    assert.deepEqual(await planSample(world.warehouse, plan, { limit: 2 }), {
      counts: { add: 4, change: 3, remove: 1 },
      records: {
        add: [add(5), add(6)],
        change: [change(4, 44, ['ltv']), change(2, 2, [])],
        remove: [remove],
      },
    })
  })

  it('are all given in the order in which they are sent', async () => {
    const records: PlanRecord[] = []
    for await (const page of planRecords(world.warehouse, plan)) records.push(...page)
    assert.deepEqual(records, [
      change(4, 44, ['ltv']),
      change(2, 2, []),
      change(3, 3, []),
      add(5),
      add(6),
      add(7),
      add(8),
      remove,
    ])
  })

  it('are none of a plan that does not exist', async () => {
    assert.deepEqual(await planSample(world.warehouse, 'none'), {
      counts: { add: 0, change: 0, remove: 0 },
      records: { add: [], change: [], remove: [] },
    })
  })
})
