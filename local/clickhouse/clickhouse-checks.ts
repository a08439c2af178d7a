/**
 * What the warehouse relies on in ClickHouse's HTTP interface, checked through the official client: one suite
 * for the local engine and, where CLICKHOUSE_URL is set, for a server.
 */
import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import {
  type ClickHouseClient,
  ClickHouseError,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
} from '@clickhouse/client'
import { registerInsertChecks } from './clickhouse-insert-checks.js'

/** Where to connect. */
export interface CheckedConnection {
  readonly url: string
  readonly username: string
  readonly password: string
}

const RAISED = [
  ['an unknown column', 'SELECT nothing', '47', 'UNKNOWN_IDENTIFIER'],
  ['an unknown table', 'SELECT * FROM nowhere', '60', 'UNKNOWN_TABLE'],
  ['a syntax error', 'selec 1', '62', 'SYNTAX_ERROR'],
  ['two statements', 'SELECT 1; SELECT 2', '62', 'SYNTAX_ERROR'],
  [
    'an error of a row',
    'SELECT throwIf(number = 3) FROM numbers(5)',
    '395',
    'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO',
  ],
  ['a missing parameter', 'SELECT {absent:String}', '456', 'UNKNOWN_QUERY_PARAMETER'],
] as const

/** Registers the suite; the connection is asked for once the tests run. */
export const describeClickHouseClient = (title: string, getConnection: () => CheckedConnection): void => {
  describe(`the ClickHouse client on ${title}`, () => {
    const database = `checks_${randomBytes(4).toString('hex')}`
    let client: ClickHouseClient
    const connect = (more: Readonly<Record<string, unknown>> = {}): ClickHouseClient =>
      createClient({ ...getConnection(), database, log: { level: ClickHouseLogLevel.OFF }, ...more })
    const rows = async <T>(query: string, clickhouse_settings: ClickHouseSettings = {}): Promise<T[]> =>
      (await client.query({ query, format: 'JSONEachRow', clickhouse_settings })).json<T>()
    const table = async (columns = 'id UInt64, name String'): Promise<string> => {
      const name = `t_${randomBytes(4).toString('hex')}`
      await client.command({ query: `CREATE TABLE ${name} (${columns}) ENGINE = MergeTree ORDER BY tuple()` })
      return name
    }

    before(async () => {
      const settings = { output_format_json_quote_64bit_integers: 0 } as const
      client = connect({ clickhouse_settings: settings })
      const plain = createClient({ ...getConnection(), log: { level: ClickHouseLogLevel.OFF } })
      await plain.command({ query: `CREATE DATABASE ${database} ENGINE = Atomic` })
      await plain.close()
    })
    after(async () => {
      await client.command({ query: `DROP DATABASE ${database} SYNC` })
      await client.close()
    })

    it('answers a ping', async () => {
      assert.deepEqual(await client.ping(), { success: true })
      assert.equal((await client.ping({ select: true })).success, true)
    })

    registerInsertChecks({ client: () => client, rows, table })

    it('binds parameters whatever they hold', async () => {
      const query_params = {
        text: "a'b\\c\n\td",
        list: ['x', "y'"],
        none: null,
        name: database,
        big: 'z'.repeat(500_000),
      }
      const query = `SELECT {text:String} AS text, {list:Array(String)} AS list, {none:Nullable(String)} AS none,
        length({big:String}) AS big, (SELECT count() > 0 FROM {name:Identifier}.nothing_here WHERE 0) AS x`
      await client.command({ query: 'CREATE TABLE nothing_here (a UInt8) ENGINE = Memory' })
      const result = await client.query({ query, query_params, format: 'JSONEachRow' })
      assert.deepEqual(await result.json(), [
        { text: query_params.text, list: query_params.list, none: null, big: 500_000, x: 0 },
      ])
    })

    it('keeps the parameters of concurrent queries apart', async () => {
      const ask = async (n: number) =>
        (
          await client.query({ query: 'SELECT {n:UInt32} AS n', query_params: { n }, format: 'JSONEachRow' })
        ).json()
      const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => ask(n)))
      assert.deepEqual(
        answers,
        Array.from({ length: 60 }, (_, n) => [{ n }]),
      )
    })

    it('keeps the settings of a request to that request', async () => {
      const query = "SELECT getSetting('max_block_size')::UInt64 AS size"
      const [usual] = await rows(query)
      assert.deepEqual(await rows(query, { max_block_size: '1234' }), [{ size: 1234 }])
      const others = await Promise.all(Array.from({ length: 20 }, () => rows(query)))
      assert.deepEqual(others, Array(20).fill([usual]))
    })

    it('keeps temporary tables and SET to their session', async () => {
      const session_id = randomUUID()
      await client.command({ query: 'CREATE TEMPORARY TABLE mine (a UInt8)', session_id })
      await client.insert({ table: 'mine', values: [{ a: 7 }], format: 'JSONEachRow', session_id })
      await client.command({ query: 'SET max_block_size = 4321', session_id })
      const query = "SELECT a, getSetting('max_block_size')::UInt64 AS size FROM mine"
      const read = async (clickhouse_settings: ClickHouseSettings = {}) =>
        (await client.query({ query, session_id, clickhouse_settings, format: 'JSONEachRow' })).json()
      assert.deepEqual(await read({ max_block_size: '99' }), [{ a: 7, size: 99 }])
      assert.deepEqual(await read(), [{ a: 7, size: 4321 }])
      await assert.rejects(rows('SELECT * FROM mine'), { code: '60' })
    })

    for (const [what, query, code, type] of RAISED) {
      it(`raises ${what} with its code`, async () => {
        await assert.rejects(rows(query), (error: unknown) => {
          assert.ok(error instanceof ClickHouseError)
          assert.deepEqual([error.code, error.type], [code, type])
          return true
        })
      })
    }

    it('raises a setting nobody knows', async () => {
      await assert.rejects(rows('SELECT 1', { no_such_setting: 1 } as ClickHouseSettings), { code: '115' })
    })

    it('raises an error in the middle of a result', async () => {
      const query = 'SELECT number, throwIf(number = 3000000) FROM numbers(4000000)'
      const result = await client.query({
        query,
        format: 'JSONCompactEachRow',
        clickhouse_settings: { max_threads: 1 },
      })
      let read = 0
      const reading = async (): Promise<void> => {
        for await (const part of result.stream()) read += part.length
      }
      await assert.rejects(reading(), { code: '395' })
      assert.ok(read > 0)
    })

    it('streams a large result whole', async () => {
      const result = await client.query({
        query: 'SELECT number FROM numbers(2000000)',
        format: 'JSONCompactEachRow',
      })
      let count = 0
      for await (const part of result.stream()) count += part.length
      assert.equal(count, 2_000_000)
    })

    it('gives JSON with its counts, and a summary of what was read', async () => {
      const query = 'SELECT count() AS c FROM numbers(100000) WHERE number % 2 = 0'
      const result = await client.query({
        query,
        format: 'JSON',
        clickhouse_settings: { wait_end_of_query: 1 },
      })
      const summary = JSON.parse(String(result.response_headers['x-clickhouse-summary'])) as Record<
        string,
        string
      >
      assert.deepEqual([summary.read_rows, summary.result_rows], ['100000', '1'])
      const json = await result.json<{ c: number }>()
      assert.deepEqual([json.data, json.rows], [[{ c: 50_000 }], 1])
    })

    it('compresses requests and responses', async () => {
      const name = await table()
      const compressed = connect({ compression: { request: true, response: true } })
      const values = Array.from({ length: 50_000 }, (_, id) => ({ id, name: `name ${id}` }))
      await compressed.insert({ table: name, values, format: 'JSONEachRow' })
      const result = await compressed.query({
        query: `SELECT * FROM ${name} ORDER BY id`,
        format: 'JSONEachRow',
      })
      const read = await result.json<{ id: string | number; name: string }>()
      await compressed.close()
      assert.deepEqual(
        read.map((row) => ({ ...row, id: Number(row.id) })),
        values,
      )
    })

    it('names the query as asked, and kills it by that name', async () => {
      const query_id = randomUUID()
      const query = 'SELECT count() FROM numbers(10000000000000) SETTINGS max_execution_time = 30'
      const running = client.query({ query, query_id, format: 'JSONEachRow' }).then((result) => result.json())
      const outcome = assert.rejects(running, { code: '394' })
      const seen = `SELECT count() AS c FROM system.processes WHERE query_id = '${query_id}'`
      while ((await rows<{ c: number }>(seen))[0]?.c === 0);
      const kill = `KILL QUERY WHERE query_id = '${query_id}' SYNC`
      for (let killed = 0; killed === 0; ) {
        killed = (await (await client.query({ query: kill, format: 'JSONEachRow' })).json()).length
      }
      await outcome
    })

    it('sees an aborted query end within a second', async () => {
      const controller = new AbortController()
      const mark = randomUUID()
      const query = `SELECT count() FROM numbers(10000000000000) WHERE toString(number) != '${mark}'
        SETTINGS max_execution_time = 30`
      const running = client.query({
        query,
        abort_signal: controller.signal,
        clickhouse_settings: { cancel_http_readonly_queries_on_client_close: 1 },
      })
      const aborted = assert.rejects(running)
      const alive = async (): Promise<number> =>
        (
          await rows(
            `SELECT 1 FROM system.processes WHERE query LIKE '%${mark}%' AND query NOT LIKE '%system.processes%'`,
          )
        ).length
      while ((await alive()) === 0);
      controller.abort()
      await aborted
      const start = Date.now()
      while ((await alive()) > 0) assert.ok(Date.now() - start < 1000, 'the query still runs')
    })
  })
}
