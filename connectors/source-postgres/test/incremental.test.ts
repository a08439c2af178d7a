import assert from 'node:assert/strict'
import type { JsonObject } from '@tributary/connector-sdk'
import { configOf, freshSchema, type Overrides, openClient, read, SMALL, sql, streamOf } from './database.js'

const ids = (rows: Record<string, string | null>[]): number[] =>
  rows.map(({ id }) => Number(id)).sort((a, b) => a - b)
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at)
const APPEND: Overrides = { syncMode: 'incremental', destinationSyncMode: 'append', cursorField: 'at' }
const DEDUP: Overrides = { ...APPEND, destinationSyncMode: 'append_dedup', lookbackMs: 300_000 }

/** A table whose cursor has groups of ties, and a reader that keeps the state between runs as the runtime does. */
async function setUp(type: string, at: string, count = 100, constraints = 'NOT NULL') {
  const schema = await freshSchema()
  await sql(`CREATE TABLE ${schema}.t (id int PRIMARY KEY, at ${type} ${constraints}, v text);
    CREATE INDEX ON ${schema}.t (at); INSERT INTO ${schema}.t SELECT i, ${at}, repeat('v', 8000) FROM generate_series(1, ${count}) i`)
  const config = configOf(schema)
  const stream = await streamOf(config, 't', SMALL)
  let state: JsonObject | undefined
  return {
    schema,
    config,
    stream,
    /** One run to its end; `slices` reads one checkpoint at a time. */
    async run(overrides: Overrides, slices = false) {
      const rows: Record<string, string | null>[] = []
      let checkpoints = 0
      for (;;) {
        const part = await read(
          stream,
          config,
          { ...overrides, ...(state && { state }) },
          slices ? 1 : undefined,
        )
        const last = part.checkpoints.at(-1)
        rows.push(...part.rows.slice(0, part.rowsAt.at(-1) ?? 0))
        if (last) state = JSON.parse(JSON.stringify(last.state))
        checkpoints += part.checkpoints.length
        assert.ok(JSON.stringify(state ?? {}).length < 8192)
        if (!slices || !last) return { rows, ids: ids(rows), checkpoints, state }
      }
    },
  }
}

const minute = `'2026-01-01'::timestamptz + i / 7 * interval '1 minute'`

