import { deepEqual, rejects } from 'node:assert/strict'
import { ConnectorError } from '@tributary/connector-sdk'
import { openTestEngine, type TestEngine } from '../../profiles/engine.testing.js'
import { closePlan } from './close-plan.js'
import {
  attemptOf,
  freezePlan,
  NOTHING_YET,
  people,
  readState,
  TARGET,
  type TestPlan,
  take,
  testObject,
} from './deliver.testing.js'
import { deliverBatches } from './deliver-batches.js'

describe('closing a plan that was cut short', () => {
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  beforeEach(() => engine.clear())
  after(() => engine.close())

  /** The answer to the batch of this number does not come, though the destination has acted. */
  async function cutShort(test: TestPlan, silent: number) {
    const plan = await freezePlan(engine.warehouse, test)
    const { object, told } = testObject({
      write: async (_context, batch) => {
        const answer = take(told, batch)
        if (batch.index === silent) throw new ConnectorError('NetworkError', 'writing: no answer')
        return answer
      },
    })
    await rejects(deliverBatches(...attemptOf(engine.warehouse, plan, object)), ConnectorError)
    const close = () =>
      closePlan({ warehouse: engine.warehouse }, { run: `run-${plan.plan}`, plan, target: TARGET })
    return { close, told }
  }

  it('leaves nobody at the destination of whom the state does not know', async () => {
    const { close, told } = await cutShort({ batches: [people('a'), people('b'), people('c')] }, 1)
    const counted = { ...NOTHING_YET, batches: 1, acknowledged: 1 }
    deepEqual([await close(), await close()], [counted, counted])
    deepEqual([...told.holds.keys()], ['a', 'b'])
    deepEqual(await readState(engine.warehouse), { a: '{"name":"a"}', b: '' })
  })

  it('takes neither a change nor a remove for done, nor for undone', async () => {
    await deliverBatches(
      ...attemptOf(
        engine.warehouse,
        await freezePlan(engine.warehouse, { batches: [people('a', 'b')] }),
        testObject().object,
      ),
    )
    const before = '{"name":"x"}'
    const removes = [{ email: 'a', change: 'remove', before }] as const
    const changes = [{ email: 'b', change: 'change', fields: { name: 'new' }, before }] as const
    await (await cutShort({ plan: 'p2', version: 2, batches: [removes] }, 0)).close()
    await (await cutShort({ plan: 'p3', version: 3, batches: [changes] }, 0)).close()
    deepEqual(await readState(engine.warehouse), { a: '', b: '' })
  })

  it('says nothing of events, which are sent again anyway', async () => {
    const { close } = await cutShort({ operation: 'append', mode: 'append', batches: [people('a')] }, 0)
    await close()
    deepEqual(await readState(engine.warehouse), {})
  })
})
