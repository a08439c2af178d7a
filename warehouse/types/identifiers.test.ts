import assert from 'node:assert/strict'
import { query } from 'chdb'
import fc from 'fast-check'
import { quoteIdentifier, quoteString, quoteTable } from './identifiers.js'

const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((value) => !value.includes('\0'))

describe('quoting for ClickHouse', () => {
  it('gives any text back as one string literal', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (texts) => {
        const sql = `SELECT [${texts.map(quoteString).join(', ')}]`
        assert.deepEqual(JSON.parse(query(sql, 'JSONCompactEachRow')), [texts])
      }),
      { numRuns: 50 },
    )
  })

  it('gives any text back as one column name', () => {
    fc.assert(
      fc.property(
        text.filter((name) => name !== ''),
        (name) => {
          const answer = query(`SELECT 1 AS ${quoteIdentifier(name)}`, 'JSONEachRow')
          assert.deepEqual(Object.keys(JSON.parse(answer)), [name])
        },
      ),
      { numRuns: 200 },
    )
  })

  it('keeps a dot inside its part of a table name', () => {
    assert.equal(quoteTable('shop', 'public.orders'), '`shop`.`public.orders`')
  })

  it('refuses NUL and an empty name', () => {
    assert.throws(() => quoteString('a\0b'), /holds a NUL character; remove it/)
    assert.throws(() => quoteIdentifier('a\0b'), /holds a NUL character; remove it/)
    assert.throws(() => quoteIdentifier(''), /the name is empty/)
  })
})
