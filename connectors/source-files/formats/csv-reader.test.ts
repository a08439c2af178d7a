import assert from 'node:assert/strict'
import fc from 'fast-check'
import { CsvReader } from './csv-reader.js'

type Row = readonly [line: number, values: readonly (string | null)[]]
type Broken = readonly [line: number, reason: string, raw: string]

function read(text: string, delimiter = ',', quote = '"'): (Row | Broken)[] {
  const reader = new CsvReader(text, 1, { delimiter, quote, nullValues: new Set(['\\N']) })
  const rows: (Row | Broken)[] = []
  for (let found = reader.next(); found !== 'end'; found = reader.next())
    rows.push(found === 'record' ? [reader.line, reader.values] : [reader.line, reader.reason!, reader.raw])
  return rows
}

const NEVER_CLOSED = 'a quote is opened and never closed'
const FOLLOWS = 'text follows a closing quote'

const CASES: readonly [name: string, text: string, rows: readonly (Row | Broken)[]][] = [
  ['nothing', '', []],
  ['a last line without an end', 'a,b', [[1, ['a', 'b']]]],
  [
    'CRLF line ends',
    'a,b\r\nc,"d"\r\n',
    [
      [1, ['a', 'b']],
      [2, ['c', 'd']],
    ],
  ],
  ['an empty value as null and a quoted one as empty', ',""\n', [[1, [null, '']]]],
  ['null values only without quotes', '\\N,"\\N"\n', [[1, [null, '\\N']]]],
  ['blanks around values', ' a , "b" ,\t\n', [[1, ['a', 'b', null]]]],
  ['blanks inside quotes', '" a "\n', [[1, [' a ']]]],
  ['doubled quotes', '"a ""b"""\n', [[1, ['a "b"']]]],
  ['a quote inside a value', '5" pipe,x\n', [[1, ['5" pipe', 'x']]]],
  [
    'line ends inside quotes, and lines behind them',
    '"a\n\nb",c\nd,e\n',
    [
      [1, ['a\n\nb', 'c']],
      [4, ['d', 'e']],
    ],
  ],
  [
    'blank lines as nothing',
    'a,b\n\n\nc,d\n',
    [
      [1, ['a', 'b']],
      [4, ['c', 'd']],
    ],
  ],
  ['NUL as text', 'a\0b,c\n', [[1, ['a\0b', 'c']]]],
  [
    'a stray quote as one bad line',
    'a,b\nc,"d\ne,f\n',
    [
      [1, ['a', 'b']],
      [2, NEVER_CLOSED, 'c,"d'],
      [3, ['e', 'f']],
    ],
  ],
  [
    'text behind a closing quote as one bad line',
    '"a"b,c\nd,e\n',
    [
      [1, FOLLOWS, '"a"b,c'],
      [2, ['d', 'e']],
    ],
  ],
  [
    'two stray quotes as bad lines',
    'a,"b\nc,d"e\nf,g\n',
    [
      [1, FOLLOWS, 'a,"b'],
      [2, ['c', 'd"e']],
      [3, ['f', 'g']],
    ],
  ],
]

describe('reading CSV', () => {
  for (const [name, text, rows] of CASES) it(`reads ${name}`, () => assert.deepEqual(read(text), rows))

  it('reads other delimiters and quotes', () => {
    assert.deepEqual(read("a\t'b\t''c'\n", '\t', "'"), [[1, ['a', "b\t'c"]]])
    assert.deepEqual(read('"a;b"\n', ';', ''), [[1, ['"a', 'b"']]])
  })

  it('gives back what was written, whatever it holds', () => {
    const value = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '\0', '\t') })
    const table = fc.array(fc.array(value, { minLength: 2, maxLength: 4 }), { maxLength: 6 })
    fc.assert(
      fc.property(table, (rows) => {
        const text = rows
          .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
          .join('\n')
        assert.deepEqual(
          read(text).map(([, values]) => values),
          rows,
        )
      }),
    )
  })
})
