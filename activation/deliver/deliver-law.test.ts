import { deepEqual, equal } from 'node:assert/strict'
import {
  type Batch,
  ConnectorError,
  OK,
  type RecordResult,
  rejected,
  type WriteResult,
} from '@tributary/connector-sdk'
import fc from 'fast-check'
import { openTestEngine, type TestEngine } from '../../profiles/engine.testing.js'
import { attemptOf, freezePlan, NOTHING_YET, readLog, readState, testObject } from './deliver.testing.js'
import { deliverBatches } from './deliver-batches.js'
import type { DeliveryProgress } from './types.js'

/** What becomes of a record in the end, and how often it is put off before; `never`: for ever. */
const fate = fc.record({
  verdict: fc.constantFrom('ok', 'ok', 'rejected', 'never'),
  putOff: fc.nat({ max: 2 }),
  afterMs: fc.constantFrom(0, 0, 1000, 60_000),
})

/** What happens to a call of the destination. Where nothing is left of the list, it answers. */
const happening = fc.constantFrom(
  'answers',
  'answers',
  'short job',
  'long job',
  'short limit',
  'long limit',
  'fails before',
  'fails after',
  'pause',
)

type Happening =
  | 'answers'
  | 'short job'
  | 'long job'
  | 'short limit'
  | 'long limit'
  | 'fails before'
  | 'fails after'
  | 'pause'
interface Fate {
  readonly verdict: string
  readonly putOff: number
  readonly afterMs: number
}

describe('the law of delivering', () => {
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  after(() => engine.close())

  /** The tables of activations alone: a law has many runs. */
  async function forget(): Promise<void> {
    for (const table of ['plans', 'plan_records', 'log']) {
      await engine.warehouse.command({ query: `TRUNCATE TABLE cdp.activation_${table}` })
    }
  }

  it('gives every planned record one outcome, and the destination what was acknowledged, whatever happens', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fate, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
        fc.array(happening, { maxLength: 12 }),
        async (batches, happenings) => {
          await forget()
          const world = destination(batches, happenings as Happening[])
          const plan = await freezePlan(engine.warehouse, {
            batches: batches.map((fates, batch) =>
              fates.map((_, ordinal) => ({ email: `${batch}-${ordinal}`, fields: { batch, ordinal } })),
            ),
          })
          const progress = await deliver(engine, plan, world)
          const log = await readLog(engine.warehouse)
          deepEqual(
            log.map(({ email, outcome }) => [email, outcome]),
            batches.flatMap((fates, batch) =>
              fates.map(({ verdict }, ordinal) => [
                `${batch}-${ordinal}`,
                verdict === 'ok' ? 'acknowledged' : 'rejected',
              ]),
            ),
          )
          deepEqual(Object.keys(await readState(engine.warehouse)), [...world.told.holds.keys()].sort())
          const acknowledged = log.filter(({ outcome }) => outcome === 'acknowledged').length
          deepEqual(progress, {
            ...NOTHING_YET,
            batches: batches.length,
            acknowledged,
            rejected: log.length - acknowledged,
          })
          equal(world.mixed, false)
        },
      ),
      { numRuns: Number(process.env.TRIBUTARY_LAW_RUNS ?? 6) },
    ))
})

/** A destination with its own memory: what it did it did, whether or not its answer arrived. */
function destination(batches: readonly (readonly Fate[])[], happenings: readonly Happening[]) {
  const left = [...happenings]
  const putOff = new Map<string, number>()
  const keys = new Map<string, string>()
  let pause = false
  let mixed = false
  const act = (batch: Batch): readonly RecordResult[] =>
    batch.records.map((record) => {
      const email = String(record.match.email)
      const { verdict, ...fate } = batches[Number(record.fields.batch)]![Number(record.fields.ordinal)]!
      const times = (putOff.get(email) ?? 0) + 1
      putOff.set(email, times)
      if (verdict === 'never' || times <= fate.putOff) {
        return { status: 'retry', reason: 'busy', ...(fate.afterMs > 0 && { afterMs: fate.afterMs }) }
      }
      if (verdict === 'rejected') return rejected('no')
      told.holds.set(email, record)
      return OK
    })
  const call = (batch: Batch, job: boolean): WriteResult => {
    const emails = batch.records.map(({ match }) => match.email).join()
    // One key is one batch, whoever sends it.
    const known = keys.get(batch.idempotencyKey) ?? emails
    if (!job && known !== emails) mixed = true
    keys.set(batch.idempotencyKey, known)
    const happens = left.shift() ?? 'answers'
    switch (happens) {
      case 'short job':
      case 'long job':
        return { job: { emails }, pollAfterMs: happens === 'long job' ? 60_000 : 100 }
      case 'short limit':
      case 'long limit':
        throw new ConnectorError('RateLimited', 'writing: 429', {
          until: Date.now() + (happens === 'long limit' ? 60_000 : 100),
        })
      case 'fails after':
        act(batch)
        throw new ConnectorError('NetworkError', 'writing: broken')
      case 'fails before':
        throw new ConnectorError('SourceUnavailable', 'writing: 503')
      case 'pause':
        pause = true
    }
    return { results: act(batch) }
  }
  const { object, told } = testObject({
    write: async (_context, batch) => call(batch, false),
    poll: async (_context, batch, job) => {
      if (job.emails !== batch.records.map(({ match }) => match.email).join()) mixed = true
      return call(batch, true)
    },
  })
  return {
    object,
    told,
    /** A key, or a job, came with other records than before. */
    get mixed() {
      return mixed
    },
    endRequested() {
      const ends = pause
      pause = false
      return ends ? ('pause' as const) : undefined
    },
  }
}

/** Slices and attempts, as a workflow would order them. */
async function deliver(
  { warehouse }: TestEngine,
  plan: Awaited<ReturnType<typeof freezePlan>>,
  { object, endRequested }: ReturnType<typeof destination>,
): Promise<DeliveryProgress> {
  let progress = NOTHING_YET
  let attempt = 1
  while (true) {
    try {
      const slice = await deliverBatches(
        ...attemptOf(warehouse, plan, object, { attempt, progress, endRequested }),
      )
      if (slice.done) return slice.progress
      progress = slice.progress
      attempt = 1
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error
      attempt += 1
    }
  }
}
