import assert from 'node:assert/strict'
import fc from 'fast-check'
import { configOf, freshSchema, read, readContext, sql, streamOf } from './database.js'

interface Case {
  readonly type: string
  /** SQL of the value. */
  readonly value: string
  readonly exact: string
  readonly field: string | null
  /** What `_original_values` keeps of it. */
  readonly original?: string
}

const CASES: readonly Case[] = [
  { type: 'int2', value: '-32768', exact: 'int16', field: '-32768' },
  { type: 'int4', value: '2147483647', exact: 'int32', field: '2147483647' },
  { type: 'int8', value: '-9223372036854775808', exact: 'int64', field: '-9223372036854775808' },
  { type: 'oid', value: '4294967295', exact: 'uint32', field: '4294967295' },
  {
    type: 'numeric(20,4)',
    value: '-9999999999999999.9999',
    exact: 'decimal(20,4)',
    field: '-9999999999999999.9999',
  },
  { type: 'numeric(20,4)', value: "'NaN'", exact: 'decimal(20,4)', field: null, original: 'NaN' },
  { type: 'numeric(3,5)', value: '0.00123', exact: 'decimal(5,5)', field: '0.00123' },
  { type: 'numeric(5,-2)', value: '1234567', exact: 'decimal(7,0)', field: '1234600' },
  {
    type: 'numeric(76,10)',
    value: "'-1e65'",
    exact: 'decimal(76,10)',
    field: `-1${'0'.repeat(65)}.${'0'.repeat(10)}`,
  },
  { type: 'numeric', value: '1.50', exact: 'decimal(76,38)', field: '1.50' },
  { type: 'numeric', value: "'NaN'", exact: 'decimal(76,38)', field: null, original: 'NaN' },
  { type: 'numeric', value: "'-Infinity'", exact: 'decimal(76,38)', field: null, original: '-Infinity' },
  { type: 'numeric', value: '1e38', exact: 'decimal(76,38)', field: null, original: `1${'0'.repeat(38)}` },
  {
    type: 'numeric',
    value: `0.${'0'.repeat(38)}1`,
    exact: 'decimal(76,38)',
    field: null,
    original: `0.${'0'.repeat(38)}1`,
  },
  { type: 'numeric(90,50)', value: '1', exact: 'decimal(76,38)', field: `1.${'0'.repeat(38)}` },
  { type: 'float4', value: '1.1', exact: 'float32', field: '1.1' },
  { type: 'float8', value: "'-Infinity'", exact: 'float64', field: '-Infinity' },
  { type: 'float8', value: "'NaN'", exact: 'float64', field: 'NaN' },
  { type: 'float8', value: '0.1::float8 + 0.2::float8', exact: 'float64', field: '0.30000000000000004' },
  { type: 'bool', value: 'true', exact: 'bool', field: 't' },
  {
    type: 'text',
    value: "E'a\\tb\\nc\\\\d\\r\\b\\f\\x0B\"''é😀'",
    exact: 'string',
    field: 'a\tb\nc\\d\r\b\f\v"\'é😀',
  },
  { type: 'text', value: "'\\N'", exact: 'string', field: '\\N' },
  { type: 'text', value: "'\\.'", exact: 'string', field: '\\.' },
  { type: 'text', value: "''", exact: 'string', field: '' },
  { type: 'char(5)', value: "'ab'", exact: 'string', field: 'ab   ' },
  {
    type: 'uuid',
    value: "'A0EEBC99-9c0b-4ef8-bb6d-6bb9bd380a11'",
    exact: 'uuid',
    field: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
  },
  { type: 'json', value: `'{"a":  1e2}'`, exact: 'string', field: '{"a":  1e2}' },
  {
    type: 'jsonb',
    value: `'{"a": 12345678901234567890}'`,
    exact: 'string',
    field: '{"a": 12345678901234567890}',
  },
  {
    type: 'timestamptz',
    value: "'2020-01-02 03:04:05.123456+02'",
    exact: 'timestamp(6)',
    field: '2020-01-02 01:04:05.123456',
  },
  {
    type: 'timestamptz',
    value: "'infinity'",
    exact: 'timestamp(6)',
    field: '2299-12-31 23:59:59.999999',
    original: 'infinity',
  },
  {
    type: 'timestamptz',
    value: "'0044-03-15 BC'",
    exact: 'timestamp(6)',
    field: '1900-01-01 00:00:00',
    original: '0044-03-15 00:00:00+00 BC',
  },
  {
    type: 'timestamptz(3)',
    value: "'1969-12-31 23:59:59.999Z'",
    exact: 'timestamp(3)',
    field: '1969-12-31 23:59:59.999',
  },
  {
    type: 'timestamp',
    value: "'2300-01-01'",
    exact: 'timestamp(6)',
    field: '2299-12-31 23:59:59.999999',
    original: '2300-01-01 00:00:00',
  },
  { type: 'timestamp', value: "'1900-01-01'", exact: 'timestamp(6)', field: '1900-01-01 00:00:00' },
  { type: 'date', value: "'1965-03-04'", exact: 'date', field: '1965-03-04' },
  { type: 'date', value: "'-infinity'", exact: 'date', field: '1900-01-01', original: '-infinity' },
  { type: 'date', value: "'5874897-12-31'", exact: 'date', field: '2299-12-31', original: '5874897-12-31' },
  { type: 'time', value: "'24:00'", exact: 'string', field: '24:00:00' },
  { type: 'timetz', value: "'10:00+05:30'", exact: 'string', field: '10:00:00+05:30' },
  { type: 'interval', value: "'1 year -2 days 03:04:05.6'", exact: 'string', field: 'P1Y-2DT3H4M5.6S' },
  { type: 'int[]', value: "'{1,NULL,3}'", exact: 'string', field: '[1,null,3]' },
  { type: 'int[]', value: "'{}'", exact: 'string', field: '[]' },
  { type: 'int[]', value: "'{{1,2},{3,4}}'", exact: 'string', field: '[[1,2],[3,4]]' },
  { type: 'int[]', value: "'[5:6]={1,2}'", exact: 'string', field: '[1,2]', original: '[5:6]={1,2}' },
  {
    type: 'text[]',
    value: `'{a,NULL,"NULL","q\\"x","{","\\\\"}'`,
    exact: 'string',
    field: '["a",null,"NULL","q\\"x","{","\\\\"]',
  },
  { type: 'numeric[]', value: "'{1.50,NaN}'", exact: 'string', field: '[1.50,"NaN"]' },
  {
    type: 'timestamptz[]',
    value: "'{2020-01-01 00:00+02}'",
    exact: 'string',
    field: '["2019-12-31T22:00:00+00:00"]',
  },
  { type: 'bytea', value: "'\\xdeadBEEF00'", exact: 'bytes', field: 'deadbeef00' },
  { type: 'int4range', value: "'[1,5]'", exact: 'string', field: '[1,6)' },
  { type: 'int4multirange', value: "'{[1,2),[5,9)}'", exact: 'string', field: '{[1,2),[5,9)}' },
  { type: 'inet', value: "'10.0.0.1'", exact: 'string', field: '10.0.0.1' },
  { type: 'cidr', value: "'10.0.0.0/8'", exact: 'string', field: '10.0.0.0/8' },
  { type: 'macaddr', value: "'08:00:2b:01:02:03'", exact: 'string', field: '08:00:2b:01:02:03' },
  { type: 'money', value: "'-$92,233.04'", exact: 'decimal(38,4)', field: '-92233.04' },
  { type: 'bit(5)', value: "B'10101'", exact: 'string', field: '10101' },
  { type: 'xml', value: "'<a>1</a>'", exact: 'string', field: '<a>1</a>' },
  { type: 'tsvector', value: "'a:1 b'", exact: 'string', field: "'a':1 'b'" },
  { type: 'point', value: "'(1,2)'", exact: 'string', field: '(1,2)' },
  { type: 'pg_lsn', value: "'16/B374D848'", exact: 'string', field: '16/B374D848' },
]

