import { deepEqual } from 'node:assert/strict'
import { pastedValues } from './change-list.js'

describe('values that are pasted', () => {
  const cases: readonly (readonly [what: string, text: string, values: readonly string[]])[] = [
    ['are one a line', 'a@x.com\nb@x.com\r\n\n', ['a@x.com', 'b@x.com']],
    ['are cells of a spreadsheet', '17\t18\n19;20, 21', ['17', '18', '19', '20', '21']],
    ['are taken once, without spaces and quotes around them', ' "a@x.com"\na@x.com', ['a@x.com']],
    ['keep spaces inside', '+33 6 12 34 56 78', ['+33 6 12 34 56 78']],
    ['are none in an empty text', ' \n ', []],
  ]
  for (const [what, text, values] of cases) it(what, () => deepEqual(pastedValues(text), values))
})
