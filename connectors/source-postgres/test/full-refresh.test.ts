import assert from 'node:assert/strict'
import type { JsonObject } from '@tributary/connector-sdk'
import {
  configOf,
  freshSchema,
  noBackends,
  parseBlock,
  read,
  readContext,
  SMALL,
  type Stream,
  sql,
  streamOf,
} from './database.js'

const ids = (rows: Record<string, string | null>[]): number[] =>
  rows.map(({ id }) => Number(id)).sort((a, b) => a - b)
const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)

/** Reads one checkpoint at a time, each time from the last one's state, as a run of many slices does. */
async function readInSlices(stream: Stream, config: ReturnType<typeof configOf>) {
  const rows: Record<string, string | null>[] = []
  let slices = 0
  let state: JsonObject | undefined
  for (;;) {
    const part = await read(stream, config, state ? { state } : {}, 1)
    if (part.checkpoints.length === 0) {
      assert.deepEqual(part.rows, [], 'rows after the last checkpoint')
      return { rows, slices }
    }
    rows.push(...part.rows)
    state = JSON.parse(JSON.stringify(part.checkpoints[0]!.state))
    slices++
  }
}

async function fill(definition: string, values: string, count = 100): Promise<string> {
  const schema = await freshSchema()
  await sql(
    `CREATE TABLE ${schema}.t (${definition}); INSERT INTO ${schema}.t SELECT ${values} FROM generate_series(1, ${count}) i; ANALYZE ${schema}.t`,
  )
  return schema
}

describe('full refresh of PostgreSQL', () => {
  it('reads a small table by one COPY with one checkpoint, and nothing after it', async () => {
    const config = configOf(await fill('id int PRIMARY KEY, v text', `i, 'v' || i`))
    const stream = await streamOf(config, 't')
    const { rows, checkpoints } = await read(stream, config)
    assert.deepEqual(ids(rows), upTo(100))
    assert.deepEqual(
      checkpoints.map(({ state }) => state),
      [{ mode: 'full', done: true }],
    )
    assert.deepEqual(await read(stream, config, { state: checkpoints[0]!.state }), {
      rows: [],
      checkpoints: [],
      rowsAt: [],
    })
  })

  it('reads an empty table', async () => {
    const config = configOf(await fill('id int PRIMARY KEY', 'i', 0))
    const { rows, checkpoints } = await read(await streamOf(config, 't', SMALL), config)
    assert.deepEqual([rows, checkpoints.length], [[], 1])
  })

  const keys = [
    { name: 'an integer', key: 'k bigint', value: 'i * 1000003 - 5000000000' },
    {
      name: 'text with quotes and backslashes',
      key: 'k text',
      value: `chr(65 + i % 26) || E'\\\\ '' " ' || i`,
    },
    { name: 'a uuid', key: 'k uuid', value: 'md5(i::text)::uuid' },
    {
      name: 'a time',
      key: 'k timestamptz',
      value: `'2020-01-01'::timestamptz + i * interval '1.000001 second'`,
    },
    { name: 'a decimal', key: 'k numeric(20,5)', value: 'i / 7.0' },
    {
      name: 'the name of an output column',
      key: '"case" date',
      value: `'2020-01-01'::date + i`,
      column: '"case"',
    },
  ]
  for (const { name, key, value, column = 'k' } of keys) {
    for (const parallel_reads of [1, 3]) {
      it(`reads a large table in ranges of ${name}, ${parallel_reads} at once, from every checkpoint`, async () => {
        const schema = await fill(`id int, ${key}, PRIMARY KEY (${column})`, `i, ${value}`)
        const config = configOf(schema, { parallel_reads })
        const stream = await streamOf(config, 't', SMALL)
        const whole = await read(stream, config)
        assert.deepEqual(ids(whole.rows), upTo(100))
        assert.deepEqual(whole.checkpoints.length, parallel_reads === 1 ? 5 : 2)
        const { rows, slices } = await readInSlices(stream, config)
        assert.deepEqual([ids(rows), slices], [upTo(100), whole.checkpoints.length])
        for (const [at, { state }] of whole.checkpoints.entries()) {
          const rest = await read(stream, config, { state })
          assert.equal(rest.rows.length, 100 - whole.rowsAt[at]!)
        }
      })
    }
  }

  it('reads ranges of a key of several columns', async () => {
    const config = configOf(await fill('id int, a text, b int, PRIMARY KEY (a, b)', `i, 'g' || i % 3, i`))
    const { rows, slices } = await readInSlices(await streamOf(config, 't', SMALL), config)
    assert.deepEqual([ids(rows), slices], [upTo(100), 5])
  })

  it('reads a large table without a key by one COPY, and says that it cannot resume', async () => {
    const config = configOf(await fill('id int, v text', `i, 'v'`))
    const schema = config.schemas![0]!
    await sql(`CREATE TABLE ${schema}.plain (v text)`)
    const { rows, checkpoints } = await read(await streamOf(config, 't', SMALL), config)
    assert.deepEqual([ids(rows), checkpoints.length], [upTo(100), 1])
    assert.equal((await streamOf(config, 'plain')).resumable, false)
  })

  for (const parallel_reads of [1, 4]) {
    it(`sees one snapshot while rows move, ${parallel_reads} ranges at once`, async () => {
      const schema = await fill('id int PRIMARY KEY, v text', `i, 'old'`)
      const config = configOf(schema, { parallel_reads })
      const stream = await streamOf(config, 't', SMALL)
      const rows: unknown[] = []
      let blocks = 0
      for await (const message of stream.read(readContext(stream, config))) {
        if (message.type !== 'block') continue
        if (blocks++ === 0) {
          await sql(
            `UPDATE ${schema}.t SET v = 'new', id = 1000 - id; INSERT INTO ${schema}.t VALUES (5000, 'new')`,
          )
        }
        rows.push(...(await parseBlock(message)))
      }
      assert.deepEqual(
        new Set(rows.map((row) => JSON.stringify(row))),
        new Set(upTo(100).map((id) => JSON.stringify({ id: String(id), v: 'old' }))),
      )
    })
  }

  it('reads only the fields that are asked for, in their order', async () => {
    const config = configOf(await fill('id int PRIMARY KEY, v text, d date', `i, 'v', 'infinity'`, 1))
    const stream = await streamOf(config, 't')
    assert.deepEqual((await read(stream, config, { fields: ['v'] })).rows, [{ v: 'v' }])
    assert.deepEqual((await read(stream, config, { fields: ['id', '_original_values'] })).rows, [
      { id: '1', _original_values: null },
    ])
  })

  it('waits for a reader without holding rows, and ends the statement when the reader stops', async () => {
    const schema = await fill('id int PRIMARY KEY, v text', `i, repeat('x', 1000)`, 50_000)
    const config = configOf(schema, { application_name: `stop ${schema}` })
    const stream = await streamOf(config, 't', {
      block: { rows: 100, bytes: 1 << 20 },
      slice: { rows: 1e9, bytes: 1e12 },
    })
    for await (const message of stream.read(readContext(stream, config))) if (message.type === 'block') break
    await noBackends(`stop ${schema}`)
  })
})