describe('types of PostgreSQL', () => {
  it('arrive value by value as they are, and what a type cannot hold is kept as text', async () => {
    const schema = await freshSchema()
    await sql(
      `CREATE TABLE ${schema}.zoo (id int PRIMARY KEY, ${CASES.map(({ type }, at) => `c${at} ${type}`).join(', ')})`,
    )
    await sql(`INSERT INTO ${schema}.zoo VALUES (1, ${CASES.map(({ value }) => value).join(', ')})`)
    await sql(`INSERT INTO ${schema}.zoo (id) VALUES (2)`)
    const config = configOf(schema)
    const stream = await streamOf(config, 'zoo')
    const { rows } = await read(stream, config)
    const [one, two] = [...rows].sort((left, right) => Number(left.id) - Number(right.id))
    const expected = CASES.map(({ type, exact, field }) => ({ type, exact, field }))
    assert.deepEqual(
      CASES.map(({ type }, at) => ({
        type,
        exact: stream.schema.properties[`c${at}`]?.['x-type'],
        field: one![`c${at}`],
      })),
      expected,
    )
    const originals = CASES.flatMap(({ original }, at) =>
      original === undefined ? [] : [[`c${at}`, original]],
    )
    assert.deepEqual(JSON.parse(one!._original_values!), Object.fromEntries(originals))
    const { id, ...nulls } = two!
    assert.equal(id, '2')
    assert.deepEqual(new Set(Object.values(nulls)), new Set([null]))
  })

  it('of its own making are resolved: enums, domains of domains, composites, hstore and citext', async () => {
    const schema = await freshSchema()
    await sql(`CREATE EXTENSION IF NOT EXISTS hstore; CREATE EXTENSION IF NOT EXISTS citext;
      SET search_path = ${schema}, public;
      CREATE TYPE mood AS ENUM ('sad', 'it''s "ok"'); CREATE TYPE pair AS (x int, y text);
      CREATE DOMAIN price AS numeric(12,3); CREATE DOMAIN positive AS price CHECK (value > 0);
      CREATE TABLE t (id positive PRIMARY KEY, m mood, ms mood[], p pair, ps pair[], h hstore, c citext, g int GENERATED ALWAYS AS (2 * 3) STORED, i int GENERATED ALWAYS AS IDENTITY);
      INSERT INTO t (id, m, ms, p, ps, h, c) VALUES (4.5, 'it''s "ok"', '{sad}', (1, 'a"b'), array[(2, null)::pair], 'a=>1,b=>NULL', 'CiText');
      RESET search_path`)
    const config = configOf(schema)
    const stream = await streamOf(config, 't')
    const { _original_values, ...row } = (await read(stream, config)).rows[0]!
    assert.equal(stream.schema.properties.id!['x-type'], 'decimal(12,3)')
    assert.deepEqual(
      { ...row, _original_values },
      {
        id: '4.500',
        m: `it's "ok"`,
        ms: '["sad"]',
        p: '{"x":1,"y":"a\\"b"}',
        ps: '[{"x":2,"y":null}]',
        h: '{"a": "1", "b": null}',
        c: 'CiText',
        g: '6',
        i: '1',
        _original_values: null,
      },
    )
  })

  it('hold any text, array, number and time: what comes is what PostgreSQL has', async () => {
    const schema = await freshSchema()
    await sql(
      `CREATE TABLE ${schema}.t (id int PRIMARY KEY, s text, a text[], n numeric, f float8, b bytea, ts timestamptz, d date, j jsonb)`,
    )
    const config = configOf(schema)
    const stream = await streamOf(config, 't')
    const text = fc
      .string({ unit: 'binary', maxLength: 20 })
      .map((value) => Buffer.from(value.replaceAll('\u0000', '')).toString())
    const nasty = fc.oneof(
      text,
      fc.constantFrom('\\N', '\\', '\t', '\n', '\r\n', 'NULL', '{}', '"', "'", '\\.', '\\x41'),
    )
    const time = fc.integer({ min: -6e10, max: 2e11 }).map((seconds) => `to_timestamp(${seconds}.25)`)
    const row = fc.record({
      s: fc.option(nasty),
      a: fc.option(fc.array(fc.option(nasty), { maxLength: 5 })),
      n: fc.tuple(fc.bigInt({ min: -(10n ** 45n), max: 10n ** 45n }), fc.integer({ min: 0, max: 45 })),
      f: fc.double(),
      b: fc.uint8Array({ maxLength: 8 }),
      ts: time,
      j: fc.jsonValue().filter((value) => !JSON.stringify(value).includes('\\u')),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
        await sql(`TRUNCATE ${schema}.t`)
        for (const [
          id,
          {
            s,
            a,
            n: [digits, scale],
            f,
            b,
            ts,
            j,
          },
        ] of rows.entries()) {
          await sql(
            `INSERT INTO ${schema}.t VALUES ($1, $2, $3, $4::numeric * ('1e-' || $5)::numeric, $6, $7, ${ts}, (${ts})::date, $8)`,
            [id, s, a, String(digits), String(scale), f, Buffer.from(b), JSON.stringify(j)],
          )
        }
        const got = (await read(stream, config)).rows
        assert.equal(got.length, rows.length)
        const there = await sql(
          `SELECT id, s, n, f, b, ts AT TIME ZONE 'UTC', d, j, ts FROM ${schema}.t ORDER BY id`,
        )
        for (const [id, s, n, f, b, ts, d, j, zoned] of there) {
          const row = got.find((candidate) => candidate.id === id)!
          const originals: Record<string, string> = JSON.parse(row._original_values ?? '{}')
          assert.equal(row.s, s)
          assert.deepEqual(JSON.parse(row.a ?? 'null'), rows[Number(id)]!.a)
          assert.equal(Object.is(Number(row.f), Number(f)), true)
          assert.equal(`\\x${row.b}`, b)
          assert.equal(row.j, j)
          assert.equal(originals.ts ?? row.ts, originals.ts === undefined ? ts : zoned)
          assert.equal(originals.d ?? row.d, d)
          if (originals.n !== undefined) assert.equal(originals.n, n)
          else assert.deepEqual(await sql('SELECT $1::numeric = $2::numeric', [row.n, n]), [['t']])
        }
      }),
      { numRuns: 25 },
    )
  }).timeout(60_000)

  it('come as JSON values on the path of rows', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TABLE ${schema}.t (id int8 PRIMARY KEY, b bool, f float8, n numeric(5,2), s text, x int, d date);
      INSERT INTO ${schema}.t VALUES (1, true, 1.5, 2.5, E'a\\tb\\\\', null, '2020-01-01'), (9007199254740993, false, 'NaN', 1, '', 3, null)`)
    const config = configOf(schema)
    const stream = await streamOf(config, 't')
    const got: unknown[] = []
    for await (const message of stream.read(readContext(stream, config, { path: 'rows' }))) {
      if (message.type === 'records') got.push(...message.records)
    }
    assert.deepEqual(got, [
      { id: 1, b: true, f: 1.5, n: '2.50', s: 'a\tb\\', x: null, d: '2020-01-01', _original_values: null },
      {
        id: '9007199254740993',
        b: false,
        f: 'NaN',
        n: '1.00',
        s: '',
        x: 3,
        d: null,
        _original_values: null,
      },
    ])
  })
})
