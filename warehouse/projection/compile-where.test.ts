import assert from 'node:assert/strict'
import { query } from 'chdb'
import fc from 'fast-check'
import { quoteIdentifier, quoteString } from '../types/identifiers.js'
import { castExpression } from '../types/widening.js'
import { compileWhere, type Where, whereFields } from './compile-where.js'

const TYPES: Readonly<Record<string, string>> = {
  id: 'Int64',
  age: 'Nullable(UInt8)',
  price: 'Nullable(Decimal(10, 2))',
  ratio: 'Nullable(Float32)',
  status: 'LowCardinality(Nullable(String))',
  name: 'Nullable(String)',
  day: 'Nullable(Date32)',
  at: "Nullable(DateTime64(3, 'UTC'))",
  paid: 'Nullable(Bool)',
  key: 'Nullable(UUID)',
  tags: 'Array(String)',
}
const UUID = '61f0c404-5cb3-11e7-907b-a6006ad3dba0'
const AT = '2026-01-02 03:04:05.678'
/** Row 1 has everything, row 2 is null where it may be. */
const ROWS = [
  ['1', '30', '19.99', '0.1', 'paid', 'Zoë (50%)', '2026-01-02', AT, 'true', UUID, "['a','b']"],
  ['2', null, null, null, null, null, null, null, null, null, '[]'],
]
const TABLE = ROWS.map((row) => {
  const columns = Object.entries(TYPES).map(([name, type], index) => {
    const value = row[index]
    return `${castExpression(value == null ? 'NULL' : quoteString(value), type)} AS ${quoteIdentifier(name)}`
  })
  return `SELECT ${columns.join(', ')}`
}).join(' UNION ALL ')

const fieldOf = (name: string) => {
  const type = TYPES[name]
  return type === undefined ? undefined : { expression: quoteIdentifier(name), type }
}

/** Ids of the rows that a condition accepts, in the real engine. */
function accepted(where: Where): number[] {
  const { sql, problems } = compileWhere(where, fieldOf)
  assert.deepEqual(problems, [])
  const text = query(`SELECT id FROM (${TABLE}) WHERE ${sql} ORDER BY id`, 'TSV')
  return text.split('\n').filter(Boolean).map(Number)
}

const CASES: readonly [where: Where, ids: readonly number[]][] = [
  [{ field: 'id', eq: 1 }, [1]],
  [{ field: 'id', eq: '2' }, [2]],
  [{ field: 'id', in: [1, 2, 9] }, [1, 2]],
  [{ field: 'id', gt: '9223372036854775808' }, []],
  [{ field: 'id', lt: 1.5 }, [1]],
  [{ field: 'age', eq: 30 }, [1]],
  [{ field: 'age', not_eq: 30 }, [2]],
  [{ field: 'age', not_eq: 31 }, [1, 2]],
  [{ field: 'age', gt: -5 }, [1]],
  [{ field: 'age', lt: 300 }, [1]],
  [{ field: 'age', between: [30, 40] }, [1]],
  [{ field: 'age', between: { from: 31, to: 40 } }, []],
  [{ field: 'age', gte: 18, lt: 30 }, []],
  [{ field: 'age', not_in: [30] }, [2]],
  [{ not: { field: 'age', eq: 31 } }, [1, 2]],
  [{ field: 'price', eq: 19.99 }, [1]],
  [{ field: 'price', eq: '19.990' }, [1]],
  [{ field: 'price', gt: 19.989 }, [1]],
  [{ field: 'price', lte: 1e3 }, [1]],
  [{ field: 'ratio', eq: 0.1 }, [1]],
  [{ field: 'status', eq: 'paid' }, [1]],
  [{ field: 'status', not_eq: 'draft' }, [1, 2]],
  [{ field: 'status', in: ['paid', 'sent'] }, [1]],
  [{ field: 'name', contains: '(50%)' }, [1]],
  [{ field: 'name', contains: '_' }, []],
  [{ field: 'name', not_contains: 'Zoë' }, [2]],
  [{ field: 'name', starts_with: 'Zoë' }, [1]],
  [{ field: 'name', ends_with: '%)' }, [1]],
  [{ field: 'name', matches: '^Zo. \\(\\d+' }, [1]],
  [{ field: 'name', exists: true }, [1]],
  [{ field: 'name', absent: true }, [2]],
  [{ field: 'name', exists: false }, [2]],
  [{ field: 'day', gte: '2026-01-02' }, [1]],
  [{ field: 'day', lt: '2026-01-02' }, []],
  [{ field: 'at', eq: '2026-01-02T05:04:05.678+02:00' }, [1]],
  [{ field: 'at', gt: '2026-01-02T03:04:05.6779Z' }, [1]],
  [{ field: 'at', lt: '2026-01-02' }, []],
  [{ field: 'at', starts_with: '2026-01' }, [1]],
  [{ field: 'paid', eq: true }, [1]],
  [{ field: 'paid', not_eq: true }, [2]],
  [{ field: 'key', eq: UUID.toUpperCase() }, [1]],
  [{ field: 'tags', contains: 'b' }, [1]],
  [{ field: 'tags', not_contains: 'b' }, [2]],
  [{ field: 'tags', absent: true }, [2]],
  [
    {
      all: [
        { field: 'id', gte: 1 },
        { field: 'paid', eq: true },
      ],
    },
    [1],
  ],
  [
    {
      any: [
        { field: 'id', eq: 2 },
        { field: 'paid', eq: true },
      ],
    },
    [1, 2],
  ],
  [
    {
      not: {
        any: [
          { field: 'id', eq: 2 },
          { field: 'paid', eq: true },
        ],
      },
    },
    [],
  ],
]

