import { deepEqual } from 'node:assert/strict'
import { openTestEngine, type TestEngine } from '../../profiles/engine.testing.js'
import { writeFacts } from '../../profiles/facts/facts.testing.js'
import { identify, refreshTraits } from '../../profiles/traits/traits.testing.js'
import {
  attemptOf,
  freezePlan,
  NOTHING_YET,
  people,
  readOutcomes,
  readState,
  suppress,
  take,
  testObject,
} from './deliver.testing.js'
import { deliverBatches } from './deliver-batches.js'

describe('consent when a plan is delivered', () => {
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  beforeEach(() => engine.clear())
  after(() => engine.close())

  it('leaves out who withdrew since the plan, whoever they are today; removes always go', async () => {
    const plan = await freezePlan(engine.warehouse, {
      batches: [
        [{ email: 'gone', change: 'remove', profile: 2 }],
        [
          { email: 'suppressed', profile: 2 },
          { email: 'consents', profile: 3 },
          { email: 'withdrew', profile: 4 },
          { email: 'merged', profile: 5 },
        ],
      ],
    })
    const consent = (node: number, value: boolean) => ({
      node,
      trait: 'consent.marketing',
      value,
      ts: new Date('2026-01-01'),
    })
    await identify(engine.warehouse, { 1: 1, 2: 2, 3: 3, 4: 4, 5: 4 })
    await writeFacts(engine.warehouse, {
      traits: [
        consent(2, true),
        { node: 2, trait: 'suppressed', value: true, ts: new Date('2026-01-01') },
        consent(3, true),
        consent(4, false),
      ],
    })
    await refreshTraits(engine.warehouse, {}, { now: new Date('2026-02-01') })
    const { object, told } = testObject()
    const { progress } = await deliverBatches(
      ...attemptOf(engine.warehouse, plan, object, { consent: ['marketing'] }),
    )
    deepEqual(progress, { ...NOTHING_YET, batches: 2, acknowledged: 2, withheld: 3 })
    deepEqual(
      told.batches.map(({ emails }) => emails),
      [['gone'], ['consents']],
    )
    deepEqual(await readOutcomes(engine.warehouse), [
      '0 gone acknowledged',
      '1 consents acknowledged',
      '1 merged withheld',
      '1 suppressed withheld',
      '1 withdrew withheld',
    ])
  })

  it('writes no batch of which nobody may be sent', async () => {
    const plan = await freezePlan(engine.warehouse, {
      batches: [people('a'), [{ email: 'b', profile: 2 }]],
    })
    await suppress(engine.warehouse, 1)
    const { object, told } = testObject()
    const { progress } = await deliverBatches(...attemptOf(engine.warehouse, plan, object))
    deepEqual(progress, { ...NOTHING_YET, batches: 2, acknowledged: 1, withheld: 1 })
    deepEqual(told.batches, [{ key: 'p1-1', emails: ['b'] }])
  })

  it('asks again of a batch that waited', async () => {
    const plan = await freezePlan(engine.warehouse, {
      batches: [people('a'), [{ email: 'b', profile: 2 }]],
    })
    let now = 0
    const { object, told } = testObject({
      batch: { records: 1, bytes: 1024 },
      write: async (_context, batch) => {
        now += 3_600_000
        await suppress(engine.warehouse, 2)
        return take(told, batch)
      },
    })
    const attempt = attemptOf(engine.warehouse, plan, object, { now: () => now, heartbeatMs: 1e9 })
    const { progress } = await deliverBatches(...attempt)
    deepEqual(progress, { ...NOTHING_YET, batches: 2, acknowledged: 1, withheld: 1 })
    deepEqual(told.batches, [{ key: 'p1-0', emails: ['a'] }])
  })

  it('takes for present who withdrew after an attempt that may have sent them, so that they are removed', async () => {
    const plan = await freezePlan(engine.warehouse, { batches: [people('a')] })
    await suppress(engine.warehouse, 1)
    const { object, told } = testObject()
    const { progress } = await deliverBatches(...attemptOf(engine.warehouse, plan, object, { attempt: 2 }))
    deepEqual(progress, { ...NOTHING_YET, batches: 1, withheld: 1 })
    deepEqual(told.batches, [])
    deepEqual(await readState(engine.warehouse), { a: '' })
    const again = await deliverBatches(...attemptOf(engine.warehouse, plan, object, { attempt: 3 }))
    deepEqual(again, { progress, done: true })
  })
})
