import assert from 'node:assert/strict'
import { backfillWindow } from './backfill.js'

describe('the window of a backfill', () => {
  it('is a stretch of time in steps, or of whole numbers', () => {
    const day = 86_400_000
    const cases: [given: [from: string, to: string, step?: string], step: number][] = [
      [['2026-01-01', '2026-02-01'], day],
      [['2026-01-01T06:00:00Z', '2026-01-02', '6h'], day / 4],
      [['1', '100'], 99],
      [['-5', '100', '10'], 10],
    ]
    for (const [[from, to, step], length] of cases) {
      const window = backfillWindow({ from, to, ...(step !== undefined && { step }) })
      assert.deepEqual(window, { from, to, step: length })
    }
  })

  it('says what is wrong with bounds and steps', () => {
    const cases: [given: [from: string, to: string, step?: string], said: RegExp][] = [
      [['2026-02-01', '2026-01-01'], /ends \(2026-01-01\) before it begins/],
      [['9', '9'], /ends \(9\) before it begins/],
      [['yesterday', '2026-01-01'], /reading the bound yesterday: it is no time/],
      [['2026-01-01', '2026-02-01', 'day'], /reading the step day: it is no duration/],
      [['1', '9', '1d'], /reading the step 1d: the bounds are numbers/],
    ]
    for (const [[from, to, step], said] of cases) {
      assert.throws(() => backfillWindow({ from, to, ...(step !== undefined && { step }) }), {
        name: 'InvalidWindow',
        message: said,
      })
    }
  })
})
