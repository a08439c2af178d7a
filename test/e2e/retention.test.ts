/** Old data goes end to end: rows of a source with what they said of people, rejects, the log; by hand, and as the schedule would. */
import assert from 'node:assert/strict'
import { apply } from '../../operations/apply.js'
import { refreshes, startRefresh } from '../../operations/refresh.js'
import { applyRetention, previewRetention, showRetention } from '../../operations/retention.js'
import { selectRows } from '../../warehouse/query.js'
import { leaveOldSales, SALES_FILES, settings } from '../support/old-sales.js'
import { startTestStack, type TestStack } from '../support/stack.js'
import { syncAndWait } from '../support/sync.js'
import { until } from '../support/until.js'

describe('retention', function () {
  this.timeout(180_000)
  let stack: TestStack

  before(async () => {
    stack = await startTestStack({ env: { TRIBUTARY_REFRESH_DELAY_MS: '200' } })
    await stack.write(SALES_FILES)
    await apply(stack.context, { author: 'test' })
    await syncAndWait(stack, 'till')
    await leaveOldSales(stack)
  })
  after(() => stack?.stop())

  const emails = async () =>
    (
      await selectRows<{ email: string }>(
        await stack.context.warehouse(),
        'SELECT email FROM till.sales ORDER BY email',
      )
    ).map(({ email }) => email)
  const buyers = async () => {
    const [last] = await refreshes(stack.context, 1)
    return last?.segments.find(({ name }) => name === 'buyers')?.size
  }
  const counts = (kinds: readonly { readonly kind: string; readonly rows: number }[]) =>
    kinds.map(({ kind, rows }) => [kind, rows])

  it('keeps everything but rejects where nothing is said', async () => {
    await (await startRefresh(stack.context)).result()
    assert.equal(await buyers(), 2)
    const report = await (await applyRetention(stack.context)).result()
    assert.deepEqual([report.outcome, counts(report.kinds)], ['succeeded', [['rejects', 1]]])
    assert.deepEqual(await emails(), ['new@x.org', 'old@x.org'])
  })

  it('tells what a length would remove, and touches nothing', async () => {
    const found = await previewRetention(stack.context, { raw: '1y', audit: '1y' })
    assert.deepEqual(counts(found.kinds), [
      ['raw', 1],
      ['rejects', 0],
      ['audit', 1],
    ])
    assert.deepEqual(
      found.kinds[0]!.streams.map(({ name, rows }) => [name, rows]),
      [['till.sales', 1]],
    )
    assert.deepEqual(await emails(), ['new@x.org', 'old@x.org'])
  })

  it('refuses a length under a day', async () => {
    await stack.write({ 'tributary.yaml': settings('retention: { raw: 90m }\n') })
    await assert.rejects(apply(stack.context, { author: 'test' }), /retention.raw.*too short|too short/)
  })

  it('removes what is old with what it said of people, once it is published', async () => {
    await stack.write({ 'tributary.yaml': settings('retention: { raw: 1y, audit: 1y }\n') })
    await apply(stack.context, { author: 'test' })
    const report = await (await applyRetention(stack.context)).result()
    assert.deepEqual(
      [report.outcome, report.rows, counts(report.kinds)],
      [
        'succeeded',
        2,
        [
          ['raw', 1],
          ['rejects', 0],
          ['audit', 1],
        ],
      ],
    )
    assert.deepEqual(await emails(), ['new@x.org'])
    await until(async () => (await buyers()) === 1)
    const { inForce, last, nextRun } = await showRetention(stack.context)
    assert.deepEqual(
      [inForce, last?.runId, nextRun !== null],
      [{ raw: '1y', rejects: '90d', audit: '1y' }, report.runId, true],
    )
  })

  it('leaves the position of the source: the next sync reads what is new, and nothing again', async () => {
    await stack.write({ 'data/two.ndjson': '{"id":2,"email":"next@x.org","total":7}\n' })
    const report = await syncAndWait(stack, 'till')
    assert.deepEqual([report.outcome, report.rows], ['succeeded', 1])
    assert.deepEqual(await emails(), ['new@x.org', 'next@x.org'])
  })

  it('removes the same only once', async () => {
    const report = await (await applyRetention(stack.context)).result()
    assert.deepEqual([report.outcome, report.rows], ['succeeded', 0])
  })
})
