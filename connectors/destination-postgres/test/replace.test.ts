import assert from 'node:assert/strict'
import { OK, type RunSummary } from '@tributary/connector-sdk'
import { batchOf, configOf, freshSchema, objectOf, open, openClient, row, sql, write } from './database.js'

const summary = (batches: number, records: number, run = 'run-1'): RunSummary => ({
  operation: 'replace',
  batches,
  records,
  idempotencyKey: `${run}-end`,
})

const stagingTables = async (schema: string) =>
  (
    await sql(
      `SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname = $1 AND relname LIKE '%\\_\\_tributary\\_%' AND relkind = 'r'`,
      [schema],
    )
  ).map(([name]) => name)

describe('replacing the rows of a table of PostgreSQL', () => {
  it('shows the old whole until the new one is complete, and never anything between', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TABLE ${schema}.t (id int PRIMARY KEY, v int, note text);
      INSERT INTO ${schema}.t SELECT i, 1, 'kept' FROM generate_series(1, 100) i`)
    const config = configOf(schema)
    const object = await objectOf(config, 't')
    const reader = await openClient()
    const seen = new Set<string>()
    let reading = true
    const read = (async () => {
      while (reading) {
        const { rows } = await reader.query(
          `SELECT count(*)::int AS n, min(v) AS low, max(v) AS high FROM ${schema}.t`,
        )
        seen.add(JSON.stringify(rows[0]))
      }
    })()
    try {
      for (const index of [0, 1, 2]) {
        const records = Array.from({ length: 50 }, (_, n) => row(51 + index * 50 + n, { v: 2 }))
        await write(object, config, batchOf('replace', records, index))
      }
      await object.finish!(open(config), summary(3, 150))
      await object.finish!(open(config), summary(3, 150))
    } finally {
      reading = false
      await read
      await reader.end()
    }
    const old = '{"n":100,"low":1,"high":1}'
    const fresh = '{"n":150,"low":2,"high":2}'
    assert.deepEqual(
      [...seen].filter((state) => state !== old && state !== fresh),
      [],
    )
    assert.deepEqual(
      await sql(`SELECT count(*), count(note), min(id), max(id) FROM ${schema}.t WHERE v = 2`),
      [['150', '50', '51', '200']],
    )
    assert.deepEqual(await stagingTables(schema), [])
  })

  it('keeps rights, views, triggers and rows that refer to it, and writes no row that is the same', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TABLE ${schema}.t (id int PRIMARY KEY, v int); INSERT INTO ${schema}.t VALUES (1, 1), (2, 2), (3, 3);
      CREATE VIEW ${schema}.seen AS SELECT * FROM ${schema}.t; CREATE ROLE ${schema}_reader; GRANT SELECT ON ${schema}.t TO ${schema}_reader;
      CREATE TABLE ${schema}.u (t int REFERENCES ${schema}.t); INSERT INTO ${schema}.u VALUES (1)`)
    const config = configOf(schema)
    const object = await objectOf(config, 't')
    const version = () => sql(`SELECT xmin FROM ${schema}.t WHERE id = 1`)
    const before = await version()
    await write(object, config, batchOf('replace', [row(1, { v: 1 }), row(2, { v: 20 }), row(4, { v: 4 })]))
    await object.finish!(open(config), summary(1, 3))
    assert.deepEqual(await sql(`SELECT * FROM ${schema}.seen ORDER BY id`), [
      ['1', '1'],
      ['2', '20'],
      ['4', '4'],
    ])
    assert.deepEqual(
      [await version(), await sql(`SELECT has_table_privilege('${schema}_reader', '${schema}.t', 'SELECT')`)],
      [before, [['t']]],
    )
  })

  it('takes a batch that comes twice once, and rejects bad rows of the new whole', async () => {
    const schema = await freshSchema()
    await sql(
      `CREATE TABLE ${schema}.t (id int PRIMARY KEY, v int CONSTRAINT small CHECK (v < 10), w varchar(3), k int GENERATED ALWAYS AS IDENTITY, d int GENERATED ALWAYS AS (v * 2) STORED)`,
    )
    const config = configOf(schema)
    const object = await objectOf(config, 't')
    const batch = batchOf('replace', [
      row(1, { v: 1, w: 'a' }),
      row(2, { v: 10, w: 'b' }),
      row(3, { v: 3, w: 'long' }),
    ])
    const expected = [
      OK,
      { status: 'rejected', reason: 'a check constraint is against it (constraint small)', code: '23514' },
      { status: 'rejected', reason: 'the value is too long (column w)', code: '22001' },
    ]
    assert.deepEqual(await write(object, config, batch), expected)
    assert.deepEqual(await write(object, config, batch), expected)
    await object.finish!(open(config), summary(1, 1))
    assert.deepEqual(await sql(`SELECT id, v, w, d FROM ${schema}.t`), [['1', '1', 'a', '2']])
  })

  it('empties the table for a run in which nobody is sent, and keeps the old whole where all were rejected or lost', async () => {
    const schema = await freshSchema()
    await sql(
      `CREATE TABLE ${schema}.t (id int PRIMARY KEY, v int CHECK (v < 10)); INSERT INTO ${schema}.t VALUES (1, 1)`,
    )
    const config = configOf(schema)
    const object = await objectOf(config, 't')
    const held = () => sql(`SELECT count(*) FROM ${schema}.t`)
    await write(object, config, batchOf('replace', [row(2, { v: 20 })]))
    const rejected = { kind: 'SchemaIncompatible', message: /were all rejected, the old ones stay/ }
    await assert.rejects(object.finish!(open(config), summary(1, 1)), rejected)
    const other = open(config, { run: 'run-2' })
    const gone = { kind: 'SchemaIncompatible', message: /are gone, the old ones stay/ }
    await assert.rejects(object.finish!(other, summary(1, 1, 'run-2')), gone)
    assert.deepEqual(await held(), [['1']])
    await object.finish!(open(config, { run: 'run-3' }), summary(0, 0, 'run-3'))
    assert.deepEqual(await held(), [['0']])
    await sql(`INSERT INTO ${schema}.t VALUES (1, 1)`)
    await object.finish!(open(config, { run: 'run-4' }), summary(2, 0, 'run-4'))
    assert.deepEqual(await held(), [['0']])
  })

  it('puts the wholes of several tables in place at once', async () => {
    const schema = await freshSchema()
    const tables = ['a', 'b', 'c', 'd']
    await sql(tables.map((name) => `CREATE TABLE ${schema}.${name} (id int PRIMARY KEY, v int)`).join(';'))
    const config = configOf(schema)
    const objects = await Promise.all(tables.map((name) => objectOf(config, name)))
    for (const object of objects) await write(object, config, batchOf('replace', [row(1, { v: 1 })]))
    await Promise.all(objects.map((object) => object.finish!(open(config), summary(1, 1))))
    const counts = tables.map((name) => `SELECT count(*) FROM ${schema}.${name}`).join(' UNION ALL ')
    assert.deepEqual(await sql(counts), [['1'], ['1'], ['1'], ['1']])
  })

  it('drops what an earlier run of the activation left, and nothing of others', async () => {
    const schema = await freshSchema()
    const table = 'a_very_long_name_of_a_täble_that_is_nearly_too_long_for_it'
    await sql(
      `CREATE TABLE ${schema}.${table} (id int PRIMARY KEY, v int); CREATE TABLE ${schema}.t (id int PRIMARY KEY, v int)`,
    )
    const config = configOf(schema)
    const object = await objectOf(config, table)
    const stage = (run: string, activation: string, to = object) =>
      write(to, config, batchOf('replace', [row(1, { v: 1 })]), open(config, { run, activation }))
    await stage('run-1', 'mine')
    const [first] = await stagingTables(schema)
    await stage('run-1', 'theirs')
    await stage('run-1', 'mine', await objectOf(config, 't'))
    await stage('run-2', 'mine')
    const left = await stagingTables(schema)
    assert.deepEqual([left.length, left.includes(first!)], [3, false])
  })

  it('replaces partitioned tables, and columns of every kind', async () => {
    const schema = await freshSchema()
    await sql(`CREATE EXTENSION IF NOT EXISTS citext;
      CREATE TABLE ${schema}.t (id int, mail public.citext, j json, photo bytea, n int NOT NULL DEFAULT 7, PRIMARY KEY (id)) PARTITION BY HASH (id);
      CREATE TABLE ${schema}.t0 PARTITION OF ${schema}.t FOR VALUES WITH (MODULUS 2, REMAINDER 0);
      CREATE TABLE ${schema}.t1 PARTITION OF ${schema}.t FOR VALUES WITH (MODULUS 2, REMAINDER 1);
      INSERT INTO ${schema}.t VALUES (1, 'old@x.org', '1', NULL, 1), (2, 'gone@x.org', '2', NULL, 2)`)
    const config = configOf(schema)
    const object = await objectOf(config, 't')
    const records = [
      row(1, { mail: 'OLD@x.org', j: { a: 1 }, photo: 'ff' }),
      row(3, { mail: 'new@x.org', j: null, photo: null }),
    ]
    await write(object, config, batchOf('replace', records.slice(0, 1)))
    await write(object, config, batchOf('replace', records.slice(1), 1))
    await object.finish!(open(config), summary(2, 2))
    assert.deepEqual(await sql(`SELECT * FROM ${schema}.t ORDER BY id`), [
      ['1', 'OLD@x.org', '{"a":1}', '\\xff', '1'],
      ['3', 'new@x.org', null, null, '7'],
    ])
  })

  it('leaves the old whole when a row of it is in the way', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TABLE ${schema}.t (id int PRIMARY KEY, v int); INSERT INTO ${schema}.t VALUES (1, 1), (2, 2);
      CREATE TABLE ${schema}.u (t int CONSTRAINT uses REFERENCES ${schema}.t); INSERT INTO ${schema}.u VALUES (2)`)
    const config = configOf(schema)
    const object = await objectOf(config, 't')
    await write(object, config, batchOf('replace', [row(1, { v: 9 })]))
    const finish = () => object.finish!(open(config), summary(1, 1))
    await assert.rejects(finish, { kind: 'SchemaIncompatible', message: /\(23503, uses\)$/ })
    assert.deepEqual(await sql(`SELECT * FROM ${schema}.t ORDER BY id`), [
      ['1', '1'],
      ['2', '2'],
    ])
    await sql(`DELETE FROM ${schema}.u`)
    await finish()
    assert.deepEqual(await sql(`SELECT * FROM ${schema}.t`), [['1', '9']])
  })
})
