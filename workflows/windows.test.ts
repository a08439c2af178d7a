import assert from 'node:assert/strict'
import { isBefore, nextWindow } from './windows.js'

describe('the windows of a backfill', () => {
  const walk = (from: string, to: string, step: number): string[] => {
    const ends: string[] = []
    for (let window = nextWindow(from, { to, step }); window; window = nextWindow(window.to, { to, step }))
      ends.push(window.to)
    return ends
  }

  it('are steps of time, the last one cut', () => {
    assert.deepEqual(walk('2026-01-01', '2026-01-01T00:25:00Z', 600_000), [
      '2026-01-01T00:10:00.000Z',
      '2026-01-01T00:20:00.000Z',
      '2026-01-01T00:25:00Z',
    ])
  })

  it('are steps of whole numbers, however large', () => {
    assert.deepEqual(walk('9007199254740993', '9007199254741000', 5), [
      '9007199254740998',
      '9007199254741000',
    ])
  })

  it('are ordered by value, not by text', () => {
    assert.deepEqual(
      [isBefore('9', '10'), isBefore('10', '10'), isBefore('2026-01-01', '2026-01-01T00:00:01Z')],
      [true, false, true],
    )
  })
})
