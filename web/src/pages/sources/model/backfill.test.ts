import { deepEqual, equal } from 'node:assert/strict'
import { dayCount, daysProblem, stretchOf } from './backfill.js'

describe('a stretch of the past', () => {
  it('has its last day in it', () => {
    deepEqual(stretchOf('2026-01-30', '2026-01-31'), { from: '2026-01-30', to: '2026-02-01' })
    deepEqual(stretchOf('2028-02-28', '2028-02-28'), { from: '2028-02-28', to: '2028-02-29' })
    equal(dayCount('2026-01-30', '2026-01-31'), 2)
  })

  it('says what is wrong with its days', () => {
    deepEqual(
      [
        daysProblem('', '2026-01-01', '2026-06-01'),
        daysProblem('2026-02-01', '2026-01-01', '2026-06-01'),
        daysProblem('2026-07-01', '2026-07-02', '2026-06-01'),
        daysProblem('2026-01-01', '2026-01-01', '2026-06-01'),
      ],
      [
        'Choose both days.',
        'The first day is after the last one.',
        'The first day is in the future.',
        undefined,
      ],
    )
  })
})
