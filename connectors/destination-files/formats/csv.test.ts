import assert from 'node:assert/strict'
import { fileOptions } from '../config.js'
import type { FilesConfig } from '../spec.js'
import { csvWriter } from './csv.js'

type Csv = NonNullable<FilesConfig['csv']>

function written(rows: readonly Record<string, unknown>[], csv: Csv = {}): string {
  const { csv: options } = fileOptions({ location: { folder: '' }, csv })
  const writer = csvWriter(Object.keys(rows[0] ?? {}), options)
  return writer.head + writer.lines(rows as never)
}

describe('CSV', () => {
  for (const [title, value, csv, expected] of [
    ['a plain text', 'a b', {}, 'a b'],
    ['a delimiter', 'a,b', {}, '"a,b"'],
    ['another delimiter', 'a,b;c', { delimiter: ';' }, '"a,b;c"'],
    ['a delimiter that is not used', 'a,b', { delimiter: '\t' }, 'a,b'],
    ['a delimiter that means something to patterns', 'a^b]c', { delimiter: '^' }, '"a^b]c"'],
    ['quotes', 'a "b"', {}, '"a ""b"""'],
    ['line ends', 'a\nb\rc', {}, '"a\nb\rc"'],
    ['blanks at an end', ' a', {}, '" a"'],
    ['no value', null, {}, ''],
    ['no value with a text for it', null, { null_text: 'NULL' }, 'NULL'],
    ['a text that reads as no value', 'NULL', { null_text: 'NULL' }, '"NULL"'],
    ['a text that others read as no value', '\\N', {}, '"\\N"'],
    ['an empty text', '', {}, '""'],
    ['a number', -1.5, {}, '-1.5'],
    ['a boolean', true, {}, 'true'],
    ['a list', ['a', 1, null], {}, '"[""a"",1,null]"'],
    ['an object', { a: 'b' }, {}, '"{""a"":""b""}"'],
    ['quotes around all texts', 'a', { quote: 'all' }, '"a"'],
    ['no quotes around numbers', 1, { quote: 'all' }, '1'],
    ['a formula as it is', '=1+1', {}, '=1+1'],
    ['a formula made harmless', '=1+1', { escape_formulas: true }, "'=1+1"],
    ['a formula in quotes', '=A1&","', { escape_formulas: true }, `"'=A1&"","""`],
    ['a command', '@SUM(A1)', { escape_formulas: true }, "'@SUM(A1)"],
    ['a formula behind a tab', '\t=1', { escape_formulas: true }, "'\t=1"],
    ['a formula with a full-width sign', '＝1', { escape_formulas: true }, "'＝1"],
    ['a phone number', '+33612345678', { escape_formulas: true }, '+33612345678'],
    ['a negative number', -5, { escape_formulas: true }, '-5'],
    ['what only begins as a number', '-1+cmd', { escape_formulas: true }, "'-1+cmd"],
  ] as const)
    it(`writes ${title}`, () => {
      // A second column shows where the first one ends.
      const delimiter = 'delimiter' in csv ? csv.delimiter : ','
      const rows = [{ value, end: 0 }]
      assert.equal(written(rows, { ...csv, header: false }), `${expected}${delimiter}0\r\n`)
    })

  it('writes a header, and lines of one empty cell that no reader skips', () => {
    assert.equal(written([{ 'a,b': null }, { 'a,b': 'x' }]), '"a,b"\r\n""\r\nx\r\n')
  })
  it('escapes names of columns as it does values', () => {
    assert.equal(written([{ '=a': 1 }], { escape_formulas: true, line_end: 'lf' }), "'=a\n1\n")
  })
  it('begins with a byte order mark where that is wanted', () => {
    assert.equal(written([{ a: 1 }], { byte_order_mark: true }), '\ufeffa\r\n1\r\n')
  })
})
