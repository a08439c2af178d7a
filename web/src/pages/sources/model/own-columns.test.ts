import { deepEqual } from 'node:assert/strict'
import { ownColumns } from './own-columns.js'

describe('the columns of a stream', () => {
  it('are those of its source, without the one for values that fit none', () => {
    const names = ['id', '_original_values', '_original_values_', 'original_values', '_id']
    deepEqual(
      ownColumns(names.map((name) => ({ name }))).map(({ name }) => name),
      ['id', 'original_values', '_id'],
    )
  })
})