describe('incremental reads of PostgreSQL', () => {
  const cursors = [
    { type: 'timestamptz', at: minute, next: `'2026-02-01'` },
    { type: 'timestamp(3)', at: minute, next: `'2026-02-01'` },
    { type: 'date', at: `'2026-01-01'::date + i / 7`, next: `'2026-02-01'` },
    { type: 'int2', at: 'i / 7 - 5', next: '500' },
    { type: 'int8', at: 'i / 7 + 9007199254740993', next: '9107199254740993' },
    { type: 'numeric', at: 'i / 7 + 0.000000000000000000001', next: '500' },
    { type: 'numeric(12,2)', at: 'i / 7 / 2.0', next: '500' },
  ]
  for (const { type, at, next } of cursors) {
    for (const slices of [false, true]) {
      it(`append: every row once by a cursor of ${type}${slices ? ', from every checkpoint' : ''}`, async () => {
        const { schema, run } = await setUp(type, at)
        const first = await run(APPEND, slices)
        assert.deepEqual(first.ids, range(1, 100))
        assert.ok(first.checkpoints > 5)
        assert.deepEqual(await run(APPEND, slices).then(({ rows, checkpoints }) => [rows, checkpoints]), [
          [],
          0,
        ])
        await sql(
          `INSERT INTO ${schema}.t SELECT 101, at, 'tie' FROM ${schema}.t WHERE id = 100; INSERT INTO ${schema}.t VALUES (102, ${next}, 'new')`,
        )
        assert.deepEqual((await run(APPEND, slices)).ids, [101, 102])
        assert.deepEqual((await run(APPEND, slices)).ids, [])
      })
    }
  }

  it('goes on from every checkpoint in the middle, losing and repeating nothing', async () => {
    const { stream, config } = await setUp('timestamptz', minute)
    const whole = await read(stream, config, APPEND)
    for (const [at, { state }] of whole.checkpoints.entries()) {
      const rest = await read(stream, config, { ...APPEND, state })
      assert.deepEqual(ids([...whole.rows.slice(0, whole.rowsAt[at]), ...rest.rows]), range(1, 100))
    }
  })

  it('append: a row at the newest value is not lost though its transaction ends after the read', async () => {
    const { schema, run } = await setUp('timestamptz', minute)
    const client = await openClient()
    try {
      await client.query(`BEGIN; INSERT INTO ${schema}.t SELECT 101, max(at), 'late' FROM ${schema}.t`)
      await client.query(
        `SAVEPOINT sub; INSERT INTO ${schema}.t SELECT 102, max(at), 'late' FROM ${schema}.t`,
      )
      await sql(`INSERT INTO ${schema}.t SELECT 103, max(at), 'in time' FROM ${schema}.t`)
      assert.deepEqual((await run(APPEND)).ids, [...range(1, 100), 103])
      assert.deepEqual((await run(APPEND)).ids, [])
      await client.query('COMMIT')
      assert.deepEqual((await run(APPEND)).ids, [101, 102])
      assert.deepEqual((await run(APPEND)).ids, [])
    } finally {
      await client.end()
    }
  })

  it('append: a huge newest group waits while it cannot be told what of it was read, then comes whole', async () => {
    const { schema, run } = await setUp('date', `'2026-01-01'::date + i / 100`, 99)
    const client = await openClient()
    try {
      await client.query(`BEGIN; INSERT INTO ${schema}.t VALUES (9999, '2020-01-01', 'open')`)
      await sql(`INSERT INTO ${schema}.t SELECT i, '2026-05-05', 'bulk' FROM generate_series(100, 2099) i`)
      assert.deepEqual((await run(APPEND)).ids, range(1, 99))
      await client.query('ROLLBACK')
      assert.deepEqual((await run(APPEND)).ids, range(100, 2099))
      assert.deepEqual((await run(APPEND)).ids, [])
      await sql(`INSERT INTO ${schema}.t VALUES (2100, '2026-05-05', 'more')`)
      assert.deepEqual((await run(APPEND)).ids, [2100])
    } finally {
      await client.end()
    }
  })

  it('append_dedup: a late commit under an older value is found by the lookback, and nothing new reads nothing', async () => {
    const { schema, run } = await setUp('timestamptz', minute)
    const client = await openClient()
    try {
      await client.query(
        `BEGIN; INSERT INTO ${schema}.t SELECT 101, max(at) - interval '4 min', 'late' FROM ${schema}.t`,
      )
      assert.deepEqual((await run(DEDUP)).ids, range(1, 100))
      assert.deepEqual((await run(DEDUP)).ids, [])
      await client.query('COMMIT')
      assert.ok((await run(DEDUP)).ids.includes(101))
      assert.deepEqual((await run(DEDUP)).ids, [])
      await sql(`UPDATE ${schema}.t SET v = 'same cursor' WHERE id = 100`)
      assert.deepEqual(
        (await run(DEDUP)).rows.map(({ id, v }) => [id, v]),
        [['100', 'same cursor']],
      )
    } finally {
      await client.end()
    }
  })

  it('append_dedup: a row that commits between two slices of one run is found by the next run', async () => {
    const { schema, stream, config } = await setUp('timestamptz', minute)
    const client = await openClient()
    try {
      await client.query(
        `BEGIN; INSERT INTO ${schema}.t SELECT 101, max(at) - interval '3 min', 'late' FROM ${schema}.t`,
      )
      const first = await read(stream, config, DEDUP)
      const beyond = first.checkpoints.at(-2)!
      await client.query('COMMIT')
      const rest = await read(stream, config, { ...DEDUP, state: beyond.state })
      const next = await read(stream, config, { ...DEDUP, state: rest.checkpoints.at(-1)!.state })
      assert.ok(ids([...rest.rows, ...next.rows]).includes(101))
    } finally {
      await client.end()
    }
  })

  it('reads rows without a cursor, or with an endless one, once', async () => {
    for (const overrides of [APPEND, DEDUP]) {
      const { schema, run } = await setUp(
        'timestamptz',
        `CASE i % 10 WHEN 0 THEN NULL WHEN 1 THEN 'infinity' WHEN 2 THEN '-infinity' WHEN 3 THEN '2500-01-01' ELSE ${minute} END`,
        100,
        '',
      )
      const first = await run(overrides, true)
      assert.deepEqual(first.ids, range(1, 100))
      await sql(`INSERT INTO ${schema}.t VALUES (101, null, 'x'), (102, 'infinity', 'x')`)
      assert.deepEqual((await run(overrides)).ids, [])
      await sql(`INSERT INTO ${schema}.t VALUES (103, '2600-01-01', 'x')`)
      assert.deepEqual((await run(overrides)).ids, [103])
    }
  })

  it('reads NaN of a decimal cursor once', async () => {
    const { schema, run } = await setUp('numeric', `CASE WHEN i % 10 = 0 THEN 'NaN'::numeric ELSE i END`)
    assert.deepEqual((await run(APPEND, true)).ids, range(1, 100))
    await sql(`INSERT INTO ${schema}.t VALUES (101, 200, 'x')`)
    assert.deepEqual((await run(APPEND)).ids, [101])
  })

  it('starts with an empty table and sees its first rows', async () => {
    const { schema, run } = await setUp('timestamptz', minute, 0)
    assert.deepEqual((await run(APPEND)).ids, [])
    await sql(`INSERT INTO ${schema}.t VALUES (1, now(), 'x')`)
    assert.deepEqual((await run(APPEND)).ids, [1])
    await sql(`DELETE FROM ${schema}.t`)
    assert.deepEqual((await run(APPEND)).ids, [])
    await sql(`INSERT INTO ${schema}.t VALUES (2, now(), 'x')`)
    assert.deepEqual((await run(APPEND)).ids, [2])
  })

  it('reads a backfill window, from every checkpoint, apart from the live cursor', async () => {
    const { stream, config } = await setUp('timestamptz', minute)
    const window = { from: '2026-01-01T00:02:00Z', to: '2026-01-01T00:10:00Z' }
    const whole = await read(stream, config, { ...APPEND, window })
    assert.deepEqual(ids(whole.rows), range(14, 69))
    for (const [at, { state }] of whole.checkpoints.entries()) {
      const rest = await read(stream, config, { ...APPEND, window, state })
      assert.deepEqual(ids([...whole.rows.slice(0, whole.rowsAt[at]), ...rest.rows]), range(14, 69))
    }
  })

  it('reads a view: ties by key, and without a key the newest group waits', async () => {
    const { schema, config } = await setUp('timestamptz', minute)
    await sql(`CREATE VIEW ${schema}.seen AS SELECT * FROM ${schema}.t`)
    const view = await streamOf(config, 'seen', SMALL)
    const keyed = await read(view, config, { ...APPEND, primaryKey: ['id'] })
    assert.deepEqual(ids(keyed.rows), range(1, 100))
    await sql(`INSERT INTO ${schema}.t SELECT 101, max(at), 'tie' FROM ${schema}.t`)
    const { state } = keyed.checkpoints.at(-1)!
    assert.deepEqual(ids((await read(view, config, { ...APPEND, primaryKey: ['id'], state })).rows), [101])
    const keyless = await read(view, config, APPEND)
    assert.deepEqual(ids(keyless.rows), range(1, 97))
    const again = await read(view, config, { ...APPEND, state: keyless.checkpoints.at(-1)!.state })
    assert.deepEqual([again.rows, again.checkpoints], [[], []])
    const dedup = await read(view, config, DEDUP)
    assert.deepEqual(ids(dedup.rows), range(1, 101))
  })

  it('reads without a checkpoint between where the cursor is not among the fields', async () => {
    const { stream, config } = await setUp('timestamptz', minute)
    const { rows, checkpoints } = await read(stream, config, { ...APPEND, fields: ['id'] })
    assert.deepEqual([ids(rows), checkpoints.length], [range(1, 100), 1])
  })

  it('says where it stands', async () => {
    const { stream, config } = await setUp('timestamptz', minute)
    const { cursor, cursorTime } = (await read(stream, config, APPEND)).checkpoints.at(-1)!
    assert.deepEqual([cursor, cursorTime], ['2026-01-01 00:14:00+00', '2026-01-01T00:14:00Z'])
  })

  it('refuses a state of another cursor, and a cursor that has no order', async () => {
    const { stream, config } = await setUp('timestamptz', minute)
    const { state } = (await read(stream, config, APPEND)).checkpoints.at(-1)!
    await assert.rejects(read(stream, config, { ...APPEND, cursorField: 'id', state }), {
      kind: 'CursorLost',
    })
    await assert.rejects(read(stream, config, { ...APPEND, cursorField: 'v' }), { kind: 'ConfigInvalid' })
    await assert.rejects(read(stream, config, { state }), { kind: 'CursorLost' })
  })

  for (const overrides of [DEDUP, APPEND]) {
    it(`${overrides.destinationSyncMode}: with writers that commit out of order, the end equals the table`, async () => {
      const { schema, run } = await setUp('timestamptz', 'clock_timestamp()', 10)
      await sql(`CREATE SEQUENCE ${schema}.ids START 1000`)
      const deadline = performance.now() + 2000
      const writer = async (seed: number): Promise<void> => {
        const client = await openClient()
        for (let turn = 0; performance.now() < deadline; turn++) {
          await client.query('BEGIN')
          await client.query(
            `INSERT INTO ${schema}.t SELECT nextval('${schema}.ids'), clock_timestamp(), 'w${seed}' FROM generate_series(1, 3)`,
          )
          if (turn % 3 === 0) await client.query('SAVEPOINT s')
          await client.query(`SELECT pg_sleep($1)`, [((seed * 7 + turn * 13) % 10) / 200])
          if (overrides === DEDUP) {
            await client.query(`UPDATE ${schema}.t SET at = clock_timestamp(), v = v || '!' WHERE id = $1`, [
              seed + 1,
            ])
          }
          await client.query(turn % 5 === 4 ? 'ROLLBACK' : 'COMMIT')
        }
        await client.end()
      }
      const writers = Promise.all([0, 1, 2, 3].map(writer))
      const got: Record<string, string | null>[] = []
      let writing = true
      const ended = writers.then(() => {
        writing = false
      })
      while (writing) got.push(...(await run(overrides)).rows)
      await ended
      got.push(...(await run(overrides)).rows)
      const there = await sql(`SELECT t.id::text, v FROM ${schema}.t ORDER BY t.id`)
      const byKey = new Map(got.map(({ id, v }) => [id!, v]))
      if (overrides === DEDUP) {
        assert.deepEqual(
          [...byKey].sort(([a], [b]) => Number(a) - Number(b)),
          there,
        )
        assert.deepEqual((await run(overrides)).ids, [])
      } else {
        // append has no lookback: a late commit under an older value may be missed, but no row comes twice
        assert.equal(got.length, byKey.size)
      }
    }).timeout(30_000)
  }
})
