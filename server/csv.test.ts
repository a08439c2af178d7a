import { equal } from 'node:assert/strict'
import { type CsvCell, csvLine } from './csv.js'

describe('a line of CSV', () => {
  const cases: readonly (readonly [what: string, cells: readonly CsvCell[], line: string])[] = [
    ['has plain texts, numbers and truth values as they are', ['Ada', 12.5, true], 'Ada,12.5,true\r\n'],
    ['has nothing where nothing is known', ['p1', null, undefined, ''], 'p1,,,\r\n'],
    ['quotes what would end a cell', ['a,b', 'say "x"', 'two\nlines'], '"a,b","say ""x""","two\nlines"\r\n'],
    ['quotes spaces at the ends, which readers cut off', [' a', 'b '], '" a","b "\r\n'],
    ['has several texts in one cell', [['a@x.com', 'b@x.com']], 'a@x.com; b@x.com\r\n'],
    ['keeps formulas from being computed', ['=1+1', '@SUM(A1)', '+cmd|x'], "'=1+1,'@SUM(A1),'+cmd|x\r\n"],
    ['keeps a number of parts from becoming a sum', ['+1-555-0100', '-1/2'], "'+1-555-0100,'-1/2\r\n"],
    ['leaves phone numbers and amounts alone', ['+33612345678', '-12.50'], '+33612345678,-12.50\r\n'],
  ]
  for (const [what, cells, line] of cases) it(what, () => equal(csvLine(cells), line))
})
