import assert from 'node:assert/strict'
import { postgresSource } from '@tributary/source-postgres'
import { baseContext, configOf, discover, freshSchema, read, readContext, sql, streamOf } from './database.js'

describe('discovery of PostgreSQL', () => {
  it('lists tables, views and partitioned tables with their keys and cursors, and no partition', async () => {
    const schema = await freshSchema()
    await sql(`SET search_path = ${schema};
      CREATE TABLE keyed (b int, a text, at timestamptz NOT NULL, maybe date, PRIMARY KEY (a, b));
      CREATE TABLE uniquely (x int NOT NULL UNIQUE, y int UNIQUE, z text);
      CREATE TABLE partially (x int NOT NULL, z jsonb); CREATE UNIQUE INDEX ON partially (x) WHERE x > 0;
      CREATE TABLE identified (x int NOT NULL, y uuid NOT NULL, UNIQUE (x)); CREATE UNIQUE INDEX same ON identified (y);
      ALTER TABLE identified REPLICA IDENTITY USING INDEX same;
      CREATE VIEW seen AS SELECT * FROM keyed; CREATE MATERIALIZED VIEW kept AS SELECT * FROM keyed;
      CREATE TABLE parts (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);
      CREATE TABLE part1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
      CREATE TEMPORARY TABLE passing (x int);
      INSERT INTO parts VALUES (1, 'one');
      RESET search_path`)
    const streams = await discover(configOf(schema))
    assert.deepEqual(
      streams.map(({ name, primaryKey, cursor }) => [
        name.slice(schema.length + 1),
        primaryKey,
        cursor?.candidates,
      ]),
      [
        ['identified', ['y'], ['x']],
        ['kept', undefined, ['b', 'at', 'maybe']],
        ['keyed', ['a', 'b'], ['b', 'at', 'maybe']],
        ['partially', undefined, ['x']],
        ['parts', ['id'], ['id']],
        ['seen', undefined, ['b', 'at', 'maybe']],
        ['uniquely', ['x'], ['x', 'y']],
      ],
    )
    const parts = streams.find(({ name }) => name.endsWith('.parts'))!
    assert.deepEqual((await read(parts, configOf(schema))).rows, [{ id: '1', v: 'one' }])
  })

  it('reads foreign tables', async () => {
    const schema = await freshSchema()
    await sql(`CREATE EXTENSION IF NOT EXISTS file_fdw; CREATE SERVER ${schema} FOREIGN DATA WRAPPER file_fdw;
      CREATE FOREIGN TABLE ${schema}.remote (a int, b text) SERVER ${schema} OPTIONS (program 'echo 1,x', format 'csv')`)
    const config = configOf(schema)
    const { rows } = await read(await streamOf(config, 'remote'), config)
    assert.deepEqual(rows, [{ a: '1', b: 'x' }])
  })

  it('quotes every name, so that none is read as SQL', async () => {
    const schema = await freshSchema()
    const names = [
      'Capital',
      'a.b',
      'qu"ote',
      `'; DROP TABLE x; --`,
      'ünï 😀',
      '$1',
      'select',
      'back\\slash',
      'tab\there',
    ]
    const quoted = names.map((name) => `"${name.replaceAll('"', '""')}"`)
    for (const [at, table] of quoted.entries()) {
      const columns = quoted.map((column) => `${column} timestamptz`).join(', ')
      await sql(`CREATE TABLE ${schema}.${table} (id int PRIMARY KEY, ${columns})`)
      await sql(
        `INSERT INTO ${schema}.${table} (id, ${quoted[0]}, ${quoted[3]}) VALUES (${at}, 'infinity', now())`,
      )
    }
    const config = configOf(schema)
    const streams = await discover(config)
    assert.deepEqual(
      new Set(streams.map(({ name }) => name)),
      new Set(names.map((name, at) => `${schema}.${/[."]/.test(name) ? quoted[at] : name}`)),
    )
    for (const stream of streams) {
      for (const cursorField of [undefined, ...names.slice(0, 5)]) {
        const overrides =
          cursorField === undefined
            ? {}
            : ({ syncMode: 'incremental', destinationSyncMode: 'append', cursorField } as const)
        const { rows } = await read(stream, config, overrides)
        assert.deepEqual(
          rows.map((row) => JSON.parse(row._original_values!)),
          [{ Capital: 'infinity' }],
        )
      }
    }
  })

  it('leaves out what the user may not read', async () => {
    const schema = await freshSchema()
    await sql(`CREATE ROLE ${schema} LOGIN PASSWORD 'pw'; GRANT USAGE ON SCHEMA ${schema} TO ${schema};
      CREATE TABLE ${schema}.open (id int PRIMARY KEY, secret text); CREATE TABLE ${schema}.closed (id int);
      CREATE TABLE ${schema}.nokey (id int PRIMARY KEY, name text);
      GRANT SELECT (id) ON ${schema}.open TO ${schema}; GRANT SELECT (name) ON ${schema}.nokey TO ${schema}`)
    const config = configOf(schema, { user: schema, password: 'pw' })
    const streams = await discover(config)
    assert.deepEqual(
      streams.map(({ name, schema: { properties }, primaryKey }) => [
        name,
        Object.keys(properties),
        primaryKey,
      ]),
      [
        [`${schema}.nokey`, ['name'], undefined],
        [`${schema}.open`, ['id'], ['id']],
      ],
    )
  })

  it('names the field for original values apart from the columns', async () => {
    const schema = await freshSchema()
    await sql(
      `CREATE TABLE ${schema}.t (_original_values int, d date); INSERT INTO ${schema}.t VALUES (1, 'infinity')`,
    )
    const config = configOf(schema)
    const { rows } = await read(await streamOf(config, 't'), config)
    assert.deepEqual(rows, [
      { _original_values: '1', d: '2299-12-31', _original_values_: '{ "d" : "infinity" }' },
    ])
  })

  it('answers for a thousand tables', async () => {
    const schema = await freshSchema()
    await sql(
      `DO $$ BEGIN FOR i IN 1..1000 LOOP EXECUTE format('CREATE TABLE ${schema}.t%s (id int PRIMARY KEY, a text, b text, c timestamptz, d numeric)', i); END LOOP; END $$`,
    )
    const config = configOf(schema)
    await postgresSource().check(baseContext(config))
    assert.equal((await discover(config)).length, 1000)
    await sql(
      `DO $$ BEGIN FOR i IN 1..1000 LOOP EXECUTE format('DROP TABLE ${schema}.t%s', i); END LOOP; END $$`,
    ).catch(() => undefined)
  }).timeout(60_000)

  it('estimates rows and bytes without reading them', async () => {
    const schema = await freshSchema()
    await sql(
      `CREATE TABLE ${schema}.t AS SELECT i AS id, 'x' AS v FROM generate_series(1, 5000) i; ANALYZE ${schema}.t`,
    )
    const config = configOf(schema)
    const stream = await streamOf(config, 't')
    const { rows = 0, bytes = 0 } = (await stream.estimate?.(readContext(stream, config))) ?? {}
    assert.equal(rows, 5000)
    assert.ok(bytes > 5000)
  })
})
