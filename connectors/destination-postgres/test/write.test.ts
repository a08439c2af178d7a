import assert from 'node:assert/strict'
import { OK } from '@tributary/connector-sdk'
import { batchOf, configOf, freshSchema, objectOf, open, openClient, row, sql, write } from './database.js'

describe('writing rows of PostgreSQL', () => {
  it('creates and changes by the key, leaves columns that are not given, and removes', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TABLE ${schema}.t (id int PRIMARY KEY, name text, city text DEFAULT 'Paris', seen int);
      INSERT INTO ${schema}.t VALUES (1, 'old', 'Oslo', 7), (3, 'gone', 'Rome', 1)`)
    const config = configOf(schema)
    const object = await objectOf(config, 't')
    const batch = batchOf('upsert', [row(1, { name: 'Zoë', seen: null }), row(2, { name: 'Ann', seen: 5 })])
    assert.deepEqual(await write(object, config, batch), [OK, OK])
    assert.deepEqual(await write(object, config, batchOf('remove', [row(3), row(4)])), [OK, OK])
    assert.deepEqual(await write(object, config, batch), [OK, OK])
    assert.deepEqual(await sql(`SELECT * FROM ${schema}.t ORDER BY id`), [
      ['1', 'Zoë', 'Oslo', null],
      ['2', 'Ann', 'Paris', '5'],
    ])
  })

  it('does not write a row again that is as it should be', async () => {
    const schema = await freshSchema()
    await sql(`CREATE EXTENSION IF NOT EXISTS citext;
      CREATE TABLE ${schema}.t (id int PRIMARY KEY, c public.citext, j json, p point, n numeric, s text[])`)
    const config = configOf(schema)
    const object = await objectOf(config, 't')
    const record = row(1, { c: 'Zoe', j: { a: [1, 'x'] }, p: '(1,2)', n: '1.50', s: ['a', 'b'] })
    const version = async () => (await sql(`SELECT xmin, c FROM ${schema}.t`))[0]!
    await write(object, config, batchOf('upsert', [record]))
    const [first] = await version()
    await write(object, config, batchOf('upsert', [record]))
    assert.deepEqual(await version(), [first, 'Zoe'])
    await write(object, config, batchOf('upsert', [row(1, { c: 'ZOE' })]))
    const [changed, c] = await version()
    assert.deepEqual([changed === first, c], [false, 'ZOE'])
  })

  it('writes records with other fields, and with none, each as it is', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TABLE ${schema}.t (id int PRIMARY KEY, a int DEFAULT 1, b int DEFAULT 2)`)
    const config = configOf(schema)
    const object = await objectOf(config, 't')
    const records = [row(1, { a: 10 }), row(2, { b: 20 }), row(3), row(4, { a: 30 })]
    assert.deepEqual(await write(object, config, batchOf('upsert', records)), [OK, OK, OK, OK])
    assert.deepEqual(await sql(`SELECT * FROM ${schema}.t ORDER BY id`), [
      ['1', '10', '2'],
      ['2', '1', '20'],
      ['3', '1', '2'],
      ['4', '30', '2'],
    ])
  })

  it('finds rows by a unique index of several columns as well as by the primary key', async () => {
    const schema = await freshSchema()
    await sql(
      `CREATE TABLE ${schema}.t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, shop text, "E Mail" text, n int, UNIQUE (shop, "E Mail"))`,
    )
    const config = configOf(schema)
    const object = await objectOf(config, 't')
    assert.deepEqual(object.matchKeys, [['shop', 'E Mail']])
    const record = (n: number) => ({ match: { 'E Mail': 'a@x.org', shop: 'north' }, fields: { n } })
    await write(object, config, batchOf('upsert', [record(1)]))
    await write(object, config, batchOf('upsert', [record(2)]))
    assert.deepEqual(await sql(`SELECT shop, "E Mail", n FROM ${schema}.t`), [['north', 'a@x.org', '2']])
    await write(object, config, batchOf('remove', [{ ...record(0), fields: {} }]))
    assert.deepEqual(await sql(`SELECT * FROM ${schema}.t`), [])
  })

  it('rejects each bad row with its reason and no value, and keeps all others', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TABLE ${schema}.shops (id int PRIMARY KEY); INSERT INTO ${schema}.shops VALUES (1);
      CREATE TABLE ${schema}.t (id int PRIMARY KEY, name varchar(5) NOT NULL, age int2 CONSTRAINT grown CHECK (age >= 18),
        mail text CONSTRAINT one_mail UNIQUE, shop int CONSTRAINT known_shop REFERENCES ${schema}.shops DEFERRABLE INITIALLY DEFERRED, day date, x xml);
      CREATE FUNCTION ${schema}.no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.mail = 'trigger' THEN RAISE EXCEPTION 'private %', NEW.mail; END IF; RETURN NEW; END $$;
      CREATE TRIGGER no BEFORE INSERT ON ${schema}.t FOR EACH ROW EXECUTE FUNCTION ${schema}.no();
      INSERT INTO ${schema}.t VALUES (0, 'first', 20, 'taken@x.org')`)
    const config = configOf(schema)
    const object = await objectOf(config, 't')
    const good = { name: 'Ann', age: 30, mail: null, shop: 1, day: '2026-01-31', x: '<a/>' }
    const bad: [fields: object, reason: string, code: string][] = [
      [{ name: null }, 'there is no value, and there must be one (column name)', '23502'],
      [{ name: 'secret' }, 'the value is too long (column name)', '22001'],
      [{ age: 3 }, 'a check constraint is against it (constraint grown)', '23514'],
      [{ age: 70_000 }, 'the number is out of range (column age)', '22003'],
      [
        { mail: 'taken@x.org' },
        'another row has this value, which must be unique (constraint one_mail)',
        '23505',
      ],
      [
        { shop: 9 },
        'it refers to a row that does not exist, or is referred to (constraint known_shop)',
        '23503',
      ],
      [{ day: 'secret' }, 'the value is no date or time (column day)', '22007'],
      [
        { mail: 'a\u0000b' },
        'the text holds a character that the database cannot keep (column mail)',
        '22P05',
      ],
      [{ x: '<secret' }, 'the value is not valid for the type (column x)', '2200N'],
      [{ mail: 'trigger' }, 'a trigger is against it', 'P0001'],
    ]
    const records = Array.from({ length: 200 }, (_, n) =>
      n % 20 === 7 ? row(n + 1, { ...good, ...bad[(n - 7) / 20]![0] }) : row(n + 1, good),
    )
    const results = await write(object, config, batchOf('upsert', records))
    assert.deepEqual(
      results.filter(({ status }) => status !== 'ok'),
      bad.map(([, reason, code]) => ({ status: 'rejected', reason, code })),
    )
    assert.deepEqual(await sql(`SELECT count(*) FROM ${schema}.t`), [[String(200 - bad.length + 1)]])
  })

  it('rejects removes that other rows are against', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TABLE ${schema}.t (id int PRIMARY KEY); INSERT INTO ${schema}.t VALUES (1), (2);
      CREATE TABLE ${schema}.u (t int CONSTRAINT uses REFERENCES ${schema}.t); INSERT INTO ${schema}.u VALUES (2)`)
    await sql(`GRANT USAGE ON SCHEMA ${schema} TO public; GRANT SELECT, DELETE ON ${schema}.t TO public`)
    const config = configOf(schema)
    const results = await write(await objectOf(config, 't'), config, batchOf('remove', [row(1), row(2)]))
    const reason = 'it refers to a row that does not exist, or is referred to (constraint uses)'
    assert.deepEqual(results, [OK, { status: 'rejected', reason, code: '23503' }])
  })

  it('takes two records whose keys the table does not tell apart one after the other', async () => {
    const schema = await freshSchema()
    await sql(`CREATE EXTENSION IF NOT EXISTS citext;
      CREATE TABLE ${schema}.t (mail public.citext PRIMARY KEY, n int)`)
    const config = configOf(schema)
    const object = await objectOf(config, 't')
    const records = ['a@x.org', 'b@x.org', 'A@x.org'].map((mail, n) => ({ match: { mail }, fields: { n } }))
    assert.deepEqual(await write(object, config, batchOf('upsert', records)), [OK, OK, OK])
    assert.deepEqual(await sql(`SELECT * FROM ${schema}.t ORDER BY mail`), [
      ['a@x.org', '2'],
      ['b@x.org', '1'],
    ])
  })

  it('rejects rows that row-level security is against', async () => {
    const schema = await freshSchema()
    await sql(`CREATE ROLE ${schema} LOGIN PASSWORD 'pw pw'; GRANT USAGE ON SCHEMA ${schema} TO ${schema};
      CREATE TABLE ${schema}.t (id int PRIMARY KEY, shop text); ALTER TABLE ${schema}.t ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON ${schema}.t USING (shop = 'north'); GRANT ALL ON ${schema}.t TO ${schema}`)
    const config = configOf(schema, { user: schema, password: 'pw pw' })
    const records = [row(1, { shop: 'north' }), row(2, { shop: 'south' })]
    const results = await write(await objectOf(config, 't'), config, batchOf('upsert', records))
    assert.deepEqual(results, [
      OK,
      { status: 'rejected', reason: 'row-level security is against it', code: '42501' },
    ])
  })

  it('writes partitioned tables', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TABLE ${schema}.t (id int, day date, n int, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
      CREATE TABLE ${schema}.t26 PARTITION OF ${schema}.t FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`)
    const config = configOf(schema)
    const object = await objectOf(config, 't')
    const record = (day: string) => ({ match: { id: 1, day }, fields: { n: 1 } })
    const results = await write(
      object,
      config,
      batchOf('upsert', [record('2026-05-01'), record('2030-01-01')]),
    )
    assert.deepEqual(results, [
      OK,
      { status: 'rejected', reason: 'a check constraint is against it', code: '23514' },
    ])
    assert.deepEqual(await sql(`SELECT * FROM ${schema}.t`), [['1', '2026-05-01', '1']])
  })

  it('fails as a whole, and wrote nothing, when the table changed', async () => {
    const cases: [change: string, kind: string, code: string][] = [
      ['DROP TABLE $.t', 'SchemaIncompatible', '42P01'],
      ['ALTER TABLE $.t DROP COLUMN n', 'SchemaIncompatible', '42703'],
      ['ALTER TABLE $.t DROP CONSTRAINT t_pkey', 'SchemaIncompatible', '42P10'],
      ['REVOKE UPDATE ON $.t FROM $', 'PermissionDenied', '42501'],
      ['ALTER DATABASE tributary SET default_transaction_read_only = on', 'SourceUnavailable', '25006'],
    ]
    for (const [change, kind, code] of cases) {
      const schema = await freshSchema()
      await sql(`CREATE TABLE ${schema}.t (id int PRIMARY KEY, n int); CREATE ROLE ${schema} LOGIN PASSWORD 'pw pw';
        GRANT USAGE ON SCHEMA ${schema} TO ${schema}; GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.t TO ${schema}`)
      const config = configOf(schema, { user: schema, password: 'pw pw' })
      const object = await objectOf(config, 't')
      await sql(change.replaceAll('$', schema))
      try {
        await assert.rejects(
          write(object, config, batchOf('upsert', [row(1, { n: 1 })])),
          { kind, code },
          change,
        )
      } finally {
        await sql('ALTER DATABASE tributary RESET default_transaction_read_only')
      }
    }
  })

  it('waits for a row that somebody else holds, and goes through when a deadlock ends', async () => {
    const schema = await freshSchema()
    await sql(
      `CREATE TABLE ${schema}.t (id int PRIMARY KEY, n int); INSERT INTO ${schema}.t VALUES (1, 0), (2, 0)`,
    )
    const config = configOf(schema, { application_name: `deadlock ${schema}` })
    const object = await objectOf(config, 't')
    const other = await openClient()
    try {
      await other.query(`SET deadlock_timeout = '1min'; BEGIN; UPDATE ${schema}.t SET n = 5 WHERE id = 2`)
      const writing = write(object, config, batchOf('upsert', [row(1, { n: 1 }), row(2, { n: 2 })]))
      const waits =
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'"
      while ((await sql(waits, [config.application_name]))[0]![0] === '0') await new Promise(setImmediate)
      // the writer holds row 1 and wants row 2; its deadlock check runs first
      const blocked = other.query(`UPDATE ${schema}.t SET n = 6 WHERE id = 1; COMMIT`)
      assert.deepEqual(await writing, [OK, OK])
      await blocked
    } finally {
      await other.end()
    }
    assert.deepEqual(await sql(`SELECT * FROM ${schema}.t ORDER BY id`), [
      ['1', '1'],
      ['2', '2'],
    ])
  })

  it('ends at once when it is aborted, and wrote nothing', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TABLE ${schema}.t (id int PRIMARY KEY, n int); INSERT INTO ${schema}.t VALUES (1, 0)`)
    const config = configOf(schema, { application_name: `abort ${schema}` })
    const object = await objectOf(config, 't')
    const other = await openClient()
    const controller = new AbortController()
    try {
      await other.query(`BEGIN; UPDATE ${schema}.t SET n = 5 WHERE id = 1`)
      const context = open(config, { signal: controller.signal })
      const writing = write(object, config, batchOf('upsert', [row(1, { n: 1 })]), context)
      const waits =
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'"
      while ((await sql(waits, [config.application_name]))[0]![0] === '0') await new Promise(setImmediate)
      controller.abort(new Error('cancelled by the test'))
      await assert.rejects(writing, /cancelled by the test/)
      await other.query('COMMIT')
    } finally {
      await other.end()
    }
    const left = 'SELECT count(*) FROM pg_stat_activity WHERE application_name = $1'
    while ((await sql(left, [config.application_name]))[0]![0] !== '0') await new Promise(setImmediate)
    assert.deepEqual(await sql(`SELECT * FROM ${schema}.t`), [['1', '5']])
  }).timeout(30_000)

  it('lets go of a connection that no batch wants any more', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TABLE ${schema}.t (id int PRIMARY KEY)`)
    const config = configOf(schema, { application_name: `idle ${schema}` })
    const context = open(config)
    const object = await objectOf(config, 't')
    for (const index of [0, 1, 2])
      await write(object, config, batchOf('upsert', [row(index)], index), context)
    const count = 'SELECT count(*) FROM pg_stat_activity WHERE application_name = $1'
    while ((await sql(count, [config.application_name]))[0]![0] !== '0') await new Promise(setImmediate)
  })
})
