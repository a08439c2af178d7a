import assert from 'node:assert/strict'
import { readInput } from '../projection/read-input.testing.js'
import { compileRowEncoder, type RowOutcome } from './row-encoder.js'

const TIME3 = "DateTime64(3, 'UTC')"
const TIME6 = "DateTime64(6, 'UTC')"
const TIME9 = "DateTime64(9, 'UTC')"
const UUID = '61f0c404-5cb3-11e7-907b-a6006ad3dba0'
const MAX_DECIMAL76 = `${'9'.repeat(74)}.99`

/** What the engine reads back for a value that was taken as it is. */
const TAKEN: readonly [type: string, value: unknown, read: unknown][] = [
  ['Int8', -128, -128],
  ['Int8', '127', 127],
  ['Int16', -32768, -32768],
  ['UInt16', 65535, 65535],
  ['Int32', -2147483648, -2147483648],
  ['Int32', 12.0, 12],
  ['Int32', '12.000', 12],
  ['Int32', '+5', 5],
  ['Int32', 7n, 7],
  ['UInt32', 4294967295, 4294967295],
  ['Int64', -1, '-1'],
  ['Int64', -0, '0'],
  ['Int64', -4294967296, '-4294967296'],
  ['Int64', Number.MIN_SAFE_INTEGER, '-9007199254740991'],
  ['Int64', '9223372036854775807', '9223372036854775807'],
  ['Int64', '-9223372036854775808', '-9223372036854775808'],
  ['UInt64', '18446744073709551615', '18446744073709551615'],
  ['Int128', '-170141183460469231731687303715884105728', '-170141183460469231731687303715884105728'],
  ['Int256', -5, '-5'],
  ['Int256', -(2n ** 255n), String(-(2n ** 255n))],
  ['Float64', 0.1, 0.1],
  ['Float64', '-1.5e300', -1.5e300],
  ['Float64', 'NaN', 'nan'],
  ['Float64', '-Infinity', '-inf'],
  ['Float64', 'inf', 'inf'],
  ['Float32', 1.5, 1.5],
  ['Decimal(4, 2)', -99.99, '-99.99'],
  ['Decimal(4, 2)', '1.500', '1.50'],
  ['Decimal(4, 2)', '.5', '0.50'],
  ['Decimal(4, 2)', '-0', '0.00'],
  ['Decimal(12, 2)', 0.07, '0.07'],
  ['Decimal(12, 2)', 1.15, '1.15'],
  ['Decimal(18, 3)', '999999999999999.999', '999999999999999.999'],
  ['Decimal(18, 3)', '-999999999999999.999', '-999999999999999.999'],
  ['Decimal(38, 10)', 1e-7, '0.0000001000'],
  ['Decimal(38, 10)', '1.5E+3', '1500.0000000000'],
  ['Decimal(38, 0)', 1e21, '1000000000000000000000'],
  ['Decimal(76, 2)', `-${MAX_DECIMAL76}`, `-${MAX_DECIMAL76}`],
  ['Date32', '1900-01-01', '1900-01-01'],
  ['Date32', '2299-12-31', '2299-12-31'],
  ['Date32', '2000-02-29', '2000-02-29'],
  ['Date32', '2026-01-02T00:00:00Z', '2026-01-02'],
  [TIME3, '2026-01-02T03:04:05.678Z', '2026-01-02 03:04:05.678'],
  [TIME3, '2026-01-02 03:04:05', '2026-01-02 03:04:05.000'],
  [TIME3, '2026-01-02T03:04:05.6+05:30', '2026-01-01 21:34:05.600'],
  [TIME3, '2026-01-02T03:04:05-08', '2026-01-02 11:04:05.000'],
  [TIME3, '2026-01-02T03:04+0100', '2026-01-02 02:04:00.000'],
  [TIME3, '2026-01-02', '2026-01-02 00:00:00.000'],
  [TIME3, '1969-12-31T23:59:59.999Z', '1969-12-31 23:59:59.999'],
  [TIME3, '2026-01-02T03:04:05.678000Z', '2026-01-02 03:04:05.678'],
  [TIME6, '1900-01-01 00:00:00.000001', '1900-01-01 00:00:00.000001'],
  [TIME6, '2299-12-31 23:59:59.999999', '2299-12-31 23:59:59.999999'],
  [TIME9, '2026-01-02 03:04:05.123456789', '2026-01-02 03:04:05.123456789'],
  ['Bool', true, true],
  ['Bool', 'F', false],
  ['Bool', 1, true],
  ['UUID', UUID, UUID],
  ['UUID', UUID.toUpperCase(), UUID],
  ['UUID', UUID.replaceAll('-', ''), UUID],
  ['String', '', ''],
  ['String', 'Zoë 🎉 \n\t"\'\\', 'Zoë 🎉 \n\t"\'\\'],
  ['String', 'x'.repeat(127), 'x'.repeat(127)],
  ['String', 'é'.repeat(100), 'é'.repeat(100)],
  ['String', '日'.repeat(5500), '日'.repeat(5500)],
  ['String', 'a'.repeat(3_000_000), 'a'.repeat(3_000_000)],
  ['String', '\ud800', '\ufffd'],
  ['String', 12.5, '12.5'],
  ['String', false, 'false'],
  ['String', { a: [1, null] }, '{"a":[1,null]}'],
  ['LowCardinality(Nullable(String))', 'a', 'a'],
  ['LowCardinality(Nullable(String))', null, null],
  ['LowCardinality(String)', 'b', 'b'],
  ['Nullable(Int32)', null, null],
  ['Nullable(Int32)', undefined, null],
  ['Nullable(Decimal(76, 2))', null, null],
  ['Array(Int32)', [1, -2], [1, -2]],
  ['Array(Int32)', '[3]', [3]],
  ['Array(Int32)', null, []],
  ['Array(Nullable(String))', ['a', null], ['a', null]],
  ['Array(Array(UInt8))', [[1], []], [[1], []]],
  ['JSON', { a: { b: 'c' } }, { a: { b: 'c' } }],
  ['JSON', '{"a":true}', { a: true }],
  ['Nullable(JSON)', null, null],
]

