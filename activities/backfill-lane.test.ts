import assert from 'node:assert/strict'
import { laneState, stateInWindow } from './backfill-lane.js'

const stretch = { name: 'past', from: '0', to: '30', step: 10 }
const at = (from: string, to: string) => ({ window: { from, to }, stretch })

describe('the state of a backfill', () => {
  const CASES: readonly [what: string, kept: string | undefined, in2: string | undefined][] = [
    ['of the same window is gone on from', laneState(at('10', '20'), '{"at":12}', false), '{"at":12}'],
    ['before its first checkpoint begins the window', laneState(at('10', '20'), undefined, false), undefined],
    ['of a window that is done is used up', laneState(at('10', '20'), '{"at":19}', true), undefined],
    ['of another window is never taken', laneState(at('0', '10'), '{"at":9}', false), undefined],
    ['that keeps no window is never taken', '{"at":9}', undefined],
    ['that was never kept is none', undefined, undefined],
  ]
  for (const [what, kept, expected] of CASES) {
    it(what, () => assert.equal(stateInWindow(at('10', '20'), kept), expected))
  }

  it('is the connector’s own outside a backfill', () => {
    assert.deepEqual(
      [laneState({}, '{"at":1}', true), stateInWindow({}, '{"at":1}')],
      ['{"at":1}', '{"at":1}'],
    )
  })
})
