import assert from 'node:assert/strict'
import type { ActivationFile } from '@tributary/schemas'
import { countGuards } from './guards.js'

const counts = { adds: 0, changes: 0, removes: 0, held: 1000, wanted: 1000 }

const CASES: readonly (readonly [
  what: string,
  guards: ActivationFile['guards'],
  counts: Partial<typeof counts>,
  breached: readonly string[],
])[] = [
  [
    'a third of the records, where nothing is said',
    undefined,
    { removes: 301 },
    ['removes 301 of 1,000 records; from 20 on at most 300 (30 %) are allowed'],
  ],
  ['no more than that', undefined, { removes: 300 }, []],
  ['a few records of a few, where nothing is said', undefined, { removes: 19, held: 20 }, []],
  [
    'twenty of twenty',
    undefined,
    { removes: 20, held: 20 },
    ['removes 20 of 20 records; from 20 on at most 6 (30 %) are allowed'],
  ],
  [
    'one record more than the count',
    { max_removes: { count: 5 } },
    { removes: 6 },
    ['removes 6 of 1,000 records; at most 5 are allowed'],
  ],
  ['the count exactly', { max_removes: { count: 5 } }, { removes: 5 }, []],
  [
    'the smaller one of count and share',
    { max_removes: { count: 500, share: 0.1 } },
    { removes: 101 },
    ['removes 101 of 1,000 records; at most 100 (10 %) are allowed'],
  ],
  [
    'any record, where none may go',
    { max_removes: { count: 0 } },
    { removes: 1 },
    ['removes 1 of 1,000 records; at most 0 are allowed'],
  ],
  [
    'adds',
    { max_adds: { share: 0.005 } },
    { adds: 6 },
    ['adds 6 to 1,000 records; at most 5 (0.5 %) are allowed'],
  ],
  ['no share of nothing: a first run', { max_adds: { share: 0.1 } }, { adds: 600, held: 0 }, []],
  [
    'a count of a first run',
    { max_adds: { share: 0.1, count: 10 } },
    { adds: 11, held: 0 },
    ['adds 11 to 0 records; at most 10 are allowed'],
  ],
  [
    'changes',
    { max_changes: { count: 1 } },
    { changes: 2 },
    ['changes 2 of 1,000 records; at most 1 are allowed'],
  ],
  [
    'everything, where nobody is left',
    { max_removes: { share: 1 } },
    { removes: 1000, wanted: 0 },
    ['nobody is left to send, of 1,000 records there: this would empty the audience'],
  ],
  ['nobody, where nothing is taken away', undefined, { removes: 0, wanted: 0 }, []],
]

describe('guards on numbers', () => {
  for (const [what, guards, changed, breached] of CASES) {
    it(`${breached.length === 0 ? 'let pass' : 'stop'} ${what}`, () => {
      const reports = countGuards(guards, { ...counts, ...changed })
      assert.deepEqual(
        reports.filter((report) => report.breached).map(({ message }) => message),
        breached,
      )
    })
  }

  it('are all listed, breached or not', () => {
    const limits = { max_removes: { count: 1 }, max_adds: { count: 1 }, max_changes: { count: 1 } }
    assert.deepEqual(countGuards(limits, counts), [
      { name: 'max_removes', breached: false, message: 'removes 0 of 1,000 records; at most 1 are allowed' },
      { name: 'max_adds', breached: false, message: 'adds 0 to 1,000 records; at most 1 are allowed' },
      { name: 'max_changes', breached: false, message: 'changes 0 of 1,000 records; at most 1 are allowed' },
      { name: 'empty_segment', breached: false, message: '1,000 records belong there' },
    ])
  })
})