/** Why a value was not taken. */
const REFUSED: readonly [type: string, value: unknown, reason: string][] = [
  ['Int8', 128, 'out of range'],
  ['UInt8', -1, 'out of range'],
  ['Int32', 1.5, 'not an integer'],
  ['Int32', '', 'not an integer'],
  ['Int32', '1e3', 'not an integer'],
  ['Int32', ' 1', 'not an integer'],
  ['Int32', true, 'not an integer'],
  ['Int64', '9223372036854775808', 'out of range'],
  [
    'Int64',
    2 ** 60,
    'an integer beyond 2^53 given as a number has lost digits; the source must give it as text',
  ],
  ['Int64', null, 'null or missing, and the column is not nullable'],
  ['Float64', 'one', 'not a number'],
  ['Float64', '', 'not a number'],
  ['Float64', '1e999', 'out of range'],
  ['Float64', JSON.parse('1e999'), 'out of range'],
  ['Float32', 1e39, 'out of range'],
  ['Decimal(4, 2)', '100', 'out of range'],
  ['Decimal(4, 2)', '1.239', 'more decimals than the column holds'],
  ['Decimal(4, 2)', 1.239, 'more decimals than the column holds'],
  ['Decimal(4, 2)', '1e9999', 'out of range'],
  ['Decimal(4, 2)', 'NaN', 'not a number'],
  ['Decimal(4, 2)', '.', 'not a number'],
  ['Decimal(76, 2)', '9'.repeat(200), 'out of range'],
  ['Date32', '2026-02-29', 'not a date between 1900-01-01 and 2299-12-31'],
  ['Date32', '1899-12-31', 'not a date between 1900-01-01 and 2299-12-31'],
  ['Date32', '2026-01-02T10:00:00Z', 'not a date between 1900-01-01 and 2299-12-31'],
  ['Date32', 20000, 'not a date between 1900-01-01 and 2299-12-31'],
  [TIME3, '2300-01-01T00:00:00Z', 'a time outside 1900-01-01 to 2299-12-31'],
  [TIME9, '2290-01-01T00:00:00Z', 'a time outside 1900-01-01 to 2299-12-31'],
  [TIME3, '2026-01-02T25:00:00Z', 'not a time in ISO 8601'],
  [TIME3, '2026-01-02T10:00:00.Z', 'not a time in ISO 8601'],
  [TIME3, '2026-01-02T10:00:00 Z', 'not a time in ISO 8601'],
  [TIME3, '02/01/2026', 'not a time in ISO 8601'],
  [TIME3, 'infinity', 'not a time in ISO 8601'],
  [TIME3, 1700000000, 'not a time in ISO 8601'],
  ['Bool', 'yes', 'not a boolean'],
  ['Bool', 2, 'not a boolean'],
  ['UUID', 'g1f0c404-5cb3-11e7-907b-a6006ad3dba0', 'not a UUID'],
  ['UUID', '61f0c4045-cb3-11e7-907b-a6006ad3dba0', 'not a UUID'],
  ['UUID', `${'é'.repeat(32)}`, 'not a UUID'],
  ['Array(Int32)', { a: 1 }, 'not an array'],
  ['Array(Int32)', '1,2', 'not an array'],
  ['Array(Int32)', [1, null], 'an item is null or missing, and the column is not nullable'],
  ['JSON', [1], 'not a JSON object'],
  ['JSON', 'text', 'not a JSON object'],
  ['JSON', 5, 'not a JSON object'],
]

