import assert from 'node:assert/strict'
import {
  cursorLagSeconds,
  formatBytes,
  formatCount,
  formatSeconds,
  formatTime,
  printable,
  shorten,
  table,
} from './format.js'

const ESC = '\x1b'

describe('printable text', () => {
  for (const [name, text, shown] of [
    ['letters of any script', 'zoë 名前 🙂', 'zoë 名前 🙂'],
    ['line ends', 'a\nb', 'a\nb'],
    ['its own colours', `${ESC}[31mred${ESC}[39m`, `${ESC}[31mred${ESC}[39m`],
    ['what moves the cursor or clears the screen', `a${ESC}[2J${ESC}[H`, 'a\\x1b[2J\\x1b[H'],
    ['a title of the window', `${ESC}]0;x\x07`, '\\x1b]0;x\\x07'],
    ['zeros, tabs, carriage returns and C1', '\0\t\r\x9b', '\\x00\\x09\\x0d\\x9b'],
    ['what turns the direction', 'a\u202eb', 'a\\u202eb'],
  ] as const)
    it(`shows ${name}`, () => assert.equal(printable(text), shown))

  it('keeps the rows of a table together', () => {
    assert.equal(table([{ title: 'stream' }], [[`a\n${ESC}[1A`]]), 'stream\na\\n\\x1b[1A')
  })
})

describe('words for numbers and times', () => {
  it('groups the digits of counts', () => {
    assert.deepEqual([0, 999, 1000, 1234567].map(formatCount), ['0', '999', '1,000', '1,234,567'])
  })

  it('names bytes in powers of 1000', () => {
    assert.deepEqual([0, 999, 1000, 38_400, 1_200_000, 5e9, 7e15].map(formatBytes), [
      '0 B',
      '999 B',
      '1.0 kB',
      '38.4 kB',
      '1.2 MB',
      '5.0 GB',
      '7000.0 TB',
    ])
  })

  it('names durations by their two largest units', () => {
    assert.deepEqual([0, 0.44, 59.94, 59.96, 60, 65, 3600, 3725, 86_400, 90_061].map(formatSeconds), [
      '0.0 s',
      '0.4 s',
      '59.9 s',
      '1 min',
      '1 min',
      '1 min 5 s',
      '1 h',
      '1 h 2 min',
      '1 d',
      '1 d 1 h',
    ])
  })

  it('shows times to the second', () => {
    assert.equal(formatTime('2026-11-24T18:00:01.123456Z'), '2026-11-24 18:00:01')
  })

  it('cuts long text to one line', () => {
    assert.deepEqual([shorten('a\n b'), shorten('abcdef', 4)], ['a b', 'abc…'])
  })

  it('tells how far a cursor that is a time lies back, and of no other', () => {
    const now = Date.parse('2026-11-24T18:00:00Z')
    const cases: [cursor: string | null, seconds: number | undefined][] = [
      ['2026-11-24 17:59:00', 60],
      ['2026-11-24T18:59:00+01:00', 60],
      ['2026-11-24', 64_800],
      ['2026-11-24T19:00:00Z', 0],
      ['4 of 12 files', undefined],
      ['20261124', undefined],
      [null, undefined],
    ]
    assert.deepEqual(
      cases.map(([cursor]) => [cursor, cursorLagSeconds(cursor, now)]),
      cases,
    )
  })

  it('lines columns up, whatever colours the cells have', () => {
    const rows = [
      ['a', '\x1b[32mok\x1b[39m', '1'],
      ['long', 'failed', '1,000'],
    ]
    assert.equal(
      table([{ title: 'name' }, { title: 'outcome' }, { title: 'rows', align: 'right' }], rows),
      ['name  outcome   rows', 'a     \x1b[32mok\x1b[39m           1', 'long  failed   1,000'].join('\n'),
    )
  })
})
