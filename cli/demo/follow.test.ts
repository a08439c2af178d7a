import assert from 'node:assert/strict'
import { withArrived } from './follow.js'

describe('withArrived', () => {
  it('shows rows of slices under way, and of streams that ended what they report', () => {
    const stream = (name: string, status: string, rows: number) => ({
      name,
      status,
      rows,
      bytes: 0,
      rejects: 0,
    })
    const picture = {
      source: 'till',
      startedAtMs: 0,
      streams: [
        stream('a', 'running', 10),
        stream('b', 'running', 0),
        stream('c', 'succeeded', 5),
        stream('d', 'running', 0),
      ],
    }
    const before = new Map([
      ['a', 100],
      ['d', 50],
    ])
    const now = new Map([
      ['a', 130],
      ['b', 7],
      ['c', 99],
      // An older generation was dropped meanwhile.
      ['d', 20],
    ])
    assert.deepEqual(
      withArrived(picture, before, now).streams.map(({ rows }) => rows),
      [30, 7, 5, 0],
    )
  })
})
