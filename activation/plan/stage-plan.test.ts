import assert from 'node:assert/strict'
import { selectRows } from '../../warehouse/query.js'
import { recordRefresh } from '../../warehouse/refreshes.js'
import type { PlanInput } from '../types.js'
import { stagePlan } from './stage-plan.js'
import {
  acknowledge,
  breachesOf,
  CONTACT,
  countsOf,
  openPlanWorld,
  type PlannedRecord,
  type PlanWorld,
  plannedRecords,
  somebody,
} from './world.testing.js'

describe('a plan', function () {
  this.timeout(120_000)
  let world: PlanWorld
  before(async () => {
    world = await openPlanWorld()
  })
  beforeEach(() => world.clear())
  after(() => world?.close())

  it('adds members, then sends what changed, and then has nothing to send', async () => {
    const { warehouse } = world
    await world.people({ 1: somebody(1, 10), 2: somebody(2, 20), 3: somebody(3, 30) })
    await world.segments({ lapsed: [1, 2] })
    const first = await world.run()
    const record = (profile: number, fields: string, of: Partial<PlannedRecord>): PlannedRecord => ({
      batch: 0,
      ordinal: 0,
      change: 'add',
      operation: 'upsert',
      key: `{"email":"p${profile}@example.org"}`,
      fields,
      before: '',
      profile,
      compensates: '',
      ...of,
    })
    assert.deepEqual(await plannedRecords(warehouse, first.plan), [
      record(1, '{"ltv":10,"origin":"tributary"}', {}),
      record(2, '{"ltv":20,"origin":"tributary"}', { ordinal: 1 }),
    ])
    assert.deepEqual(first, {
      plan: first.plan,
      hash: first.hash,
      activation: 'winback',
      revision: 'r1',
      segment: 'lapsed',
      segmentVersion: 1,
      destination: 'crm',
      connector: 'destination-test',
      object: 'contact',
      mode: 'mirror',
      counts: countsOf({ members: 2, adds: 2 }),
      guards: [
        {
          name: 'failed_segment',
          breached: false,
          message: 'segment lapsed was evaluated by the newest refresh',
        },
        { name: 'schema_drift', breached: false, message: 'contact takes all that is mapped' },
        {
          name: 'max_removes',
          breached: false,
          message: 'removes 0 of 0 records; from 20 on at most 0 (30 %) are allowed',
        },
        { name: 'empty_segment', breached: false, message: '2 records belong there' },
      ],
      onBreach: 'await_approval',
      approvalMs: 3 * 86_400_000,
      batches: 1,
      records: 2,
      finishes: false,
      estimatedSeconds: 1,
      repeatable: false,
      undo: 'inverse',
    })

    await world.people({ 2: somebody(2, 21) })
    await world.segments({ lapsed: [2, 3] })
    const second = await world.run()
    assert.deepEqual(second.counts, countsOf({ members: 2, adds: 1, changes: 1, removes: 1 }))
    assert.deepEqual(await plannedRecords(warehouse, second.plan), [
      record(1, '', { change: 'remove', operation: 'remove', before: '{"ltv":10,"origin":"tributary"}' }),
      record(2, '{"ltv":21,"origin":"tributary"}', {
        batch: 1,
        change: 'change',
        before: '{"ltv":20,"origin":"tributary"}',
      }),
      record(3, '{"ltv":30,"origin":"tributary"}', { batch: 1, ordinal: 1 }),
    ])

    const third = await world.plan()
    assert.deepEqual(third.counts, countsOf({ members: 2, unchanged: 2 }))
    assert.deepEqual([third.records, third.batches, await world.sent(third)], [0, 0, []])
  })

  it('has the hash of what it would send, whichever attempt makes it', async () => {
    await world.people({ 1: somebody(1, 10), 2: somebody(2, 20) })
    await world.segments({ lapsed: [1, 2] })
    const [first, second] = [await world.plan(), await world.plan()]
    assert.match(first.hash, /^[0-9a-f]{64}$/)
    assert.equal(first.hash, second.hash)
    assert.notEqual(first.plan, second.plan)
    await world.people({ 2: somebody(2, 21) })
    assert.notEqual((await world.plan()).hash, first.hash)
  })

  it('sends again only what was not acknowledged', async () => {
    await world.people({ 1: somebody(1, 10), 2: somebody(2, 20) })
    await world.segments({ lapsed: [1, 2] })
    const first = await world.plan()
    await acknowledge(world.warehouse, first.plan, 'run-1', "key LIKE '%p1@%'")
    assert.deepEqual(await world.sent(await world.plan()), [
      'upsert add p2@example.org {"ltv":20,"origin":"tributary"}',
    ])
  })

  it('never empties an audience because a refresh failed or found nobody', async () => {
    await world.people({ 1: somebody(1, 10), 2: somebody(2, 20) })
    const never = await world.plan()
    assert.deepEqual(breachesOf(never), ['failed_segment, final'])
    await world.segments({ lapsed: [1, 2] })
    await world.run()
    await world.segments({ lapsed: { error: 'too much memory' } })
    const failed = await world.plan()
    assert.deepEqual(breachesOf(failed), ['failed_segment, final'])
    assert.deepEqual(failed.counts, countsOf({ members: 2, unchanged: 2 }))
    await world.segments({ other: [1] })
    assert.deepEqual(breachesOf(await world.plan()), ['failed_segment, final'])
    await world.segments({ lapsed: [] })
    const empty = await world.plan()
    assert.deepEqual(breachesOf(empty), ['empty_segment'])
    assert.deepEqual(empty.counts, countsOf({ removes: 2 }))
    assert.deepEqual(breachesOf(await world.plan({ mode: 'upsert' })), [])
  })

  it('waits where a mapping of consent failed: who withdrew since is not known', async () => {
    await world.people({ 1: somebody(1, 10) })
    await world.segments({ lapsed: [1] })
    const refreshed = (status: string, now: string) =>
      recordRefresh(world.warehouse, {
        ...{ workspace: 'w', workflowId: 'profiles/w', runId: 'r', now, outcome: 'partial' },
        ...{ steps: [{ name: 'mapping people', status }] },
      })
    const consentMappings = ['people']
    const breaches = async () =>
      breachesOf(await stagePlan(world.context, world.input({}, { consentMappings })))
    await refreshed('failed', '2026-11-01T00:00:00.000Z')
    assert.deepEqual(await breaches(), ['stale_consent'])
    await refreshed('done', '2026-11-02T00:00:00.000Z')
    assert.deepEqual(await breaches(), [])
  })

  it('begins from nothing at another target', async () => {
    await world.people({
      1: {
        identifiers: [
          [1, 'email', 'a@example.org'],
          [2, 'customer', 'c1'],
        ],
      },
    })
    await world.segments({ lapsed: [1] })
    await world.run()
    for (const file of [
      { object: 'lead' },
      { destination: 'other' },
      { match: { customer: 'identifiers.customer' } },
      { match: { email: 'identifiers.email', customer: 'identifiers.customer' } },
    ]) {
      assert.deepEqual((await world.plan(file)).counts, countsOf({ members: 1, adds: 1 }))
    }
    assert.deepEqual((await world.plan()).counts, countsOf({ members: 1, unchanged: 1 }))
  })

  it('maps everything that is known of a person', async () => {
    await world.people({
      1: {
        identifiers: [[1, 'email', 'a@example.org']],
        traits: {
          name: 'ada',
          ltv: 1.5,
          big: 1e21,
          member: true,
          since: new Date('2026-02-03T04:05:06.007Z'),
          tags: ['x', 'y/"z"'],
        },
      },
    })
    await world.segments({ _everyone: [1] })
    const summary = await world.plan({
      segment: '*',
      fields: {
        z: { constant: null },
        name: 'traits.name',
        ltv: 'traits.ltv',
        big: 'traits.big',
        member: 'traits.member',
        since: 'traits.since',
        tags: 'traits.tags',
        missing: 'traits.missing',
        id: 'profile.id',
        segment: 'segment.id',
        called: 'segment.name',
        greeting: { template: 'Hi {{ traits.name | capitalize }} ({{ traits.since | date: "%d.%m.%Y" }})' },
        group: { split: { a: 0.5, b: 0.5 } },
      },
    })
    const [record] = await plannedRecords(world.warehouse, summary.plan)
    const { group, ...fields } = JSON.parse(record!.fields) as Record<string, unknown>
    assert.ok(group === 'a' || group === 'b')
    assert.deepEqual(fields, {
      big: 1e21,
      called: 'Lapsed high value',
      greeting: 'Hi Ada (03.02.2026)',
      id: 'p1',
      ltv: 1.5,
      member: true,
      missing: null,
      name: 'ada',
      segment: '*',
      since: '2026-02-03T04:05:06.007Z',
      tags: ['x', 'y/"z"'],
      z: null,
    })
    assert.deepEqual(Object.keys(fields), Object.keys(fields).sort())
  })

  it('is cut into batches within what the object takes, each of one operation', async () => {
    const ids = [1, 2, 3, 4, 5, 6, 7]
    await world.people(Object.fromEntries(ids.map((id) => [id, somebody(id, id)])))
    await world.segments({ lapsed: [1, 2] })
    await world.run()
    await world.segments({ lapsed: [3, 4, 5, 6, 7] })
    const batchesOf = async (batch: { records: number; bytes?: number }) => {
      const summary = await world.plan({}, { object: { ...CONTACT, batch: { ...batch, expectedMs: 1500 } } })
      const records = await plannedRecords(world.warehouse, summary.plan)
      return [
        summary.batches,
        summary.estimatedSeconds,
        records.map(({ batch: index, ordinal, profile }) => [index, ordinal, profile]),
      ]
    }
    assert.deepEqual(await batchesOf({ records: 2 }), [
      4,
      6,
      [
        [0, 0, 1],
        [0, 1, 2],
        [1, 0, 3],
        [1, 1, 4],
        [2, 0, 5],
        [2, 1, 6],
        [3, 0, 7],
      ],
    ])
    // A record is 26 bytes of key, 30 of fields and 128 around them.
    assert.deepEqual(await batchesOf({ records: 100, bytes: 3 * 184 }), [
      3,
      5,
      [
        [0, 0, 1],
        [0, 1, 2],
        [1, 0, 3],
        [1, 1, 4],
        [1, 2, 5],
        [2, 0, 6],
        [2, 1, 7],
      ],
    ])
    const tight = await world.plan({}, { object: { ...CONTACT, batch: { records: 100, bytes: 183 } } })
    assert.deepEqual(tight.counts, countsOf({ members: 5, removes: 2, rejects: 5 }))
  })

  it('sends nothing where the object is another one than the file says', async () => {
    await world.people({ 1: somebody(1, 10) })
    await world.segments({ lapsed: [1] })
    const closed = { ...CONTACT, openFields: false, matchKeys: [['email']] }
    const cases: readonly (readonly [PlanInput['object'], string])[] = [
      [undefined, 'crm has no object contact any more'],
      [{ ...closed, fields: { email: {}, ltv: {} } }, 'contact has no field origin'],
      [{ ...CONTACT, matchKeys: [['id']] }, 'contact cannot find records by email'],
      [
        { ...CONTACT, operations: ['append'] },
        'contact cannot upsert, which mode mirror needs; contact cannot remove, which mode mirror needs',
      ],
      [
        { ...CONTACT, fields: { name: { required: true } } },
        'contact requires the field name, which is not mapped',
      ],
    ]
    for (const [object, message] of cases) {
      const { guards, records } = await world.plan({}, { object })
      assert.deepEqual(
        [records, guards.filter(({ breached }) => breached)],
        [0, [{ name: 'schema_drift', breached: true, message, final: true }]],
      )
    }
  })

  it('leaves no table behind, also where it is given up', async () => {
    await world.people({ 1: somebody(1, 10) })
    await world.segments({ lapsed: [1] })
    await world.plan()
    const giveUp = new AbortController()
    const context = {
      ...world.context,
      signal: giveUp.signal,
      progress: (text: string) => text.startsWith('comparing') && giveUp.abort(new Error('given up')),
    }
    await assert.rejects(stagePlan(context, world.input()), /given up/)
    const left = await selectRows(
      world.warehouse,
      "SELECT name FROM system.tables WHERE database = 'cdp' AND name LIKE 'scratch%'",
    )
    const plans = await selectRows(
      world.warehouse,
      'SELECT toUInt32(version) AS version FROM cdp.activation_plans',
    )
    assert.deepEqual([left, plans], [[], [{ version: 1 }]])
  })
})
