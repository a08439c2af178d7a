import { deepEqual, equal, rejects } from 'node:assert/strict'
import {
  ConnectorError,
  type DestinationRecord,
  OK,
  rejected,
  type WriteResult,
} from '@tributary/connector-sdk'
import { openTestEngine, type TestEngine } from '../../profiles/engine.testing.js'
import {
  attemptOf,
  freezePlan,
  NOTHING_YET,
  people,
  readOutcomes,
  suppress,
  take,
  testObject,
} from './deliver.testing.js'
import { deliverBatches } from './deliver-batches.js'
import type { DeliveryProgress } from './types.js'

describe('a delivery that has to wait', () => {
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  beforeEach(() => engine.clear())
  after(() => engine.close())

  describe('rate limits', () => {
    const limited = (until?: number) =>
      new ConnectorError('RateLimited', 'writing contacts: 429', until === undefined ? {} : { until })

    it('waits where it is short', async () => {
      const plan = await freezePlan(engine.warehouse, { batches: [people('a')] })
      const waits: number[] = []
      let calls = 0
      const { object, told } = testObject({
        write: async (_context, batch) => {
          calls += 1
          if (calls < 3) throw limited(5000)
          return take(told, batch)
        },
      })
      const result = await deliverBatches(
        ...attemptOf(engine.warehouse, plan, object, {
          now: () => 1000,
          sleep: async (ms) => void waits.push(ms),
        }),
      )
      deepEqual(result, { progress: { ...NOTHING_YET, batches: 1, acknowledged: 1 }, done: true })
      deepEqual(waits, [4000, 4000])
    })

    for (const { title, until, resumeAtMs } of [
      { title: 'until then', until: 61_000, resumeAtMs: 61_000 },
      { title: 'half a minute where nobody says how long', until: undefined, resumeAtMs: 31_000 },
    ]) {
      it(`ends the slice where it is long: ${title}`, async () => {
        const plan = await freezePlan(engine.warehouse, { batches: [people('a'), people('b')] })
        let full = true
        const { object, told } = testObject({
          write: async (_context, batch) => {
            if (batch.index === 1 && full) throw limited(until)
            return take(told, batch)
          },
        })
        const slice = await deliverBatches(...attemptOf(engine.warehouse, plan, object, { now: () => 1000 }))
        deepEqual(slice, {
          progress: { ...NOTHING_YET, batches: 1, acknowledged: 1 },
          done: false,
          resumeAtMs,
          endedBy: 'rate limit',
        })
        full = false
        const { progress } = await deliverBatches(
          ...attemptOf(engine.warehouse, plan, object, { progress: slice.progress }),
        )
        deepEqual(progress, { ...NOTHING_YET, batches: 2, acknowledged: 2 })
        deepEqual(
          told.batches.map(({ key }) => key),
          ['p1-0', 'p1-1'],
        )
      })
    }
  })

  describe('jobs', () => {
    it('asks after a job that is soon done', async () => {
      const plan = await freezePlan(engine.warehouse, { batches: [people('a', 'b')] })
      const polled: unknown[] = []
      const { object, told } = testObject({
        write: async (_context, batch) => take(told, batch, { job: { id: 7 }, pollAfterMs: 100 }),
        poll: async (_context, batch, job) => {
          polled.push(job)
          return polled.length === 1
            ? { job: { id: 7, seen: true }, pollAfterMs: 100 }
            : take(told, batch, { results: [OK, rejected('unknown')] })
        },
      })
      const result = await deliverBatches(...attemptOf(engine.warehouse, plan, object))
      deepEqual(result, {
        progress: { ...NOTHING_YET, batches: 1, acknowledged: 1, rejected: 1 },
        done: true,
      })
      deepEqual(polled, [{ id: 7 }, { id: 7, seen: true }])
    })

    it('leaves a long job to the next slice, which asks after the same records', async () => {
      const plan = await freezePlan(engine.warehouse, {
        batches: [[...people('a', 'b'), { email: 'c', profile: 3 }]],
      })
      await suppress(engine.warehouse, 3)
      const asked: DestinationRecord[][] = []
      const { object, told } = testObject({
        write: async (_context, batch) => take(told, batch, { job: { id: 7 }, pollAfterMs: 60_000 }),
        poll: async (_context, batch) => {
          asked.push([...batch.records])
          return { results: batch.records.map(() => OK) }
        },
      })
      const slice = await deliverBatches(...attemptOf(engine.warehouse, plan, object, { now: () => 1000 }))
      deepEqual(slice, {
        progress: {
          ...NOTHING_YET,
          withheld: 1,
          job: '{"batch":0,"round":0,"putOff":0,"noted":1,"job":{"id":7},"jobSinceMs":1000}',
        },
        done: false,
        resumeAtMs: 61_000,
        endedBy: 'job',
      })
      // Who withdraws after the job began was sent all the same.
      await suppress(engine.warehouse, 1, 3)
      const { progress } = await deliverBatches(
        ...attemptOf(engine.warehouse, plan, object, { progress: slice.progress }),
      )
      deepEqual(progress, { ...NOTHING_YET, batches: 1, acknowledged: 2, withheld: 1 })
      deepEqual(asked, [
        [
          { match: { email: 'a' }, fields: { name: 'a' } },
          { match: { email: 'b' }, fields: { name: 'b' } },
        ],
      ])
      deepEqual(await readOutcomes(engine.warehouse), [
        '0 a acknowledged',
        '0 b acknowledged',
        '0 c withheld',
      ])
    })

    it('gives up on a job that never ends, and asks once more when it is tried again', async () => {
      const plan = await freezePlan(engine.warehouse, { batches: [people('a')] })
      const HOUR_MS = 3_600_000
      let ended = false
      const { object, told } = testObject({
        write: async (_context, batch) => take(told, batch, { job: { id: 7 }, pollAfterMs: HOUR_MS }),
        poll: async (_context, batch, job) =>
          ended ? { results: batch.records.map(() => OK) } : { job, pollAfterMs: HOUR_MS },
      })
      let now = 0
      const slice = (progress: DeliveryProgress) =>
        deliverBatches(...attemptOf(engine.warehouse, plan, object, { now: () => now, progress }))
      let { progress } = await slice(NOTHING_YET)
      for (now = HOUR_MS; now <= 24 * HOUR_MS; now += HOUR_MS) ({ progress } = await slice(progress))
      await rejects(slice(progress), {
        kind: 'SourceUnavailable',
        message:
          /^delivering winback: a job of .* has not ended for 24 hours; look for it there\. The next run/,
      })
      ended = true
      deepEqual((await slice(progress)).progress, { ...NOTHING_YET, batches: 1, acknowledged: 1 })
      equal(told.batches.length, 1)
    })

    it('is a broken contract to answer with a job that cannot be asked after, or is too long', async () => {
      const plan = await freezePlan(engine.warehouse, { batches: [people('a')] })
      const answer = (job: { id: string }) => async () => ({ job, pollAfterMs: 0 })
      const poll = async (): Promise<WriteResult> => ({ results: [OK] })
      for (const { overrides, message } of [
        { overrides: { write: answer({ id: '7' }) }, message: /cannot be asked after it/ },
        { overrides: { write: answer({ id: 'x'.repeat(3000) }), poll }, message: /longer than 2 KB/ },
      ]) {
        const { object } = testObject(overrides)
        await rejects(deliverBatches(...attemptOf(engine.warehouse, plan, object)), {
          kind: 'ContractViolation',
          message,
        })
      }
    })
  })
})
