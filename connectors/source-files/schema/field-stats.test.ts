import assert from 'node:assert/strict'
import fc from 'fast-check'
import { FieldStats } from './field-stats.js'

const TEXTS: readonly [values: readonly (string | null)[], exact: string][] = [
  [[null, null], 'string'],
  [['1', '-20', null], 'int64'],
  [['9223372036854775807', '-9223372036854775808'], 'int64'],
  [['9223372036854775808'], 'decimal(38,0)'],
  [['1'.repeat(39)], 'string'],
  [['1', '007'], 'string'],
  [['+33612345678'], 'string'],
  [['1', '2.5'], 'float64'],
  [['1.5', '1e-7'], 'float64'],
  [['12.50', '3.00'], 'decimal(38,2)'],
  [['12.5', '3.0'], 'float64'],
  [['12.51', '3.07'], 'float64'],
  [['0.3333333333333333', '2.5'], 'float64'],
  [['12345678901234567.25', '1.5'], 'decimal(38,2)'],
  [['true', 'FALSE'], 'bool'],
  [['yes', 'no'], 'string'],
  [['true', '1'], 'string'],
  [['2024-02-29', '2023-12-31'], 'date'],
  [['2023-02-29'], 'string'],
  [['1899-12-31'], 'string'],
  [['01/02/2024'], 'string'],
  [['2024-01-02', '2024-01-02T03:04:05Z'], 'timestamp(3)'],
  [['2024-01-02 03:04', '2024-01-02 03:04:05.123456+02:00'], 'timestamp(6)'],
  [['2024-01-02T03:04:05.123456789Z'], 'timestamp(9)'],
  [['Tue, 02 Jan 2024 03:04:05 GMT'], 'timestamp(3)'],
  [['2024-01-02 25:00:00'], 'string'],
  [['61f0c404-5cb3-11e7-907b-a6006ad3dba0'], 'uuid'],
  [['61f0c404-5cb3-11e7-907b-a6006ad3dba0', 'none'], 'string'],
  [['2024-01-02', '5'], 'string'],
]

const VALUES: readonly [values: readonly unknown[], schema: unknown][] = [
  [[1, null], { type: ['integer', 'null'], 'x-type': 'int64' }],
  [[1, 1.5], { type: ['number', 'null'], 'x-type': 'float64' }],
  [[12345678901234567890n], { type: ['string', 'null'], 'x-type': 'decimal(38,0)' }],
  [[true], { type: ['boolean', 'null'], 'x-type': 'bool' }],
  [['1', '2'], { type: ['string', 'null'], 'x-type': 'string' }],
  [['2024-01-02T03:04:05Z'], { type: ['string', 'null'], 'x-type': 'timestamp(3)' }],
  [[1, 'a'], { type: ['string', 'null'], 'x-type': 'string' }],
  [[{ a: 1 }], { 'x-type': 'json' }],
  [[{ a: 1 }, 1], { 'x-type': 'json' }],
  [[[1, 2], []], { type: ['array', 'null'], items: { type: ['integer', 'null'], 'x-type': 'int64' } }],
  [[[{ a: 1 }]], { 'x-type': 'json' }],
]

describe('inferring the type of a field', () => {
  for (const [values, exact] of TEXTS)
    it(`makes ${exact} of ${values.join(', ').slice(0, 60)}`, () => {
      const stats = new FieldStats()
      for (const value of values) stats.addText(value)
      assert.equal(stats.schema()['x-type'], exact)
    })

  for (const [values, schema] of VALUES)
    it(`makes ${JSON.stringify(schema)} of JSON`, () => {
      const stats = new FieldStats()
      for (const value of values) stats.addJson(value)
      assert.deepEqual(stats.schema(), schema)
    })

  it('does not depend on the order of the values', () => {
    const value = fc.constantFrom(
      '1',
      '2.50',
      '1e5',
      'true',
      '2024-01-02',
      '2024-01-02 03:04:05',
      'x',
      '007',
      null,
    )
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const [forwards, backwards] = [new FieldStats(), new FieldStats()]
        for (const text of values) forwards.addText(text)
        for (const text of values.toReversed()) backwards.addText(text)
        assert.deepEqual(forwards.schema(), backwards.schema())
      }),
    )
  })
})
