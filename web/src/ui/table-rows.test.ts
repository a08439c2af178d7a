import assert from 'node:assert/strict'
import fc from 'fast-check'
import { orderRows, searchRows } from './table-rows.js'

describe('the rows of a table', () => {
  const rows = ['Émile Zola', 'Ada Lovelace', 'Zoë Ada']
  const values = (row: string) => [row, null, undefined]

  it('are found by every word, whatever the case and the accents', () => {
    assert.deepEqual(
      [searchRows(rows, 'emile', values), searchRows(rows, 'ada ZOE', values), searchRows(rows, ' ', values)],
      [['Émile Zola'], ['Zoë Ada'], rows],
    )
  })

  it('are ordered as people count, those without a value last either way', () => {
    const items = [{ n: 'row 10' }, { n: null }, { n: 'row 9' }]
    assert.deepEqual(
      [orderRows(items, ({ n }) => n, false), orderRows(items, ({ n }) => n, true)],
      [
        [{ n: 'row 9' }, { n: 'row 10' }, { n: null }],
        [{ n: 'row 10' }, { n: 'row 9' }, { n: null }],
      ],
    )
  })

  it('are the same ones after ordering, in the order of the value', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer())), fc.boolean(), (numbers, descending) => {
        const ordered = orderRows(numbers, (n) => n, descending)
        const present = numbers.filter((n) => n !== null)
        const expected = present.toSorted((a, b) => (descending ? b - a : a - b))
        assert.deepEqual(ordered, [...expected, ...numbers.filter((n) => n === null)])
      }),
    )
  })
})
