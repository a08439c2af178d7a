import assert from 'node:assert/strict'
import type { StateStep } from '../warehouse/ledger/state.js'
import { diffSteps } from './state.js'

const step = (
  sequence: number,
  rows: number,
  state: object,
  event: StateStep['event'] = 'accepted',
): StateStep => ({
  sequence,
  event,
  generation: 1,
  loadId: String(sequence),
  cursor: `c${sequence}`,
  state: JSON.stringify(state),
  rows,
  at: `t${sequence}`,
})
/** Newest first. */
const STEPS = [
  step(4, 40, { at: 4, b: 1 }),
  step(3, 30, { at: 3 }),
  step(2, 20, { at: 2, a: 1 }),
  step(1, 0, {}, 'published'),
]
const point = (sequence: number) => ({ sequence, generation: 1, cursor: `c${sequence}`, at: `t${sequence}` })

describe('comparing steps of a stream', () => {
  it('compares the newest with the one before, or any two', () => {
    assert.deepEqual(diffSteps('orders', STEPS, {}), {
      stream: 'orders',
      from: point(3),
      to: point(4),
      rows: 40,
      loads: 1,
      changes: [
        { key: 'at', before: 3, after: 4 },
        { key: 'b', after: 1 },
      ],
    })
    assert.deepEqual(diffSteps('orders', STEPS, { from: 1, to: 3 }), {
      stream: 'orders',
      from: point(1),
      to: point(3),
      rows: 50,
      loads: 2,
      changes: [{ key: 'at', after: 3 }],
    })
  })

  it('begins with nothing before the first step, and has no answer without steps', () => {
    const first = diffSteps('orders', STEPS, { to: 1 })
    assert.deepEqual([first?.from, first?.to.sequence, first?.loads], [null, 1, 0])
    assert.equal(diffSteps('orders', STEPS, { to: 0 }), undefined)
    assert.equal(diffSteps('orders', [], {}), undefined)
  })
})