const PROBLEMS: readonly [where: unknown, path: string, message: RegExp][] = [
  ['paid', 'where', /a condition is an object/],
  [{}, 'where', /has field with operators, or one of all/],
  [{ all: [] }, 'where.all', /needs a list of conditions/],
  [{ all: [{ field: 'nope', eq: 1 }] }, 'where.all.0.field', /no field nope/],
  [{ field: 'id' }, 'where', /needs an operator/],
  [{ field: 'id', equals: 1 }, 'where.equals', /unknown operator; use one of eq, /],
  [{ field: 'id', eq: 'one' }, 'where.eq', /needs a number/],
  [{ field: 'id', eq: null }, 'where.eq', /use exists or absent/],
  [{ field: 'id', eq: [1] }, 'where.eq', /needs a number/],
  [{ field: 'id', in: [] }, 'where.in', /needs a list of values/],
  [{ field: 'id', between: [1] }, 'where.between', /needs \[from, to\]/],
  [{ field: 'day', gt: '2026-02-30' }, 'where.gt', /needs a date/],
  [{ field: 'at', gt: 'yesterday' }, 'where.gt', /needs a time/],
  [{ field: 'paid', eq: 'maybe' }, 'where.eq', /needs true or false/],
  [{ field: 'key', eq: 'x' }, 'where.eq', /needs a UUID/],
  [{ field: 'tags', eq: 'a' }, 'where.eq', /use contains/],
  [{ field: 'name', exists: 'yes' }, 'where.exists', /needs true or false/],
  [{ field: 'name', eq: 'a\0' }, 'where.eq', /NUL/],
  [{ field: 'name', contains: 'a\0' }, 'where.contains', /NUL/],
  [{ not: { field: 'id', eq: 'x' } }, 'where.not.eq', /needs a number/],
]

describe('compiling where', () => {
  for (const [where, ids] of CASES) {
    it(`accepts rows [${ids.join(', ')}] for ${JSON.stringify(where)}`, () =>
      assert.deepEqual(accepted(where), ids))
  }

  for (const [where, path, message] of PROBLEMS) {
    it(`names the problem of ${JSON.stringify(where)}`, () => {
      const { problems } = compileWhere(where, fieldOf)
      assert.deepEqual(
        problems.map((problem) => [problem.path, message.test(problem.message)]),
        [[path, true]],
      )
    })
  }

  it('lists the fields that a condition reads', () => {
    const where = {
      all: [
        { field: 'a', eq: 1 },
        {
          not: {
            any: [
              { field: 'b', eq: 1 },
              { field: 'a', eq: 2 },
            ],
          },
        },
      ],
    }
    assert.deepEqual(whereFields(where), ['a', 'b'])
    assert.deepEqual(whereFields(undefined), [])
  })

  it('compares any text as text, whatever it holds', () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((value) => !value.includes('\0'))
    fc.assert(
      fc.property(text, (value) => {
        for (const operator of ['eq', 'contains', 'starts_with', 'ends_with']) {
          const { sql, problems } = compileWhere({ field: 'x', [operator]: value }, () => ({
            expression: castExpression(quoteString(value), 'Nullable(String)'),
            type: 'Nullable(String)',
          }))
          assert.deepEqual(problems, [])
          assert.equal(query(`SELECT ${sql} = true`, 'TSV').trim(), '1', `${operator} ${sql}`)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('makes a condition and its opposite divide all rows between them', () => {
    const leaf = fc.constantFrom(...CASES.map(([where]) => where))
    fc.assert(
      fc.property(leaf, leaf, (a, b) => {
        const all: Where = { any: [a, b] }
        const both = [...accepted(all), ...accepted({ not: all })].sort()
        assert.deepEqual(both, [1, 2])
      }),
      { numRuns: 50 },
    )
  })
})
