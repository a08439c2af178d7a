import assert from 'node:assert/strict'
import { blockField } from './block-field.js'
import { readInput } from './read-input.testing.js'

const FAILS = Symbol('the insert fails')
const TIME3 = "DateTime64(3, 'UTC')"

/** What one line of TSV is in the column, parsed strictly (`exactTypes: false`) and for a database (`true`). */
const CASES: readonly [type: string, line: string, loose: unknown, exact: unknown][] = [
  ['Int8', '127', 127, 127],
  ['Int8', '300', FAILS, 44],
  ['Int8', 'A7', FAILS, FAILS],
  ['Int64', '', FAILS, '0'],
  ['Decimal(10, 2)', 'many', FAILS, FAILS],
  ['Date32', 'tomorrow', FAILS, FAILS],
  [TIME3, 'tomorrow', FAILS, FAILS],
  ['UUID', 'x', FAILS, FAILS],
  ['Float64', 'x', FAILS, FAILS],
  ['Bool', 'perhaps', FAILS, FAILS],
  ['Int64', '9223372036854775808', FAILS, '-9223372036854775808'],
  // 2^128 + 44 and 2^256 + 44: wide integers wrap as well, so integers are parsed as text.
  ['Int64', '340282366920938463463374607431768211500', FAILS, '44'],
  ['Int64', '115792089237316195423570985008687907853269984665640564039457584007913129639980', FAILS, '44'],
  ['Nullable(Int64)', '\\N', null, null],
  ['Int64', '\\N', FAILS, FAILS],
  ['Decimal(10, 2)', '1.23', '1.23', '1.23'],
  ['Decimal(10, 2)', '1.239', FAILS, '1.23'],
  ['Decimal(10, 2)', '-5', '-5.00', '-5.00'],
  ['Decimal(10, 2)', '1e-3', FAILS, '0.00'],
  ['Nullable(Decimal(10, 2))', '\\N', null, null],
  ['Date32', '2026-01-02', '2026-01-02', '2026-01-02'],
  ['Date32', '1899-12-31', FAILS, FAILS],
  ['Date32', '4000-01-01', FAILS, FAILS],
  ['Date32', '0044-03-15 BC', FAILS, FAILS],
  ['Date32', 'infinity', FAILS, FAILS],
  ['Date32', '2026-02-31', FAILS, '2026-03-03'],
  ['Nullable(Date32)', '\\N', null, null],
  ['Date32', '\\N', FAILS, FAILS],
  [TIME3, '2026-01-02 03:04:05.678', '2026-01-02 03:04:05.678', '2026-01-02 03:04:05.678'],
  [TIME3, '2026-01-02T03:04:05+01:00', '2026-01-02 02:04:05.000', '2026-01-02 02:04:05.000'],
  [TIME3, '1800-01-01 00:00:00', FAILS, FAILS],
  [TIME3, '4000-01-01 00:00:00', FAILS, FAILS],
  [TIME3, '01/02/2026 10:00:00', FAILS, '2026-02-01 10:00:00.000'],
  [TIME3, '2026-02-31 10:00:00', FAILS, FAILS],
  [TIME3, 'infinity', FAILS, FAILS],
  [`Nullable(${TIME3})`, '\\N', null, null],
  [TIME3, '\\N', FAILS, FAILS],
  ['Bool', 't', true, true],
  ['Nullable(Bool)', 'f', false, false],
  ['Bool', '\\N', FAILS, FAILS],
  [
    'UUID',
    '61f0c404-5cb3-11e7-907b-a6006ad3dba0',
    '61f0c404-5cb3-11e7-907b-a6006ad3dba0',
    '61f0c404-5cb3-11e7-907b-a6006ad3dba0',
  ],
  ['Float64', 'NaN', 'nan', 'nan'],
  // Infinity as the source wrote it is taken by way of rows, which tell it from a number that is out of range.
  ['Float64', '-Infinity', FAILS, '-inf'],
  ['Float64', '1e300', 1e300, 1e300],
  ['Float64', '1e400', FAILS, 'inf'],
  ['Float32', '0.1', 0.1, 0.1],
  ['Float32', 'NaN', 'nan', 'nan'],
  ['Float32', '1e300', FAILS, 'inf'],
  ['Float32', '\\N', FAILS, FAILS],
  ['Array(Float32)', '[0.1,1e300]', FAILS, [0.1, 'inf']],
  ['Array(Float32)', '[0.1,2]', [0.1, 2], [0.1, 2]],
  ['Array(Float32)', '[1,NULL]', FAILS, FAILS],
  ['Array(Nullable(Float32))', '[1,NULL]', [1, null], [1, null]],
  ['LowCardinality(Nullable(String))', '\\N', null, null],
  ['LowCardinality(String)', 'a', 'a', 'a'],
  ['String', '\\N', FAILS, FAILS],
  ['Array(Int32)', '[1,2]', [1, 2], [1, 2]],
  ['Array(Int32)', '[1, 2]', [1, 2], [1, 2]],
  ['Array(Int32)', '[]', [], []],
  ['Array(Int32)', '\\N', [], []],
  ['Array(Int8)', '[300]', FAILS, [44]],
  ['Array(Int8)', '[1,NULL]', FAILS, FAILS],
  ['Array(Nullable(Int8))', '[1,NULL]', [1, null], [1, null]],
  ['Array(Date32)', "['1800-01-01']", FAILS, ['1900-01-01']],
  ['Array(Date32)', '["2026-01-01"]', ['2026-01-01'], FAILS],
  ['Array(Date32)', "['2026-01-01']", ['2026-01-01'], ['2026-01-01']],
  ['Array(Decimal(10, 2))', '[1.239]', FAILS, ['1.23']],
  ['Array(String)', "['a',NULL]", FAILS, FAILS],
  ['Array(String)', "['a','b']", ['a', 'b'], ['a', 'b']],
  [TIME3, '2026-01-02T25:00:00Z', FAILS, '2026-01-03 01:00:00.000'],
  ['Nullable(String)', 'a\\tb', 'a\tb', 'a\tb'],
]

