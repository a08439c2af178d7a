import assert from 'node:assert/strict'
import { openTestEngine, type TestEngine } from '../../profiles/engine.testing.js'
import { addMerge } from '../../profiles/identity/records.js'
import { undoIdentityRecord } from './profiles.js'
import { listRecords } from './records.js'

describe('taking back what somebody said', function () {
  this.timeout(120_000)
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  beforeEach(() => engine.clear())
  after(() => engine?.close())

  it('works however much was said since', async () => {
    const { warehouse } = engine
    const context = { warehouse: async () => warehouse } as Parameters<typeof undoIdentityRecord>[0]
    const email = (value: string) => ({ type: 'email', value })
    await addMerge(warehouse, { id: 'old', a: email('a'), b: email('b'), author: 'ada' })
    await warehouse.command({
      query: `INSERT INTO cdp.identity_records
        SELECT concat('later ', toString(number)), 'merge', 'email', 'c', 'email', toString(number), '', 'ada', '',
          now64(3) + toIntervalSecond(1) FROM numbers(1000)`,
    })
    await undoIdentityRecord(context, 'old', { author: 'eve', refresh: false })
    const [newest] = await listRecords(context, 1)
    assert.deepEqual([newest!.kind, newest!.undoes, newest!.author], ['undone', 'old', 'eve'])
  })
})
