import assert from 'node:assert/strict'
import type { ExactType, FieldSchema } from '@tributary/schemas'
import { columnType } from './column-type.js'

const CASES: readonly [field: FieldSchema, required: string, optional: string][] = [
  [{ type: 'boolean', 'x-type': 'bool' }, 'Bool', 'Nullable(Bool)'],
  [{ 'x-type': 'int8' }, 'Int8', 'Nullable(Int8)'],
  [{ 'x-type': 'int256' }, 'Int256', 'Nullable(Int256)'],
  [{ 'x-type': 'uint64' }, 'UInt64', 'Nullable(UInt64)'],
  [{ 'x-type': 'float32' }, 'Float32', 'Nullable(Float32)'],
  [{ 'x-type': 'float64' }, 'Float64', 'Nullable(Float64)'],
  [{ type: 'string', 'x-type': 'decimal(12,2)' }, 'Decimal(12, 2)', 'Nullable(Decimal(12, 2))'],
  [{ 'x-type': 'decimal(76,0)' }, 'Decimal(76, 0)', 'Nullable(Decimal(76, 0))'],
  [{ 'x-type': 'date' }, 'Date32', 'Nullable(Date32)'],
  [{ 'x-type': 'timestamp(6)' }, "DateTime64(6, 'UTC')", "Nullable(DateTime64(6, 'UTC'))"],
  [{ 'x-type': 'timestamp(0)' }, "DateTime64(0, 'UTC')", "Nullable(DateTime64(0, 'UTC'))"],
  [{ 'x-type': 'uuid' }, 'UUID', 'Nullable(UUID)'],
  [{ 'x-type': 'string' }, 'String', 'Nullable(String)'],
  [{ 'x-type': 'bytes' }, 'String', 'Nullable(String)'],
  [{ 'x-type': 'json' }, 'String', 'Nullable(String)'],
  [{ type: 'integer' }, 'Int64', 'Nullable(Int64)'],
  [{ type: ['integer', 'null'] }, 'Nullable(Int64)', 'Nullable(Int64)'],
  [{ type: 'number' }, 'Float64', 'Nullable(Float64)'],
  [{ type: ['integer', 'number'] }, 'Float64', 'Nullable(Float64)'],
  [{ type: 'boolean' }, 'Bool', 'Nullable(Bool)'],
  [{ type: 'string' }, 'String', 'Nullable(String)'],
  [{ type: 'string', format: 'email' }, 'String', 'Nullable(String)'],
  [{ type: 'string', format: 'date-time' }, "DateTime64(3, 'UTC')", "Nullable(DateTime64(3, 'UTC'))"],
  [{ type: 'string', format: 'date' }, 'Date32', 'Nullable(Date32)'],
  [{ type: 'string', format: 'uuid' }, 'UUID', 'Nullable(UUID)'],
  [{ type: 'string', enum: ['a', 'b'] }, 'LowCardinality(String)', 'LowCardinality(Nullable(String))'],
  [
    { type: 'string', enum: ['a', null] },
    'LowCardinality(Nullable(String))',
    'LowCardinality(Nullable(String))',
  ],
  [{ type: 'string', enum: ['a'.repeat(200)] }, 'String', 'Nullable(String)'],
  [{ type: 'integer', enum: [1, 2] }, 'Int64', 'Nullable(Int64)'],
  [{ type: 'object' }, 'String', 'Nullable(String)'],
  [{ type: 'array', items: { type: 'string' } }, 'Array(String)', 'Array(String)'],
  [{ type: ['array', 'null'], items: { type: 'integer' } }, 'Array(Int64)', 'Array(Int64)'],
  [
    { type: 'array', items: { type: ['integer', 'null'], 'x-type': 'int32' } },
    'Array(Nullable(Int32))',
    'Array(Nullable(Int32))',
  ],
  [{ type: 'array', items: { type: 'object' } }, 'String', 'Nullable(String)'],
  [{ type: 'array', items: { 'x-type': 'json' } }, 'String', 'Nullable(String)'],
  [{ type: 'array' }, 'String', 'Nullable(String)'],
  [{ type: ['string', 'integer'] }, 'String', 'Nullable(String)'],
  [{}, 'String', 'Nullable(String)'],
]

describe('the column type of a field', () => {
  for (const [field, required, optional] of CASES) {
    it(`is ${required} where required and ${optional} where not, for ${JSON.stringify(field).slice(0, 70)}`, () => {
      assert.deepEqual(
        [columnType(field, { required: true }), columnType(field, { required: false })],
        [required, optional],
      )
    })
  }

  it('is JSON for open objects where the stream asks for it', () => {
    assert.equal(columnType({ type: 'object' }, { required: false, json: true }), 'Nullable(JSON)')
    assert.equal(columnType({ 'x-type': 'json' }, { required: true, json: true }), 'JSON')
  })

  it('refuses an exact type that the contract does not have', () => {
    for (const unknown of ['int7', 'decimal(77,0)', 'decimal(4,5)', 'timestamp(10)', 'text']) {
      assert.throws(
        () => columnType({ 'x-type': unknown as ExactType }, { required: true }),
        /unknown x-type .*; use one of/,
      )
    }
  })
})
