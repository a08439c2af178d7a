import { deepEqual, rejects } from 'node:assert/strict'
import { OK, type RunSummary, rejected } from '@tributary/connector-sdk'
import { openTestEngine, type TestEngine } from '../../profiles/engine.testing.js'
import { writeFacts } from '../../profiles/facts/facts.testing.js'
import { refreshTraits } from '../../profiles/traits/traits.testing.js'
import { selectRows } from '../../warehouse/query.js'
import { IMPLIED_BATCH, PLANNING_BATCH } from '../types.js'
import {
  ACTIVATION,
  attemptOf,
  freezePlan,
  readState,
  TARGET,
  type TestPlan,
  take,
  testObject,
} from './deliver.testing.js'
import { deliverBatches } from './deliver-batches.js'
import { finishRun } from './finish-run.js'

describe('finishing a run', () => {
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  beforeEach(() => engine.clear())
  after(() => engine.close())

  async function run(test: TestPlan, overrides: Parameters<typeof testObject>[0] = {}, finishes = 1) {
    const plan = await freezePlan(engine.warehouse, test)
    const finished: RunSummary[] = []
    const { object, told } = testObject({
      finish: async (_context, summary) => void finished.push(summary),
      ...overrides,
    })
    const [context, input] = attemptOf(engine.warehouse, plan, object)
    await deliverBatches(context, input)
    for (let time = 0; time < finishes; time++) await finishRun(context, input)
    return { finished, told }
  }

  const whole = (version: number, emails: readonly string[]): TestPlan => ({
    plan: `p${version}`,
    version,
    mode: 'full',
    operation: 'replace',
    batches: emails.length === 0 ? [] : [emails.map((email) => ({ email, fields: { version } }))],
  })

  it('tells the object the same summary each time, and notes as removed what the new whole does not hold', async () => {
    await run(whole(1, ['a', 'b', 'c']))
    const { finished } = await run(whole(2, ['b', 'd']), {}, 2)
    const summary = { operation: 'replace', batches: 1, records: 2, idempotencyKey: 'p2-finish' } as const
    deepEqual(finished, [summary, summary])
    deepEqual(await readState(engine.warehouse), { b: '{"version":2}', d: '{"version":2}' })
    deepEqual(
      await selectRows(
        engine.warehouse,
        `SELECT key, change, operation, fields, before, outcome, run, plan, batch FROM cdp.activation_log
         WHERE version = 2 AND change = 'remove' ORDER BY key`,
      ),
      ['a', 'c'].map((email) => ({
        key: `{"email":"${email}"}`,
        change: 'remove',
        operation: 'replace',
        fields: '',
        before: '{"version":1}',
        outcome: 'acknowledged',
        run: 'run-p2',
        plan: 'p2',
        batch: IMPLIED_BATCH,
      })),
    )
  })

  it('takes for gone whom the new whole does not hold, withdrawn or refused when planned, but none that was refused', async () => {
    await run(whole(1, ['a', 'b', 'withdrew', 'planned']))
    const refused = {
      key: '{"email":"planned"}',
      change: 'change',
      operation: 'replace',
      outcome: 'rejected',
      reason: 'city is missing',
      batch: PLANNING_BATCH,
    }
    await engine.warehouse.insert({
      table: 'cdp.activation_log',
      values: [{ ...refused, activation: ACTIVATION, target: TARGET, run: 'run-p2', plan: 'p2', version: 2 }],
      format: 'JSONEachRow',
    })
    await writeFacts(engine.warehouse, {
      traits: [{ node: 2, trait: 'suppressed', value: true, ts: new Date('2026-01-01') }],
    })
    await refreshTraits(engine.warehouse, {}, { now: new Date('2026-02-01') })
    const people = [
      { email: 'a', fields: { version: 2 } },
      { email: 'b', fields: { version: 2 } },
    ]
    await run(
      { ...whole(2, []), batches: [[...people, { email: 'withdrew', profile: 2, fields: { version: 2 } }]] },
      {
        write: async (_context, batch) => ({
          results: batch.records.map(({ match }) => (match.email === 'b' ? rejected('no') : OK)),
        }),
      },
    )
    await engine.warehouse.command({ query: 'OPTIMIZE TABLE cdp.activation_log FINAL' })
    deepEqual(await readState(engine.warehouse), { a: '{"version":2}', b: '{"version":1}' })
    deepEqual(
      await selectRows(
        engine.warehouse,
        `SELECT JSONExtractString(key, 'email') AS email, change, outcome FROM cdp.activation_log
         WHERE version = 2 ORDER BY email, outcome`,
      ),
      [
        { email: 'a', change: 'add', outcome: 'acknowledged' },
        { email: 'b', change: 'add', outcome: 'rejected' },
        { email: 'planned', change: 'remove', outcome: 'acknowledged' },
        { email: 'planned', change: 'change', outcome: 'rejected' },
        { email: 'withdrew', change: 'remove', outcome: 'acknowledged' },
        { email: 'withdrew', change: 'add', outcome: 'withheld' },
      ],
    )
  })

  it('leaves an empty whole of nothing', async () => {
    await run(whole(1, ['a']))
    const { finished } = await run(whole(2, []))
    deepEqual(finished, [{ operation: 'replace', batches: 0, records: 0, idempotencyKey: 'p2-finish' }])
    deepEqual(await readState(engine.warehouse), {})
  })

  it('removes nothing where records are changed one by one', async () => {
    await run({ ...whole(1, ['a']), mode: 'mirror', operation: 'upsert' })
    const { finished } = await run({ ...whole(2, ['b']), mode: 'mirror', operation: 'upsert' })
    deepEqual(finished, [{ operation: 'upsert', batches: 1, records: 1, idempotencyKey: 'p2-finish' }])
    deepEqual(Object.keys(await readState(engine.warehouse)), ['a', 'b'])
  })

  it('notes nothing where the object could not be finished', async () => {
    await run(whole(1, ['a']))
    const gone = new Error('finishing: 503')
    const failing = {
      write: async (_context: unknown, batch: Parameters<typeof take>[1]) =>
        take({ batches: [], holds: new Map() }, batch),
      finish: async () => {
        throw gone
      },
    }
    await rejects(run(whole(2, ['b']), failing), gone)
    deepEqual(Object.keys(await readState(engine.warehouse)), ['a', 'b'])
  })
})