/** What does not fit fails in a nullable column too: there the engine's casts would make null of it without a word. */
const NULLABLE = CASES.filter(
  ([type, line]) => /^(Int|Decimal|Date|UUID|Float|Bool)/.test(type) && line !== '\\N',
).map(([type, line, loose, exact]) => [`Nullable(${type})`, line, loose, exact] as const)

describe('parsing a field of a block', () => {
  for (const [type, line, loose, exact] of [...CASES, ...NULLABLE]) {
    it(`reads ${line} as ${type}, or fails`, () => {
      assert.deepEqual([parse(type, line, false), parse(type, line, true)], [loose, exact])
    })
  }
})

describe('the input settings', () => {
  it('keep a first row whose value is the name of its column', () => {
    const rows = ['TabSeparated', 'CSV'].map((format) =>
      readInput({ format, structure: 'status String', bytes: 'status\npaid\n' }),
    )
    assert.deepEqual(rows, [
      [['status'], ['paid']],
      [['status'], ['paid']],
    ])
  })
})

function parse(type: string, line: string, exactTypes: boolean): unknown {
  const { parsed, expression } = blockField('`a`', type, exactTypes)
  try {
    const expressions = [expression, `toTypeName(${expression})`]
    const rows = readInput({
      format: 'TabSeparated',
      structure: `a ${parsed}`,
      bytes: `${line}\n`,
      expressions,
    })
    assert.deepEqual(
      rows.map(([, named]) => named),
      [type],
    )
    return rows[0]?.[0]
  } catch (error) {
    if (error instanceof Error && error.name === 'ChdbQueryError') return FAILS
    throw error
  }
}
