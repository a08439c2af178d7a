/** Runs of every kind as one list: newest first, in pages, each once however often its report was written. */
import assert from 'node:assert/strict'
import { recordRun as recordActivation } from '../../activation/history.js'
import { recordedRuns } from '../../warehouse/recorded-runs.js'
import { recordRefresh } from '../../warehouse/refreshes.js'
import { newestRuns, recordRun } from '../../warehouse/runs.js'
import { openTestWarehouse, type TestWarehouse } from '../support/warehouse.js'

describe('recorded runs', () => {
  let test: TestWarehouse

  before(async () => {
    test = await openTestWarehouse()
    const sync = (source: string, runId: string, outcome: string, endedAt: string) =>
      recordRun(
        test.warehouse,
        { source, workflowId: `sync/${source}-x`, runId, outcome, seconds: 2 },
        Date.parse(endedAt),
      )
    await sync('shop', 'run-1', 'succeeded', '2026-01-01T00:00:10Z')
    await sync('shop', 'run-2', 'failed', '2026-01-01T00:00:20Z')
    await sync('shop', 'run-2', 'failed', '2026-01-01T00:00:20Z')
    await sync('crm', 'run-3', 'partial', '2026-01-01T00:00:20Z')
    const refresh = { workspace: 'test', workflowId: 'profiles/test', runId: 'round', outcome: 'succeeded' }
    await recordRefresh(test.warehouse, { ...refresh, now: '2026-01-02T00:00:00.000Z' })
    await recordRefresh(test.warehouse, { ...refresh, now: '2026-01-03T00:00:00.000Z' })
    await recordActivation(test.warehouse, {
      run: 'sent-1',
      activation: 'winback',
      outcome: 'succeeded',
      startedAt: '2026-01-04T00:00:00.000Z',
    })
  })
  after(() => test?.close())

  const runs = async (options: Parameters<typeof recordedRuns>[1]) =>
    (await recordedRuns(test.warehouse, options)).map(({ kind, subject, run }) => [kind, subject, run])

  it('are one list of which each kind can be chosen', async () => {
    assert.deepEqual(await runs({ kind: 'sync', limit: 10 }), [
      ['sync', 'crm', 'run-3'],
      ['sync', 'shop', 'run-2'],
      ['sync', 'shop', 'run-1'],
    ])
    assert.deepEqual(await runs({ kind: 'activation', limit: 10 }), [['activation', 'winback', 'sent-1']])
    assert.equal((await runs({ limit: 10 })).length, 6)
    assert.deepEqual(await runs({ subject: 'shop', outcome: 'failed', limit: 10 }), [
      ['sync', 'shop', 'run-2'],
    ])
  })

  it('tell the rounds of one workflow apart', async () => {
    const rounds = await runs({ workflowId: 'profiles/test', limit: 10 })
    const names = rounds.map(([, , name]) => name!)
    assert.deepEqual([...names].sort(), ['round@1767312000000', 'round@1767398400000'])
    assert.deepEqual(await runs({ workflowId: 'profiles/test', run: names[0]!, limit: 10 }), [rounds[0]])
  })

  it('come in pages that leave nothing out, also where two ended at once', async () => {
    const [first] = await recordedRuns(test.warehouse, { kind: 'sync', limit: 1 })
    assert.equal(first!.endedAt, '2026-01-01T00:00:20.000Z')
    assert.deepEqual(await runs({ kind: 'sync', after: first!, limit: 10 }), [
      ['sync', 'shop', 'run-2'],
      ['sync', 'shop', 'run-1'],
    ])
  })

  it('say of each source how it went last, and when data last came', async () => {
    const newest = await newestRuns<{ source: string; outcome: string }>(test.warehouse)
    assert.deepEqual(
      newest.map(({ source, outcome, freshAt }) => [source, outcome, freshAt]),
      [
        ['crm', 'partial', '2026-01-01T00:00:20.000Z'],
        ['shop', 'failed', '2026-01-01T00:00:10.000Z'],
      ],
    )
  })
})
