import assert from 'node:assert/strict'
import { type JsonObject, type JsonValue, OK } from '@tributary/connector-sdk'
import fc from 'fast-check'
import { batchOf, configOf, freshSchema, objectOf, row, sql, write } from './database.js'

/** Values as fields take them, and what PostgreSQL then shows. */
const CASES: readonly (readonly [type: string, value: JsonValue, shown: string])[] = [
  ['bool', true, 't'],
  ['int2', -32768, '-32768'],
  ['int8', '9007199254740993', '9007199254740993'],
  ['int8', 5, '5'],
  ['float8', 0.1, '0.1'],
  ['float4', 1.5, '1.5'],
  ['numeric', '12345678901234567890.123456789', '12345678901234567890.123456789'],
  ['numeric(10,2)', '1.005', '1.01'],
  ['money', '12.50', '$12.50'],
  ['text', 'Zoë 😀 "q" \\N \t\n\u0001 \u2028', 'Zoë 😀 "q" \\N \t\n\u0001 \u2028'],
  ['text', '', ''],
  ['char(3)', 'ab', 'ab '],
  ['date', '2026-01-31', '2026-01-31'],
  ['timestamptz', '2026-01-31T10:00:00.123456Z', '2026-01-31 10:00:00.123456+00'],
  ['timestamp', '2026-01-31T10:00:00.000000Z', '2026-01-31 10:00:00'],
  ['time', '10:30', '10:30:00'],
  ['interval', '1 day 2 hours', '1 day 02:00:00'],
  ['uuid', '6f9619ff-8b86-d011-b42d-00cf4fc964ff', '6f9619ff-8b86-d011-b42d-00cf4fc964ff'],
  ['bytea', 'deadbeef00', '\\xdeadbeef00'],
  ['bytea', '', '\\x'],
  ['json', { a: [1, { b: null }] }, '{"a":[1,{"b":null}]}'],
  ['jsonb', { b: 1, a: '\u2028' }, '{"a": "\u2028", "b": 1}'],
  ['jsonb', 'text', '"text"'],
  ['jsonb', [1, 2], '[1, 2]'],
  ['text[]', ['a', 'b,c', '"', ''], '{a,"b,c","\\"",""}'],
  ['int[]', [1, 2], '{1,2}'],
  ['int[]', [], '{}'],
  ['numeric(4,1)[]', ['1.5'], '{1.5}'],
  ['jsonb[]', [{ a: 1 }], '{"{\\"a\\": 1}"}'],
  ['inet', '10.0.0.1', '10.0.0.1'],
  ['int4range', '[1,5]', '[1,6)'],
  ['point', '(1,2)', '(1,2)'],
]

describe('values of PostgreSQL', () => {
  it('arrive as they are, and null unsets them', async () => {
    const schema = await freshSchema()
    const columns = CASES.map(([type], at) => `c${at} ${type}`).join(', ')
    await sql(`CREATE TABLE ${schema}.t (id int PRIMARY KEY, ${columns})`)
    const config = configOf(schema)
    const object = await objectOf(config, 't')
    const fields = Object.fromEntries(CASES.map(([, value], at) => [`c${at}`, value]))
    assert.deepEqual(await write(object, config, batchOf('upsert', [row(1, fields)])), [OK])
    const shown = (await sql(`SELECT * FROM ${schema}.t`))[0]!.slice(1)
    assert.deepEqual(
      shown.map((text, at) => [CASES[at]![0], text]),
      CASES.map(([type, , text]) => [type, text]),
    )
    const nulls = Object.fromEntries(CASES.map((_, at) => [`c${at}`, null]))
    assert.deepEqual(await write(object, config, batchOf('upsert', [row(1, nulls)])), [OK])
    assert.deepEqual(new Set((await sql(`SELECT * FROM ${schema}.t`))[0]!.slice(1)), new Set([null]))
  })

  it('of its own making arrive too: enums, domains, composites and lists of them', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TYPE ${schema}.mood AS ENUM ('sad', 'it''s "ok"'); CREATE TYPE ${schema}.pair AS (x int, y text);
      CREATE DOMAIN ${schema}.positive AS numeric(12,3) CHECK (value > 0);
      CREATE TABLE ${schema}.t (id int PRIMARY KEY, m ${schema}.mood, ms ${schema}.mood[], p ${schema}.pair, d ${schema}.positive)`)
    const config = configOf(schema)
    const object = await objectOf(config, 't')
    const fields = { m: 'it\'s "ok"', ms: ['sad'], p: { x: 1, y: 'a"b' }, d: '4.5' }
    const results = await write(
      object,
      config,
      batchOf('upsert', [row(1, fields), row(2, { ...fields, d: '-1' })]),
    )
    const reason = 'a check constraint is against it (constraint positive_check)'
    assert.deepEqual(results, [OK, { status: 'rejected', reason, code: '23514' }])
    assert.deepEqual(await sql(`SELECT m, ms, p, d FROM ${schema}.t`), [
      ['it\'s "ok"', '{sad}', '(1,"a""b")', '4.500'],
    ])
  })

  it('that are any text and any JSON arrive, or are rejected alone', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TABLE ${schema}.t (id int PRIMARY KEY, s text, j json, a text[], "c "" ; --" text)`)
    const config = configOf(schema)
    const object = await objectOf(config, 't')
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom("'", '\\', '\\N', '{}', '\\u0041', '\u0000', '\ud800'),
    )
    const record = fc.record({ s: text, j: fc.jsonValue(), a: fc.array(text), 'c " ; --': text })
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 10 }), async (records) => {
        await sql(`TRUNCATE ${schema}.t`)
        const rows = records.map((fields, id) => row(id, fields as JsonObject))
        const results = await write(object, config, batchOf('upsert', rows))
        const there = await sql(`SELECT id, to_json(s), j, to_json(a), to_json("c "" ; --") FROM ${schema}.t`)
        const held = new Map(there.map(([id, ...values]) => [Number(id), values.map((v) => JSON.parse(v!))]))
        for (const [id, fields] of records.entries()) {
          const impossible = /\\u0000|\\ud[89a-f]/i.test(
            JSON.stringify([fields.s, fields.a, fields['c " ; --']]),
          )
          if (results[id]!.status === 'rejected') {
            assert.ok(/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(fields)))
            assert.equal(held.has(id), false)
          } else {
            assert.equal(impossible, false)
            assert.deepEqual(
              held.get(id),
              JSON.parse(JSON.stringify([fields.s, fields.j, fields.a, fields['c " ; --']])),
            )
          }
        }
      }),
      { numRuns: 15 },
    )
  }).timeout(60_000)
})
