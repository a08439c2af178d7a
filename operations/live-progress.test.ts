import assert from 'node:assert/strict'
import type { StreamState } from '../workflows/contract.js'
import { type LiveStream, withSlice } from './live-progress.js'
import type { PendingActivity } from './pending.js'

const state: StreamState = {
  name: 'orders',
  status: 'running',
  rows: 100,
  bytes: 1000,
  rejects: 1,
  slices: 1,
  cursor: 'a',
}
const slice = (more: object): PendingActivity => ({
  type: 'syncSlice',
  heartbeat: { rows: 20, bytes: 200, rejects: 2, cursor: 'b', at: '2026-11-24T18:00:00Z', ...more },
})
const counted = { ...state, rows: 120, bytes: 1200, rejects: 3, cursor: 'b' }
const retry = { failed: 2, of: 8, type: 'NetworkError', message: 'refused; check the port' }

describe('the progress within a slice', () => {
  const cases: readonly [string, readonly PendingActivity[], LiveStream][] = [
    ['is nothing where nothing is pending', [], state],
    [
      'is nothing before the first heartbeat with counts',
      [{ type: 'syncSlice', heartbeat: { at: '' } }],
      state,
    ],
    ['is added to what was loaded', [slice({})], counted],
    ['keeps the cursor before the first checkpoint', [slice({ cursor: null })], { ...counted, cursor: 'a' }],
    [
      'has what the slice says remains',
      [slice({ remaining: { rows: 30 } })],
      { ...counted, remaining: { rows: 30 } },
    ],
    ['says what is tried again', [{ type: 'openStream', retry }], { ...state, retry }],
  ]
  it('takes what the slice brought from what remained before it', () => {
    const remained = (remaining: object) =>
      withSlice({ ...state, remaining }, [slice({ remaining: null })]).remaining
    assert.deepEqual([{ rows: 50 }, { rows: 10 }, { bytes: 900 }].map(remained), [
      { rows: 30 },
      undefined,
      { bytes: 700 },
    ])
  })

  for (const [what, activities, expected] of cases)
    it(what, () => assert.deepEqual(withSlice(state, activities), expected))
})
