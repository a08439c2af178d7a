import { deepEqual, equal, match, rejects } from 'node:assert/strict'
import { rejected } from '@tributary/connector-sdk'
import { canonicalJson } from '@tributary/schemas'
import { openTestEngine, type TestEngine } from '../profiles/engine.testing.js'
import { identify } from '../profiles/traits/traits.testing.js'
import { listAudit, recordAudit } from '../warehouse/audit.js'
import {
  ACTIVATION,
  attemptOf,
  freezePlan,
  TARGET,
  type TestPlan,
  testObject,
} from './deliver/deliver.testing.js'
import { deliverBatches } from './deliver/deliver-batches.js'
import { findRun, listRuns, personInDestinations, recordRun, stateCounts } from './history.js'
import { readHold, setHold } from './holds.js'
import { countRejects, exportRejects, listRejects, type RejectedRecord } from './rejects.js'
import { PLANNING_BATCH } from './types.js'

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

describe('the history of activations', () => {
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  beforeEach(async () => {
    await engine.clear()
    await engine.warehouse.command({ query: 'TRUNCATE TABLE tributary.audit' })
  })
  after(() => engine.close())

  const report = (run: string, activation = ACTIVATION, outcome = 'succeeded') => ({
    run,
    activation,
    outcome,
    startedAt: '2026-03-01T10:00:00.000Z',
    guards: [],
  })

  async function send(test: TestPlan, refused: readonly string[] = []) {
    const plan = await freezePlan(engine.warehouse, test)
    const { object } = testObject({
      write: async (_context, batch) => ({
        results: batch.records.map(({ match: { email } }) =>
          refused.includes(String(email)) ? rejected(`no ${batch.idempotencyKey}`, 'E1') : { status: 'ok' },
        ),
      }),
    })
    await deliverBatches(...attemptOf(engine.warehouse, plan, object))
    return plan
  }

  describe('runs', () => {
    it('are listed newest first, each as it was last recorded', async () => {
      await recordRun(engine.warehouse, report('r1', ACTIVATION, 'failed'))
      await recordRun(engine.warehouse, report('r2', 'other'))
      await recordRun(engine.warehouse, report('r1'))
      const runs = await listRuns<ReturnType<typeof report>>(engine.warehouse, { limit: 10 })
      deepEqual(
        runs.map(({ endedAt: _, ...rest }) => rest),
        [report('r1'), report('r2', 'other')],
      )
      for (const { endedAt } of runs) match(endedAt, ISO)
      const own = await listRuns<ReturnType<typeof report>>(engine.warehouse, {
        activation: 'other',
        limit: 10,
      })
      deepEqual(
        own.map(({ run }) => run),
        ['r2'],
      )
      equal((await listRuns(engine.warehouse, { limit: 1 })).length, 1)
    })

    it('are found by the beginning of their ids, unless several begin so', async () => {
      for (const run of ['ab', 'abc', 'abd', 'x']) await recordRun(engine.warehouse, report(run))
      const runOf = async (id: string) =>
        (await findRun<ReturnType<typeof report>>(engine.warehouse, id))?.run
      deepEqual(await Promise.all(['ab', 'abc', 'x', 'nobody'].map(runOf)), ['ab', 'abc', 'x', undefined])
      await rejects(runOf('a'), {
        name: 'RunAmbiguous',
        message: 'finding run a: 3 ids begin so; give more of it',
      })
    })
  })

  describe('rejects', () => {
    const reasons = async () =>
      (await listRejects(engine.warehouse, ACTIVATION, { limit: 10 })).map(({ match: { email }, reason }) => [
        email,
        reason,
      ])

    it('say what was refused, by whom and why', async () => {
      await send({ batches: [[{ email: 'a' }, { email: 'b', profile: 7 }]] }, ['b'])
      await logPlanned('c', 1)
      const found = await listRejects(engine.warehouse, ACTIVATION, { limit: 10 })
      for (const { at } of found) match(at, ISO)
      const without = found.map(({ at: _, ...rest }) => rest)
      deepEqual(
        without.sort((one, other) => (one.when < other.when ? -1 : 1)),
        [
          {
            match: { email: 'c' },
            change: 'add',
            reason: 'city is missing',
            when: 'planned',
            run: 'run-p1',
            profile: 'p3',
          },
          {
            match: { email: 'b' },
            change: 'add',
            reason: 'no p1-0',
            code: 'E1',
            when: 'sent',
            run: 'run-p1',
            profile: 'p7',
          },
        ] satisfies Omit<RejectedRecord, 'at'>[],
      )
      equal(await countRejects(engine.warehouse, ACTIVATION), 2)
      const exported: string[] = []
      for await (const { match: key } of exportRejects(engine.warehouse, ACTIVATION))
        exported.push(canonicalJson(key))
      deepEqual(exported, ['{"email":"b"}', '{"email":"c"}'])
    })

    it('are none of what was taken later, or is not wanted any more by a run that came to its end', async () => {
      await send({ batches: [[{ email: 'a' }, { email: 'b' }, { email: 'c' }]] }, ['a', 'b', 'c'])
      await recordRun(engine.warehouse, report('run-p1', ACTIVATION, 'partial'))
      await send({ plan: 'p2', version: 2, batches: [[{ email: 'a' }, { email: 'b' }]] }, ['b'])
      deepEqual(await reasons(), [
        ['b', 'no p2-0'],
        ['c', 'no p1-0'],
      ])
      await recordRun(engine.warehouse, report('run-p2', ACTIVATION, 'partial'))
      deepEqual(await reasons(), [['b', 'no p2-0']])
    })

    it('outlive runs that did not come to their end, that only planned, or that took back another', async () => {
      await send({ batches: [[{ email: 'a' }]] }, ['a'])
      await recordRun(engine.warehouse, report('run-p1', ACTIVATION, 'partial'))
      await freezePlan(engine.warehouse, { plan: 'p2', version: 2, batches: [] })
      await recordRun(engine.warehouse, report('run-p2', ACTIVATION, 'planned'))
      await freezePlan(engine.warehouse, { plan: 'p3', version: 3, batches: [] })
      await recordRun(engine.warehouse, { ...report('run-p3'), undoes: 'run-p1' } as ReturnType<
        typeof report
      >)
      deepEqual(await reasons(), [['a', 'no p1-0']])
    })

    it('are those of the target to which the newest records went, or of the one that is named', async () => {
      await send({ batches: [[{ email: 'a' }]] }, ['a'])
      await logPlanned('b', 2, 'crm/contact/id')
      deepEqual(await reasons(), [['b', 'city is missing']])
      const named = await listRejects(engine.warehouse, ACTIVATION, { limit: 10, target: TARGET })
      deepEqual(
        named.map(({ match: key }) => key),
        [{ email: 'a' }],
      )
    })

    it('are none where nothing was ever sent', async () => {
      deepEqual(await reasons(), [])
    })

    /** As planning notes what it refuses. */
    async function logPlanned(email: string, version: number, target = TARGET) {
      await engine.warehouse.insert({
        table: 'cdp.activation_log',
        format: 'JSONEachRow',
        values: [
          {
            activation: ACTIVATION,
            target,
            key: canonicalJson({ email }),
            change: 'add',
            operation: 'upsert',
            profile: 3,
            outcome: 'rejected',
            reason: 'city is missing',
            run: `run-p${version}`,
            plan: `p${version}`,
            version,
            batch: PLANNING_BATCH,
          },
        ],
      })
    }
  })

  describe('what a destination holds', () => {
    it('is counted by what it acknowledged', async () => {
      deepEqual(await stateCounts(engine.warehouse, ACTIVATION, TARGET), { records: 0, acknowledgedAt: null })
      await send({ batches: [[{ email: 'a' }, { email: 'b' }, { email: 'c' }]] }, ['c'])
      await send({ plan: 'p2', version: 2, batches: [[{ email: 'a', change: 'remove' }]] })
      const { records, acknowledgedAt } = await stateCounts(engine.warehouse, ACTIVATION, TARGET)
      equal(records, 1)
      match(acknowledgedAt!, ISO)
    })

    it('of a person is what was sent of any profile that is theirs today', async () => {
      await send({
        batches: [
          [
            { email: 'a', profile: 1, fields: { city: 'Paris' } },
            { email: 'b', profile: 2 },
            { email: 'c', profile: 3 },
          ],
        ],
      })
      await send({ plan: 'p2', version: 2, batches: [[{ email: 'b', change: 'remove', profile: 2 }]] })
      await identify(engine.warehouse, { 1: 1, 2: 1, 3: 3 })
      const sent = await personInDestinations(engine.warehouse, 1)
      for (const { firstAt, lastAt } of sent) {
        match(firstAt, ISO)
        match(lastAt, ISO)
      }
      deepEqual(
        sent.map(({ firstAt: _, lastAt: __, ...rest }) => rest),
        [
          {
            activation: ACTIVATION,
            destination: 'crm',
            object: 'contact',
            present: true,
            match: { email: 'a' },
            fields: { city: 'Paris' },
            run: 'run-p1',
          },
          {
            activation: ACTIVATION,
            destination: 'crm',
            object: 'contact',
            present: false,
            match: { email: 'b' },
            fields: {},
            run: 'run-p2',
          },
        ],
      )
      deepEqual(await personInDestinations(engine.warehouse, 9), [])
    })

    it('of a person is none of a record that is another one’s now', async () => {
      await send({ batches: [[{ email: 'a', profile: 1 }]] })
      await send({ plan: 'p2', version: 2, batches: [[{ email: 'a', change: 'change', profile: 2 }]] })
      deepEqual(await personInDestinations(engine.warehouse, 1), [])
    })
  })

  it('knows who paused an activation, until it is resumed', async () => {
    equal(await readHold(engine.warehouse, ACTIVATION), undefined)
    const hold = { activation: ACTIVATION, held: true, reason: 'run r1 was taken back', author: 'Ada' }
    await setHold(engine.warehouse, hold)
    const { at, ...held } = (await readHold(engine.warehouse, ACTIVATION))!
    match(at, ISO)
    deepEqual(held, { held: true, reason: 'run r1 was taken back', author: 'Ada' })
    await setHold(engine.warehouse, { ...hold, held: false, reason: '' })
    equal((await readHold(engine.warehouse, ACTIVATION))?.held, false)
    equal(await readHold(engine.warehouse, 'other'), undefined)
  })

  it('keeps who did what', async () => {
    const entry = { actor: 'Ada', action: 'activate approve', subject: ACTIVATION, detail: "it's fine" }
    await recordAudit(engine.warehouse, entry)
    await recordAudit(engine.warehouse, { ...entry, action: 'activate undo', subject: 'other' })
    const audit = await listAudit(engine.warehouse, { limit: 10 })
    deepEqual(
      audit.map(({ action, at }) => [action, ISO.test(at)]),
      [
        ['activate undo', true],
        ['activate approve', true],
      ],
    )
    const [own] = await listAudit(engine.warehouse, { limit: 10, subject: ACTIVATION })
    deepEqual({ ...own, at: '' }, { ...entry, at: '' })
    equal((await listAudit(engine.warehouse, { limit: 10, action: 'activate undo' })).length, 1)
    equal((await listAudit(engine.warehouse, { limit: 1 })).length, 1)
  })
})
