import assert from 'node:assert/strict'
import { trendSpan } from './trend-span.js'

describe('the time that a trend shows', () => {
  it('is what the plot proposes for several points', () => {
    assert.deepEqual(trendSpan([1_000_000, 1_259_200], [1_000_000, 1_259_200]), [1_000_000, 1_259_200])
  })

  it('is a day around a single point', () => {
    assert.deepEqual(trendSpan([1_000_000], [1_000_000, 87_400_000]), [956_800, 1_043_200])
  })
})
