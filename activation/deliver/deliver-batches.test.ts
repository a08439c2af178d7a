import { deepEqual, equal, rejects } from 'node:assert/strict'
import { type Batch, ConnectorError, OK, type RecordResult, rejected } from '@tributary/connector-sdk'
import { openTestEngine, type TestEngine } from '../../profiles/engine.testing.js'
import { selectRows } from '../../warehouse/query.js'
import {
  attemptOf,
  freezePlan,
  NOTHING_YET,
  people,
  readLog,
  readOutcomes,
  readState,
  take,
  testObject,
} from './deliver.testing.js'
import { deliverBatches } from './deliver-batches.js'
import { PlanGone } from './read-batches.js'
import type { DeliverResult } from './types.js'

const RETRY: RecordResult = { status: 'retry', reason: 'busy' }

describe('delivering a plan', () => {
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  beforeEach(() => engine.clear())
  after(() => engine.close())

  it('writes batch after batch under a key of each, and notes every record once', async () => {
    const plan = await freezePlan(engine.warehouse, { batches: [people('a', 'b'), people('c')] })
    const { object, told } = testObject()
    const result = await deliverBatches(...attemptOf(engine.warehouse, plan, object))
    deepEqual(result, { progress: { ...NOTHING_YET, batches: 2, acknowledged: 3 }, done: true })
    deepEqual(told.batches, [
      { key: 'p1-0', emails: ['a', 'b'] },
      { key: 'p1-1', emails: ['c'] },
    ])
    deepEqual(await readOutcomes(engine.warehouse), [
      '0 a acknowledged',
      '0 b acknowledged',
      '1 c acknowledged',
    ])
    deepEqual(await readState(engine.warehouse), { a: '{"name":"a"}', b: '{"name":"b"}', c: '{"name":"c"}' })
  })

  it('gives a destination its own operations, events and values', async () => {
    const plan = await freezePlan(engine.warehouse, {
      operation: 'append',
      batches: [
        [
          { email: 'é"\t\n', fields: { n: 1.5, none: null, text: 'tab\t and \\ "quote"' } },
          { email: 'b', change: 'remove', fields: { n: 2 }, compensates: 'run-1' },
        ],
      ],
    })
    const batches: Batch[] = []
    const { object, told } = testObject({
      write: async (_context, batch) => {
        batches.push(batch)
        return take(told, batch)
      },
    })
    await deliverBatches(...attemptOf(engine.warehouse, plan, object))
    deepEqual(batches, [
      {
        operation: 'append',
        index: 0,
        idempotencyKey: 'p1-0',
        records: [
          {
            match: { email: 'é"\t\n' },
            fields: { n: 1.5, none: null, text: 'tab\t and \\ "quote"' },
            event: 'entered',
          },
          { match: { email: 'b' }, fields: { n: 2 }, event: 'left', compensates: 'run-1' },
        ],
      },
    ] satisfies Batch[])
    equal((await readLog(engine.warehouse))[1]?.email, 'é"\t\n')
  })

  it('ends at once where there is nothing to send', async () => {
    const plan = await freezePlan(engine.warehouse, { batches: [] })
    const result = await deliverBatches(...attemptOf(engine.warehouse, plan, testObject().object))
    deepEqual(result, { progress: NOTHING_YET, done: true })
  })

  it('reads a plan page by page', async () => {
    const batches = Array.from({ length: 60 }, (_, index) => people(`a${index}`, `b${index}`))
    const plan = await freezePlan(engine.warehouse, { batches })
    const { object, told } = testObject({ batch: { records: 2, bytes: 8 * 1024 * 1024 } })
    await deliverBatches(...attemptOf(engine.warehouse, plan, object))
    deepEqual(
      told.batches.map(({ emails }) => emails),
      batches.map((batch) => batch.map(({ email }) => email)),
    )
  })

  it('notes a batch as one part, however it was answered', async () => {
    const emails = Array.from({ length: 20_000 }, (_, index) => `${index}@example.com`)
    const plan = await freezePlan(engine.warehouse, { batches: [people(...emails)] })
    const { object } = testObject({
      write: async (_context, batch) => ({
        results: batch.records.map((_, index) => (index % 2 ? rejected(`no ${index % 7}`, 'E1') : OK)),
      }),
    })
    const { progress } = await deliverBatches(...attemptOf(engine.warehouse, plan, object))
    deepEqual(progress, { ...NOTHING_YET, batches: 1, acknowledged: 10_000, rejected: 10_000 })
    const parts = await selectRows<{ rows: string }>(
      engine.warehouse,
      "SELECT rows FROM system.parts WHERE database = 'cdp' AND table = 'activation_log' AND active",
    )
    deepEqual(parts, [{ rows: '20000' }])
  })

  describe('answers', () => {
    it('keeps the reason of a record that was refused, and none of it in the state', async () => {
      const plan = await freezePlan(engine.warehouse, { batches: [people('a', 'b', 'c')] })
      const { object, told } = testObject({
        write: async (_context, batch) =>
          take(told, batch, { results: [OK, rejected("it's \\ no valid\0 e-mail", 'E7'), OK] }),
      })
      const { progress } = await deliverBatches(...attemptOf(engine.warehouse, plan, object))
      deepEqual(progress, { ...NOTHING_YET, batches: 1, acknowledged: 2, rejected: 1 })
      deepEqual((await readLog(engine.warehouse))[1], {
        email: 'b',
        outcome: 'rejected',
        reason: "it's \\ no valid e-mail",
        batch: 0,
      })
      deepEqual(Object.keys(await readState(engine.warehouse)), ['a', 'c'])
    })

    it('writes only those again that were not taken now, as a batch of their own', async () => {
      const plan = await freezePlan(engine.warehouse, { batches: [people('a', 'b', 'c')] })
      const waits: number[] = []
      const answers: RecordResult[][] = [[OK, RETRY, { ...RETRY, afterMs: 3000 }], [OK, RETRY], [OK]]
      const { object, told } = testObject({
        write: async (_context, batch) => take(told, batch, { results: answers.shift()! }),
      })
      const result = await deliverBatches(
        ...attemptOf(engine.warehouse, plan, object, { sleep: async (ms) => void waits.push(ms) }),
      )
      deepEqual(result, { progress: { ...NOTHING_YET, batches: 1, acknowledged: 3 }, done: true })
      deepEqual(
        told.batches.map(({ emails }) => emails),
        [['a', 'b', 'c'], ['b', 'c'], ['c']],
      )
      const keys = told.batches.map(({ key }) => key)
      equal(new Set(keys).size, 3)
      equal(
        keys.every((key) => /^p1-0(-[0-9a-f]{8}-0)?$/.test(key)),
        true,
      )
      deepEqual(waits, [3000, 1000])
      equal((await readLog(engine.warehouse)).length, 3)
    })

    it('rejects what is not taken however often it is written', async () => {
      const plan = await freezePlan(engine.warehouse, { batches: [people('a')] })
      const { object, told } = testObject({
        write: async (_context, batch) => take(told, batch, { results: [RETRY] }),
      })
      const result = await deliverToEnd(engine, plan, object)
      deepEqual(result.progress, { ...NOTHING_YET, batches: 1, rejected: 1 })
      equal(told.batches.length, 6)
      deepEqual(await readLog(engine.warehouse), [
        { email: 'a', outcome: 'rejected', reason: 'busy', batch: 0 },
      ])
    })

    it('ends the slice where records are to be written again much later, and goes on with those alone', async () => {
      const plan = await freezePlan(engine.warehouse, { batches: [people('a', 'b'), people('c')] })
      let first = true
      const { object, told } = testObject({
        write: async (_context, batch) => {
          if (!first) return take(told, batch)
          first = false
          return take(told, batch, { results: [OK, { ...RETRY, afterMs: 600_000 }] })
        },
      })
      const slice = await deliverBatches(...attemptOf(engine.warehouse, plan, object, { now: () => 1000 }))
      deepEqual(slice, {
        progress: { ...NOTHING_YET, acknowledged: 1, job: '{"batch":0,"round":1,"putOff":0,"noted":1}' },
        done: false,
        resumeAtMs: 601_000,
        endedBy: 'rate limit',
      })
      deepEqual(await readOutcomes(engine.warehouse), ['0 a acknowledged'])
      const rest = await deliverBatches(
        ...attemptOf(engine.warehouse, plan, object, { progress: slice.progress }),
      )
      deepEqual(rest, { progress: { ...NOTHING_YET, batches: 2, acknowledged: 3 }, done: true })
      deepEqual(
        told.batches.map(({ emails }) => emails),
        [['a', 'b'], ['b'], ['c']],
      )
    })

    it('is a broken contract where there are more or fewer answers than records', async () => {
      const plan = await freezePlan(engine.warehouse, { batches: [people('a', 'b')] })
      const { object } = testObject({ write: async () => ({ results: [OK] }) })
      await rejects(deliverBatches(...attemptOf(engine.warehouse, plan, object)), {
        name: 'ConnectorError',
        kind: 'ContractViolation',
        message:
          'delivering winback: 2 records were written and 1 answered; report it to the author of destination-test',
      })
      deepEqual(await readOutcomes(engine.warehouse), [])
    })

    it('throws what the connector throws, and keeps what was answered before', async () => {
      const plan = await freezePlan(engine.warehouse, { batches: [people('a', 'b'), people('c')] })
      const gone = new ConnectorError('AuthExpired', 'writing contacts: 401; renew the token')
      let calls = 0
      const { object, told } = testObject({
        write: async (_context, batch) => {
          calls += 1
          if (calls === 2) throw gone
          return take(told, batch, calls === 1 ? { results: [OK, RETRY] } : undefined)
        },
      })
      await rejects(deliverBatches(...attemptOf(engine.warehouse, plan, object)), gone)
      deepEqual(await readOutcomes(engine.warehouse), ['0 a acknowledged'])
      const result = await deliverBatches(...attemptOf(engine.warehouse, plan, object, { attempt: 2 }))
      deepEqual(result, { progress: { ...NOTHING_YET, batches: 2, acknowledged: 3 }, done: true })
      deepEqual(
        told.batches.map(({ emails }) => emails),
        [['a', 'b'], ['b'], ['c']],
      )
    })
  })

  describe('ends', () => {
    for (const reason of ['budget', 'worker shutdown', 'pause'] as const) {
      it(`ends between batches: ${reason}`, async () => {
        const plan = await freezePlan(engine.warehouse, { batches: [people('a'), people('b')] })
        const { object, told } = testObject()
        const endRequested = () => (told.batches.length === 1 ? reason : undefined)
        const slice = await deliverBatches(...attemptOf(engine.warehouse, plan, object, { endRequested }))
        deepEqual(slice, {
          progress: { ...NOTHING_YET, batches: 1, acknowledged: 1 },
          done: false,
          endedBy: reason,
        })
      })
    }

    it('keeps what was begun where it ends before it', async () => {
      const plan = await freezePlan(engine.warehouse, { batches: [people('a')] })
      const { object } = testObject({
        write: async () => ({ job: { id: 1 }, pollAfterMs: 60_000 }),
        poll: async () => ({ results: [OK] }),
      })
      const first = await deliverBatches(...attemptOf(engine.warehouse, plan, object))
      const { progress } = first
      const second = await deliverBatches(
        ...attemptOf(engine.warehouse, plan, object, { progress, endRequested: () => 'budget' }),
      )
      deepEqual(second, { progress, done: false, endedBy: 'budget' })
    })

    it('says that the records of an old plan are gone', async () => {
      const plan = await freezePlan(engine.warehouse, { batches: [people('a'), people('b')] })
      await engine.warehouse.command({ query: 'TRUNCATE TABLE cdp.activation_plan_records' })
      await rejects(deliverBatches(...attemptOf(engine.warehouse, plan, testObject().object)), PlanGone)
    })

    it('says that there is no such plan', async () => {
      const plan = await freezePlan(engine.warehouse, { batches: [] })
      await rejects(
        deliverBatches(...attemptOf(engine.warehouse, { ...plan, plan: 'other' }, testObject().object)),
        /there is no plan other; run the activation again/,
      )
    })
  })
})

type Plan = Awaited<ReturnType<typeof freezePlan>>

/** Slice after slice, as a workflow would. */
async function deliverToEnd(
  { warehouse }: TestEngine,
  plan: Plan,
  object: Parameters<typeof attemptOf>[2],
): Promise<DeliverResult> {
  let result: DeliverResult = { progress: NOTHING_YET, done: false }
  while (!result.done) {
    result = await deliverBatches(...attemptOf(warehouse, plan, object, { progress: result.progress }))
  }
  return result
}
