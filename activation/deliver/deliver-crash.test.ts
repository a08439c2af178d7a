import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { ConnectorError, OK, type WriteResult } from '@tributary/connector-sdk'
import { openTestEngine, type TestEngine } from '../../profiles/engine.testing.js'
import type { Warehouse } from '../../warehouse/client.js'
import {
  attemptOf,
  freezePlan,
  NOTHING_YET,
  readLog,
  readOutcomes,
  readState,
  suppress,
  take,
  testObject,
} from './deliver.testing.js'
import { deliverBatches } from './deliver-batches.js'

class Killed extends Error {}

describe('a delivery that is interrupted', () => {
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  beforeEach(() => engine.clear())
  after(() => engine.close())

  const batches = ['a', 'b', 'c'].map((name) => [
    { email: `${name}1`, fields: { name } },
    { email: `${name}2`, fields: { name } },
  ])
  const all = ['a1', 'a2', 'b1', 'b2', 'c1', 'c2']

  /** A process that dies at its nth step, writing a batch or noting its answers: before it, or after it and before it knows. */
  function mortal(dies: { readonly at: number; readonly done: boolean }) {
    let step = 0
    const guard = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      step += 1
      if (step > dies.at || (step === dies.at && !dies.done)) throw new Killed('killed')
      const result = await work()
      if (step === dies.at) throw new Killed('killed')
      return result
    }
    const warehouse = new Proxy(engine.warehouse, {
      get(target, member) {
        if (member === 'command')
          return (options: Parameters<Warehouse['command']>[0]) => guard(() => target.command(options))
        const value = Reflect.get(target, member)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    return { warehouse, guard }
  }

  // Of three batches each is written and noted: six steps.
  for (const at of [1, 2, 3, 4, 5, 6]) {
    for (const done of [false, true]) {
      const point = `${done ? 'after' : 'before'} ${at % 2 === 1 ? 'writing' : 'noting'} batch ${Math.ceil(at / 2)}`
      it(`killed ${point}, goes on with at most one batch twice, and says so`, async () => {
        const plan = await freezePlan(engine.warehouse, { batches, repeatable: true })
        const { warehouse, guard } = mortal({ at, done })
        const { object, told } = testObject({
          write: (_context, batch) => guard(async () => take(told, batch)),
        })
        await rejects(deliverBatches(...attemptOf(engine.warehouse, plan, object, { warehouse })), Killed)
        const second = testObject({ write: async (_context, batch) => take(told, batch) })
        const result = await deliverBatches(
          ...attemptOf(engine.warehouse, plan, second.object, { attempt: 2 }),
        )
        const remains = at < 6 || !done
        deepEqual(result, {
          progress: { ...NOTHING_YET, batches: 3, acknowledged: 6, repeated: remains ? 1 : 0 },
          done: true,
        })
        const twice = told.batches.length - new Set(told.batches.map(({ key }) => key)).size
        const wasSent = at % 2 === 1 ? done : !done
        equal(twice, wasSent ? 1 : 0)
        deepEqual(
          (await readLog(engine.warehouse)).map(({ email, outcome }) => `${email} ${outcome}`),
          all.map((email) => `${email} acknowledged`),
        )
        deepEqual(Object.keys(await readState(engine.warehouse)), all)
      })
    }
  }

  it('counts nothing as repeated where the destination knows batches again', async () => {
    const plan = await freezePlan(engine.warehouse, { batches })
    const { progress } = await deliverBatches(
      ...attemptOf(engine.warehouse, plan, testObject().object, { attempt: 2 }),
    )
    equal(progress.repeated, 0)
  })

  it('remembers over slices and attempts which batches were repeated', async () => {
    const plan = await freezePlan(engine.warehouse, { batches, repeatable: true })
    const { object, told } = testObject()
    const endRequested = () => (told.batches.length >= 1 ? ('budget' as const) : undefined)
    const slice = await deliverBatches(
      ...attemptOf(engine.warehouse, plan, object, { attempt: 2, endRequested }),
    )
    deepEqual(slice.progress, { ...NOTHING_YET, batches: 1, acknowledged: 2, repeated: 1 })
    const { progress } = await deliverBatches(
      ...attemptOf(engine.warehouse, plan, object, { attempt: 3, progress: slice.progress }),
    )
    deepEqual(progress, { ...NOTHING_YET, batches: 3, acknowledged: 6, repeated: 2 })
  })

  it('says of a job that the batch may have come twice, though its end is seen by another slice', async () => {
    const plan = await freezePlan(engine.warehouse, { batches: batches.slice(0, 1), repeatable: true })
    const { object } = testObject({
      write: async () => ({ job: { id: 1 }, pollAfterMs: 60_000 }),
      poll: async (_context, batch) => ({ results: batch.records.map(() => OK) }),
    })
    const slice = await deliverBatches(...attemptOf(engine.warehouse, plan, object, { attempt: 2 }))
    equal(slice.progress.repeated, 0)
    const { progress } = await deliverBatches(
      ...attemptOf(engine.warehouse, plan, object, { progress: slice.progress }),
    )
    deepEqual(progress, { ...NOTHING_YET, batches: 1, acknowledged: 2, repeated: 1 })
  })

  it('sends what is left of a batch under the same key as the attempt that failed with it', async () => {
    const plan = await freezePlan(engine.warehouse, {
      batches: [['a', 'b', 'c', 'd'].map((email) => ({ email }))],
    })
    const putOff = { status: 'retry', reason: 'busy' } as const
    const answers: WriteResult[] = [
      [OK, putOff, putOff, OK],
      [OK, putOff],
    ].map((results) => ({ results }))
    let outages = 1
    const { object, told } = testObject({
      write: async (_context, batch) => {
        const taken = take(told, batch, answers.shift())
        if (batch.records.length === 1 && outages-- > 0) {
          throw new ConnectorError('NetworkError', 'writing: no answer')
        }
        return taken
      },
    })
    await rejects(deliverBatches(...attemptOf(engine.warehouse, plan, object)), { kind: 'NetworkError' })
    await deliverBatches(...attemptOf(engine.warehouse, plan, object, { attempt: 2 }))
    deepEqual(
      told.batches.map(({ emails }) => emails),
      [['a', 'b', 'c', 'd'], ['b', 'c'], ['c'], ['c']],
    )
    equal(told.batches[3]?.key, told.batches[2]?.key)
    equal(new Set(told.batches.map(({ key }) => key)).size, 3)
  })

  it('sends a batch under its own key where nothing but withdrawn consent was noted of it', async () => {
    const plan = await freezePlan(engine.warehouse, {
      batches: [[{ email: 'a' }, { email: 'b', profile: 2 }]],
    })
    await suppress(engine.warehouse, 2)
    let outages = 2
    const { object, told } = testObject({
      write: async (_context, batch) => {
        const taken = take(told, batch)
        if (outages-- > 0) throw new ConnectorError('NetworkError', 'writing: no answer')
        return taken
      },
    })
    for (const attempt of [1, 2]) {
      await rejects(deliverBatches(...attemptOf(engine.warehouse, plan, object, { attempt })), {
        kind: 'NetworkError',
      })
    }
    const { progress } = await deliverBatches(...attemptOf(engine.warehouse, plan, object, { attempt: 3 }))
    deepEqual(progress, { ...NOTHING_YET, batches: 1, acknowledged: 1, withheld: 1 })
    deepEqual(told.batches, new Array(3).fill({ key: 'p1-0', emails: ['a'] }))
    deepEqual(await readOutcomes(engine.warehouse), ['0 a acknowledged', '0 b withheld'])
  })

  it('does not ask after a job again whose answers are noted, when what it left to be written fails', async () => {
    const plan = await freezePlan(engine.warehouse, { batches: batches.slice(0, 1) })
    const polled: number[] = []
    let outages = 1
    const { object, told } = testObject({
      write: async (_context, batch) => {
        if (batch.records.length === 2) return take(told, batch, { job: { id: 1 }, pollAfterMs: 60_000 })
        if (outages-- > 0) throw new ConnectorError('SourceUnavailable', 'writing: 503')
        return take(told, batch)
      },
      poll: async (_context, batch) => {
        polled.push(batch.records.length)
        return { results: [OK, { status: 'retry', reason: 'busy' }] }
      },
    })
    const { progress } = await deliverBatches(...attemptOf(engine.warehouse, plan, object))
    const attempt = (number: number) =>
      deliverBatches(...attemptOf(engine.warehouse, plan, object, { attempt: number, progress }))
    await rejects(attempt(1), { kind: 'SourceUnavailable' })
    deepEqual(await attempt(2), {
      progress: { ...NOTHING_YET, batches: 1, acknowledged: 2 },
      done: true,
    })
    deepEqual(polled, [2])
  })

  it('notes what was sent when it is given up meanwhile, and sends nothing more', async () => {
    const plan = await freezePlan(engine.warehouse, { batches })
    const controller = new AbortController()
    const reason = new Error('shutting down')
    const { object, told } = testObject({
      write: async (_context, batch) => {
        controller.abort(reason)
        return take(told, batch)
      },
    })
    await rejects(
      deliverBatches(...attemptOf(engine.warehouse, plan, object, { signal: controller.signal })),
      reason,
    )
    equal(told.batches.length, 1)
    deepEqual(
      (await readLog(engine.warehouse)).map(({ email }) => email),
      ['a1', 'a2'],
    )
  })

  it('tries again to note what was sent while the warehouse does not answer', async () => {
    const plan = await freezePlan(engine.warehouse, { batches })
    let outages = 3
    const warehouse = new Proxy(engine.warehouse, {
      get(target, member) {
        const value = Reflect.get(target, member)
        if (member === 'command' && outages > 0) {
          outages -= 1
          return async () => {
            throw new Error('connect ECONNREFUSED')
          }
        }
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const { object, told } = testObject()
    const { done } = await deliverBatches(...attemptOf(engine.warehouse, plan, object, { warehouse }))
    ok(done)
    equal(told.batches.length, 3)
  })
})