/** What a non-null column holds instead of a refused value. */
const DEFAULTS: readonly [type: string, read: unknown][] = [
  ['Bool', false],
  ['Int256', '0'],
  ['Decimal(76, 2)', '0.00'],
  ['Date32', '1970-01-01'],
  [TIME3, '1970-01-01 00:00:00.000'],
  ['UUID', '00000000-0000-0000-0000-000000000000'],
  ['JSON', {}],
  ['Nullable(Float64)', null],
]

describe('writing values', () => {
  it('keeps what the column can hold, as the real engine reads it', () => {
    for (const [type, value, read] of TAKEN) {
      const encoder = compileRowEncoder([{ field: 'a', type }])
      const outcome = encoder.append({ a: value })
      assert.deepEqual(outcome, { kind: 'kept' }, `${type}: ${String(value).slice(0, 50)}`)
      assert.deepEqual(readRows(encoder.take(), encoder.structure), [[read]], `${type}: ${String(value)}`)
    }
  })

  for (const [type, value, reason] of REFUSED) {
    it(`refuses ${JSON.stringify(value).slice(0, 50)} for ${type}`, () => {
      const encoder = compileRowEncoder([{ field: 'a', type }], { onBadValue: 'discard_row' })
      const expected: RowOutcome = { kind: 'discarded', field: 'a', reason }
      assert.deepEqual([encoder.append({ a: value }), encoder.bytes, encoder.rows], [expected, 0, 0])
    })
  }

  it('writes null or the default instead of a refused value', () => {
    for (const [type, read] of DEFAULTS) {
      const encoder = compileRowEncoder([
        { field: 'a', type },
        { field: 'z', type: 'UInt8' },
      ])
      encoder.append({ a: 'zz', z: 9 })
      assert.deepEqual(readRows(encoder.take(), encoder.structure), [[read, 9]], type)
    }
  })

  it('cuts a time to the column and says so', () => {
    const encoder = compileRowEncoder([{ field: 'a', type: TIME3 }])
    const outcome = encoder.append({ a: '2026-01-02T03:04:05.678901234567Z' })
    const change = { field: 'a', change: 'truncated', reason: 'time cut to 3 digits of a second' }
    assert.deepEqual(outcome, {
      kind: 'changed',
      changes: [{ ...change, value: '2026-01-02T03:04:05.678901234567Z' }],
    })
    assert.deepEqual(readRows(encoder.take(), encoder.structure), [['2026-01-02 03:04:05.678']])
  })

  it('refuses to compile a type that the type map does not make', () => {
    assert.throws(
      () => compileRowEncoder([{ field: 'a', type: 'Map(String, UInt8)' }]),
      /Map\(String, UInt8\) is not written/,
    )
  })
})

/** What the engine reads from an encoder's bytes. */
function readRows(bytes: Uint8Array, structure: string): unknown[][] {
  return readInput({ format: 'RowBinary', bytes, structure })
}
