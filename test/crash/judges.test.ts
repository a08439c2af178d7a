/** The judges of the crash suite see what they are there to see. */
import assert from 'node:assert/strict'
import { judge, type LedgerRow } from './oracle.js'
import { History, noteOf } from './shop.js'
import { judgeRows, type VisibleRow } from './verdict.js'

describe('the crash suite judges', () => {
  const row = (id: number, version = 1, note = noteOf(id, version)): VisibleRow => ({ id, version, note })
  const history = (versions: Record<number, number>, deleted: number[] = []) =>
    Object.assign(new History(), {
      versions: new Map(Object.entries(versions).map(([id, version]) => [Number(id), version])),
      deleted: new Set(deleted),
    })

  const cases = [
    ['exactly what the source holds', [row(1), row(2, 2)], { lost: 0, duplicated: 0 }],
    ['a missing row', [row(1)], { lost: 1, duplicated: 0 }],
    ['a row twice', [row(1), row(1), row(2, 2)], { lost: 0, duplicated: 1 }],
    ['an old version instead of the new one', [row(1), row(2, 1)], { lost: 1, duplicated: 1 }],
    ['a deleted row', [row(1), row(2, 2), row(3)], { lost: 0, duplicated: 1 }],
    ['a row that never was', [row(1), row(2, 2), row(9)], { lost: 0, duplicated: 1 }],
    ['other content', [row(1, 1, 'x'), row(2, 2)], { lost: 1, duplicated: 1 }],
  ] as const
  for (const [what, rows, expected] of cases) {
    it(`${what} as ${expected.lost} lost and ${expected.duplicated} too many`, () => {
      const expectation = {
        mode: 'overwrite',
        history: history({ 1: 1, 2: 2, 3: 1 }, [3]),
        initialRows: 2,
        reads: 3,
      } as const
      const { lost, duplicated } = judgeRows(rows, expectation)
      assert.deepEqual({ lost, duplicated }, expected)
    })
  }

  it('a whole read that is missing from an appended stream', () => {
    const expectation = {
      mode: 'append whole',
      history: history({ 1: 1 }),
      initialRows: 1,
      reads: 3,
    } as const
    assert.equal(judgeRows([row(1), row(1)], expectation).lost, 1)
    assert.equal(judgeRows([row(1), row(1), row(1)], expectation).lost, 0)
    assert.equal(judgeRows([row(1), row(1), row(1), row(1)], expectation).duplicated, 1)
  })

  it('a late acceptance of an older run as void', () => {
    const step = (over: Partial<LedgerRow>): LedgerRow => ({
      lane: 'live',
      event: 'accepted',
      epoch: '1',
      base: 0,
      sequence: 1,
      load_id: '1',
      generation: 1,
      fold: 0,
      rows: '10',
      cursor: '',
      ...over,
    })
    const ledger = judge([
      step({ event: 'published' }),
      step({ sequence: 2, load_id: '2' }),
      step({ epoch: '5', base: 2, sequence: 3, load_id: '5', rows: '7' }),
      // Twice the same row, and one that came after the next run had begun.
      step({ sequence: 2, load_id: '2' }),
      step({ sequence: 3, load_id: '3', rows: '100' }),
    ])
    assert.deepEqual([ledger.visibleRows, ledger.generation], [17, 1])
  })
})
