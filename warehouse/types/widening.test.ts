import assert from 'node:assert/strict'
import { query } from 'chdb'
import fc from 'fast-check'
import { formatType, parseType } from './type.js'
import { canWiden, castExpression, commonType } from './widening.js'

const TIME3 = "DateTime64(3, 'UTC')"
const TIME6 = "DateTime64(6, 'UTC')"

/** Each type with values at its edges, as literals of its own. */
const EDGES: Readonly<Record<string, readonly string[]>> = {
  Bool: ['true', 'false'],
  Int8: ['-128', '127'],
  Int16: ['-32768', '32767'],
  Int32: ['-2147483648', '2147483647'],
  Int64: ['-9223372036854775808', '9223372036854775807'],
  Int128: ['-170141183460469231731687303715884105728', '170141183460469231731687303715884105727'],
  UInt8: ['0', '255'],
  UInt16: ['0', '65535'],
  UInt32: ['0', '4294967295'],
  UInt64: ['0', '18446744073709551615'],
  Float32: ['-3.4e38', '0.1'],
  Float64: ['-1.7e308', '0.1'],
  'Decimal(4, 2)': ['-99.99', '0.01'],
  'Decimal(10, 0)': ['9999999999', '-1'],
  'Decimal(20, 4)': ['9999999999999999.9999', '0.0001'],
  'Decimal(76, 38)': [`${'9'.repeat(38)}.${'9'.repeat(38)}`, '-1'],
  Date32: ['1900-01-01', '2299-12-31'],
  [TIME3]: ['1900-01-01 00:00:00.000', '2299-12-31 23:59:59.999'],
  [TIME6]: ['1900-01-01 00:00:00.000001', '2299-12-31 23:59:59.999999'],
  UUID: ['61f0c404-5cb3-11e7-907b-a6006ad3dba0'],
  String: ['', 'Zoë'],
}
const TYPES = Object.keys(EDGES)
const anyType = fc
  .record({ base: fc.constantFrom(...TYPES), nullable: fc.boolean(), array: fc.boolean() })
  .map(({ base, nullable, array }) => {
    const type = nullable ? `Nullable(${base})` : base
    return array ? `Array(${type})` : type
  })

describe('types as values', () => {
  it('are written as the engine writes them', () => {
    const types = [...TYPES, 'Nullable(JSON)', 'Array(Nullable(Int32))', 'LowCardinality(Nullable(String))']
    const columns = types.map((type) => `toTypeName(${castExpression(sample(type), type)})`)
    const named = JSON.parse(query(`SELECT [${columns.join(', ')}]`, 'JSONCompactEachRow').trim())
    assert.deepEqual(named, [types])
    assert.deepEqual(
      types.map((type) => formatType(parseType(type))),
      types,
    )
  })

  it('keep text that they do not know', () => {
    for (const type of ['Map(String, UInt8)', "Enum8('a' = 1)", 'Nullable(IPv4)']) {
      assert.equal(formatType(parseType(type)), type)
    }
  })
})

function sample(type: string): string {
  if (type.includes('JSON')) return "'{}'"
  if (type.startsWith('Array')) return "'[]'"
  return `'${EDGES[type]?.[0] ?? ''}'`
}

describe('widening', () => {
  const cases: readonly [from: string, to: string, safe: boolean][] = [
    ['Int8', 'Int16', true],
    ['Int16', 'Int8', false],
    ['UInt32', 'Int32', false],
    ['UInt32', 'Int64', true],
    ['Int8', 'UInt64', false],
    ['Int32', 'Float64', true],
    ['Int64', 'Float64', false],
    ['Int16', 'Float32', true],
    ['Int32', 'Float32', false],
    ['Int32', 'Decimal(10, 0)', true],
    ['Int32', 'Decimal(10, 2)', false],
    ['UInt64', 'Decimal(22, 2)', true],
    ['Float64', 'Float32', false],
    ['Decimal(10, 2)', 'Decimal(12, 4)', true],
    ['Decimal(10, 2)', 'Decimal(12, 5)', false],
    ['Decimal(10, 2)', 'Float64', false],
    [TIME3, TIME6, true],
    [TIME6, TIME3, false],
    [TIME3, 'DateTime64(6)', false],
    ['Date32', TIME3, true],
    ['Int32', 'Nullable(Int32)', true],
    ['Nullable(Int32)', 'Int32', false],
    ['Nullable(Int32)', 'Nullable(Int64)', true],
    ['LowCardinality(String)', 'String', true],
    ['String', 'LowCardinality(Nullable(String))', true],
    ['UUID', 'String', true],
    ['String', 'UUID', false],
    ['Bool', 'Int8', false],
    ['Bool', 'String', true],
    ['JSON', 'String', true],
    ['Array(Int8)', 'Array(Int64)', true],
    ['Array(Int8)', 'String', true],
    ['Array(String)', 'String', false],
    ['Map(String, String)', 'String', false],
  ]
  for (const [from, to, safe] of cases) {
    it(`${safe ? 'takes' : 'does not take'} ${from} to ${to}`, () => {
      assert.equal(canWiden(from, to), safe)
    })
  }

  it('brings every value at the edges of a type back from the wider type, in the engine', () => {
    for (const from of TYPES) {
      for (const to of TYPES.filter((type) => type !== from && canWiden(from, type))) {
        for (const value of EDGES[from] ?? []) {
          const original = castExpression(`materialize('${value}')`, from)
          const back = castExpression(castExpression(original, to), from)
          const same = query(`SELECT ${back} = ${original}`, 'TSV').trim()
          assert.equal(same, '1', `${value}: ${from} to ${to}`)
        }
      }
    }
  })

  it('goes on: what widens to a type widens to whatever that widens to', () => {
    fc.assert(
      fc.property(anyType, anyType, anyType, (a, b, c) => {
        fc.pre(canWiden(a, b) && canWiden(b, c))
        assert.ok(canWiden(a, c))
      }),
      { numRuns: 300, maxSkipsPerRun: 1000 },
    )
  })

  it('finds a common type that both widen to, the same from either side', () => {
    fc.assert(
      fc.property(anyType, anyType, (a, b) => {
        const common = commonType(a, b)
        assert.equal(commonType(b, a), common)
        if (common !== undefined)
          assert.ok(canWiden(a, common) && canWiden(b, common), `${a}, ${b}: ${common}`)
      }),
      { numRuns: 2000 },
    )
  })

  const commons: readonly [string, string, string | undefined][] = [
    ['Int32', 'UInt32', 'Int64'],
    ['UInt64', 'Int8', 'Int128'],
    ['Int32', 'Float32', 'Float64'],
    ['Int64', 'Float64', 'String'],
    ['Int64', 'Decimal(10, 2)', 'Decimal(21, 2)'],
    ['Decimal(10, 2)', 'Decimal(8, 4)', 'Decimal(12, 4)'],
    ['Date32', "Nullable(DateTime64(3, 'UTC'))", "Nullable(DateTime64(3, 'UTC'))"],
    ['LowCardinality(String)', 'String', 'String'],
    ['UUID', 'Int8', 'String'],
    ['Array(Int8)', 'Array(UInt8)', 'Array(Int16)'],
    ['Array(String)', 'Int8', undefined],
  ]
  for (const [a, b, common] of commons) {
    it(`finds ${common ?? 'nothing'} in common of ${a} and ${b}`, () => {
      assert.equal(commonType(a, b), common)
    })
  }
})
