/** Rows that do not fit are kept, listed, and loaded by a replay once the settings are right. */
import assert from 'node:assert/strict'
import { apply } from '../../operations/apply.js'
import { rejects, replayRejects } from '../../operations/rejects.js'
import { selectRows } from '../../warehouse/query.js'
import { startTestStack, type TestStack } from '../support/stack.js'
import { syncAndWait } from '../support/sync.js'

describe('rejects of a file', () => {
  let stack: TestStack

  const source = (type: string) => `connector: source-files
config:
  location: { folder: ./data }
  streams:
    - { name: orders, glob: orders.ndjson, schema: { code: ${type} } }
schedule: manual
streams:
  - { name: orders, sync_mode: full_refresh, destination_sync_mode: append }
`
  const codes = async () =>
    selectRows(await stack.context.warehouse(), 'SELECT toString(code) AS code FROM till.orders ORDER BY id')

  const listed = async () =>
    (await rejects(stack.context, 'till')).map(({ raw, replayed }) => ({ raw, replayed }))

  before(async () => {
    stack = await startTestStack()
    await stack.write({
      'tributary.yaml': 'workspace: rejects\ntime_zone: UTC\n',
      'sources/till.yaml': source('int64'),
      'data/orders.ndjson': '{"id":1,"code":7}\n{"id":2,"code":"A7"}\n{"id":3,"code":9}\n',
    })
    await apply(stack.context, { author: 'test' })
  })
  after(() => stack?.stop())

  it('keeps the row with its reason and its place, and loads the others', async () => {
    const report = await syncAndWait(stack, 'till')
    assert.deepEqual(
      { outcome: report.outcome, rows: report.rows, rejects: report.rejects },
      { outcome: 'succeeded', rows: 2, rejects: 1 },
    )
    assert.deepEqual(await codes(), [{ code: '7' }, { code: '9' }])
    const [reject] = await rejects(stack.context, 'till')
    assert.deepEqual(
      { raw: reject?.raw, replayed: reject?.replayed },
      { raw: '{"id":2,"code":"A7"}', replayed: false },
    )
  })

  it('leaves it a reject while the settings are as they were, and lists it once', async () => {
    for (const _time of ['first', 'second']) {
      const report = await replayRejects(stack.context, 'till', 'orders')
      assert.deepEqual(report, { stream: 'orders', loaded: 0, rejectedAgain: 1, skipped: 0 })
      assert.deepEqual(await listed(), [{ raw: '{"id":2,"code":"A7"}', replayed: false }])
    }
  })

  it('loads it once when the settings fit it', async () => {
    await stack.write({ 'sources/till.yaml': source('string') })
    await apply(stack.context, { author: 'test' })
    assert.deepEqual(await replayRejects(stack.context, 'till', 'orders'), {
      stream: 'orders',
      loaded: 1,
      rejectedAgain: 0,
      skipped: 0,
    })
    assert.deepEqual(await replayRejects(stack.context, 'till', 'orders'), {
      stream: 'orders',
      loaded: 0,
      rejectedAgain: 0,
      skipped: 0,
    })
    assert.deepEqual(await codes(), [{ code: '7' }, { code: 'A7' }, { code: '9' }])
    assert.deepEqual(await listed(), [{ raw: '{"id":2,"code":"A7"}', replayed: true }])
  })
})
