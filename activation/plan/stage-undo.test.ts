import assert from 'node:assert/strict'
import type { ActivationFile } from '@tributary/schemas'
import type { PlanInput } from '../types.js'
import { stagePlan } from './stage-plan.js'
import { CannotUndo, stageUndo } from './stage-undo.js'
import {
  acknowledge,
  CONTACT,
  countsOf,
  heldThere,
  openPlanWorld,
  type PlanWorld,
  plannedRecords,
  somebody,
} from './world.testing.js'

describe('taking a run back', function () {
  this.timeout(120_000)
  let world: PlanWorld
  before(async () => {
    world = await openPlanWorld()
  })
  beforeEach(() => world.clear())
  after(() => world?.close())

  /** Plans and sends all of it. */
  const run = async (name: string, file: Partial<ActivationFile> = {}, more: Partial<PlanInput> = {}) => {
    const summary = await stagePlan(world.context, world.input(file, { ...more, run: name }))
    await acknowledge(world.warehouse, summary.plan, name)
    return summary
  }
  const undo = async (undoes: string, file: Partial<ActivationFile> = {}, more: Partial<PlanInput> = {}) => {
    const summary = await stageUndo(world.context, { ...world.input(file, { ...more, run: 'undo' }), undoes })
    await acknowledge(world.warehouse, summary.plan, 'undo')
    return summary
  }

  it('removes what was added, and restores what was changed or removed', async () => {
    await world.people({ 1: somebody(1, 10), 2: somebody(2, 20), 3: somebody(3, 30), 4: somebody(4, 40) })
    await world.segments({ lapsed: [1, 2, 4] })
    await run('run-1')
    const before = await heldThere(world.warehouse)
    await world.people({ 2: somebody(2, 21) })
    await world.segments({ lapsed: [2, 3, 4] })
    await run('run-2')
    const summary = await undo('run-2')
    assert.deepEqual(await world.sent(summary), [
      'remove remove p3@example.org ',
      'upsert change p2@example.org {"ltv":20,"origin":"tributary"}',
      'upsert add p1@example.org {"ltv":10,"origin":"tributary"}',
    ])
    assert.deepEqual(summary.counts, countsOf({ adds: 1, changes: 1, removes: 1 }))
    assert.deepEqual(await heldThere(world.warehouse), before)
  })

  it('unsets fields that were not there before', async () => {
    await world.people({ 1: somebody(1, 10) })
    await world.segments({ lapsed: [1] })
    await run('run-1', { fields: { origin: { constant: 'say "a/b"' } } })
    await run('run-2', { fields: { ltv: 'traits.ltv', z: { constant: 1 } } })
    assert.deepEqual(await world.sent(await undo('run-2')), [
      'upsert change p1@example.org {"ltv":null,"origin":"say \\"a/b\\"","z":null}',
    ])
  })

  it('leaves alone what a later run changed', async () => {
    await world.people({ 1: somebody(1, 10), 2: somebody(2, 20) })
    await world.segments({ lapsed: [1, 2] })
    await run('run-1')
    await world.people({ 2: somebody(2, 21) })
    await world.segments({ lapsed: [1, 2] })
    await run('run-2')
    assert.deepEqual(await world.sent(await undo('run-1')), ['remove remove p1@example.org '])
    await assert.rejects(undo('run-1'), (error: Error) => {
      assert.ok(error instanceof CannotUndo)
      assert.equal(
        error.message,
        'taking back run run-1 of winback: later runs have sent all of it anew; take those back first',
      )
      return true
    })
  })

  it('sends nobody again who has withdrawn consent, but removes them', async () => {
    const consent = { 'consent.marketing': true }
    const file = { consent: ['marketing'] }
    await world.people({
      1: somebody(1, 10, consent),
      2: somebody(2, 20, consent),
      3: somebody(3, 30, consent),
    })
    await world.segments({ lapsed: [1, 2] })
    await run('run-1', file)
    await world.people({ 2: somebody(2, 21) })
    await world.segments({ lapsed: [2, 3] })
    await run('run-2', file)
    const no = { 'consent.marketing': false }
    await world.people({ 1: somebody(1, 10, no), 2: somebody(2, 21, no), 3: somebody(3, 30, no) })
    const summary = await undo('run-2', file)
    assert.deepEqual(await world.sent(summary), ['remove remove p3@example.org '])
    assert.deepEqual(summary.counts, countsOf({ removes: 1, withheld: 2 }))
  })

  it('says the opposite of every event', async () => {
    const file = { mode: 'append' } as const
    await world.people({ 1: somebody(1, 10), 2: somebody(2, 20) })
    await world.segments({ lapsed: [1] })
    await run('run-1', file)
    await world.segments({ lapsed: [2] })
    await run('run-2', file)
    const summary = await undo('run-2', file, { object: { ...CONTACT, undo: 'compensate' } })
    assert.deepEqual(await world.sent(summary), [
      'append remove p2@example.org {"ltv":20,"origin":"tributary"}',
      'append add p1@example.org {"ltv":10,"origin":"tributary"}',
    ])
    assert.deepEqual([summary.mode, summary.undo], ['append', 'compensate'])
    const records = await plannedRecords(world.warehouse, summary.plan)
    assert.deepEqual(
      records.map(({ compensates }) => compensates),
      ['run-2', 'run-2'],
    )
  })

  it('puts the whole back as it was', async () => {
    const file = { mode: 'full' } as const
    await world.people({ 1: somebody(1, 10), 2: somebody(2, 20), 3: somebody(3, 30) })
    await world.segments({ lapsed: [1, 2] })
    await run('run-1', file)
    const before = await heldThere(world.warehouse)
    await world.people({ 2: somebody(2, 21) })
    await world.segments({ lapsed: [2, 3] })
    const second = await run('run-2', file)
    assert.deepEqual(second.counts, countsOf({ members: 2, adds: 1, changes: 1, removes: 1 }))
    const summary = await undo('run-2', file)
    assert.deepEqual(await world.sent(summary), [
      'replace change p2@example.org {"ltv":20,"origin":"tributary"}',
      'replace add p1@example.org {"ltv":10,"origin":"tributary"}',
      'replace remove p3@example.org ',
    ])
    assert.deepEqual([summary.mode, summary.records, summary.batches], ['full', 2, 1])
    assert.deepEqual(await heldThere(world.warehouse), before)
  })

  it('can be taken back itself', async () => {
    await world.people({ 1: somebody(1, 10), 2: somebody(2, 20) })
    await world.segments({ lapsed: [1, 2] })
    await run('run-1')
    const before = await heldThere(world.warehouse)
    await undo('run-1')
    assert.deepEqual(await heldThere(world.warehouse), {})
    await undo('undo')
    assert.deepEqual(await heldThere(world.warehouse), before)
  })

  it('says what cannot be taken back, and why', async () => {
    await world.people({ 1: somebody(1, 10) })
    await world.segments({ lapsed: [1] })
    await run('run-1')
    const cases: readonly (readonly [undoes: string, Partial<ActivationFile>, Partial<PlanInput>, string])[] =
      [
        [
          'run-1',
          {},
          { object: { ...CONTACT, undo: 'none' } },
          'what contact was sent cannot be taken back; correct it in crm',
        ],
        ['run-0', {}, {}, 'nothing of it was acknowledged; there is nothing to take back'],
        [
          'run-1',
          { object: 'lead' },
          {},
          'it was sent to crm/contact/email, the activation goes to crm/lead/email now; put its file back first',
        ],
      ]
    for (const [undoes, file, more, why] of cases) {
      await assert.rejects(undo(undoes, file, more), {
        name: 'CannotUndo',
        message: `taking back run ${undoes} of winback: ${why}`,
      })
    }
  })

  it('is stopped by an object that is gone', async () => {
    await world.people({ 1: somebody(1, 10) })
    await world.segments({ lapsed: [1] })
    await run('run-1')
    const { guards, records } = await undo('run-1', {}, { object: undefined })
    assert.deepEqual(
      [records, guards],
      [
        0,
        [
          {
            name: 'schema_drift',
            breached: true,
            message: 'crm has no object contact any more',
            final: true,
          },
        ],
      ],
    )
  })
})
