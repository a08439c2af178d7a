/** The HTTP interface itself: who may ask, what is refused, and that one client does not disturb another. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { type Sent, TestEngine } from './testing.js'

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`

const WHO: ReadonlyArray<readonly [string, Sent, number]> = [
  ['Basic', { headers: { Authorization: basic('tributary:secret') } }, 200],
  ['headers', { headers: { 'X-ClickHouse-User': 'tributary', 'X-ClickHouse-Key': 'secret' } }, 200],
  ['the URL', { headers: {}, search: { user: 'tributary', password: 'secret' } }, 200],
  ['nobody', { headers: {} }, 401],
  ['a wrong password', { headers: { Authorization: basic('tributary:secre') } }, 401],
  ['another user', { headers: { Authorization: basic('default:secret') } }, 401],
]

describe('local/clickhouse/server', () => {
  const engine = new TestEngine()
  before(async () => {
    await engine.start()
    await engine.query('CREATE TABLE numbers_in (a UInt64) ENGINE = MergeTree ORDER BY a')
  })
  after(() => engine.remove())
  afterEach(() => assert.deepEqual(engine.spooled(), []))

  it('answers a ping of anyone', async () => {
    const { status, text } = await engine.send({ method: 'GET', path: '/ping', headers: {} })
    assert.deepEqual([status, text], [200, 'Ok.\n'])
  })

  for (const [who, sent, expected] of WHO) {
    it(`answers ${expected} to ${who}`, async () => {
      const { status, headers, text } = await engine.send({ ...sent, body: 'SELECT 1' })
      assert.equal(status, expected)
      if (expected === 200) assert.equal(text, '1\n')
      else
        assert.deepEqual([headers['x-clickhouse-exception-code'], /^Code: 516\. /.test(text)], ['516', true])
      assert.ok(!text.includes('secre'))
    })
  }

  it('lets GET read and refuses to let it write, in a session too', async () => {
    for (const session of [{}, { session_id: 'get' }]) {
      const get = (query: string) => engine.send({ method: 'GET', search: { query, ...session } })
      assert.equal((await get('SELECT 1')).text, '1\n')
      const { headers, text } = await get('DROP TABLE numbers_in')
      assert.deepEqual([headers['x-clickhouse-exception-code'], text.includes('(READONLY)')], ['164', true])
    }
    const escalating = { query: 'INSERT INTO numbers_in SELECT 1', readonly: 0 }
    assert.equal(
      (await engine.send({ method: 'GET', search: escalating })).headers['x-clickhouse-exception-code'],
      '164',
    )
  })

  it('says what kind of answer it gives', async () => {
    const { headers } = await engine.send({
      search: { query_id: 'mine', default_format: 'JSONEachRow' },
      body: 'SELECT 1 AS a',
    })
    const { 'x-clickhouse-query-id': id, 'x-clickhouse-format': format, 'content-type': type } = headers
    assert.deepEqual([id, format, type], ['mine', 'JSONEachRow', 'application/x-ndjson; charset=UTF-8'])
  })

  it('waits for the end of a query where asked, so that no error comes late', async () => {
    const sql = 'SELECT throwIf(number = 2900000) FROM numbers(3000000)'
    assert.equal((await engine.send({ search: { wait_end_of_query: 1 }, body: sql })).status, 500)
    const whole = await engine.query('SELECT number FROM numbers(1000000)', { wait_end_of_query: 1 })
    assert.equal(whole.length, 6_888_890)
  })

  it('serves others while readers stand still', async () => {
    const still = Array.from({ length: 40 }, () => {
      const outgoing = request(engine.options({ search: { query: 'SELECT number FROM numbers(100000000)' } }))
      outgoing.on('response', (response) => response.pause()).on('error', () => undefined)
      outgoing.end()
      return outgoing
    })
    await Promise.all(still.map((outgoing) => new Promise((resolve) => outgoing.once('response', resolve))))
    const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => engine.query(`SELECT ${n}`)))
    assert.deepEqual(
      answers,
      Array.from({ length: 30 }, (_, n) => `${n}\n`),
    )
    for (const outgoing of still) outgoing.destroy()
    while (
      (await engine.query("SELECT count() FROM system.processes WHERE query LIKE '%100000000%'")) !== '1\n'
    );
  })

  it('takes a megabyte of parameters in the URL', async () => {
    const param_x = 'x'.repeat(1_000_000)
    assert.equal(await engine.query('SELECT length({x:String})', { param_x }), '1000000\n')
  })

  it('says what is wrong with a session', async () => {
    const code = async (search: Readonly<Record<string, string | number>>) =>
      (await engine.send({ search, body: 'SELECT sleep(0.3)' })).headers['x-clickhouse-exception-code']
    assert.equal(await code({ session_id: 'none', session_check: 1 }), '372')
    assert.equal(await code({ session_id: 'long', session_timeout: 9999 }), '374')
    assert.deepEqual((await Promise.all([code({ session_id: 'one' }), code({ session_id: 'one' })])).sort(), [
      '373',
      undefined,
    ])
  })

  it('takes back what a failed request set in a session', async () => {
    const size = "SELECT getSetting('max_block_size')"
    const usual = await engine.query(size, { session_id: 'failed' })
    const wrong = { session_id: 'failed', database: 'system', max_block_size: 7, max_threads: 'many' }
    assert.equal((await engine.send({ search: wrong, body: size })).status, 400)
    assert.equal(await engine.query(size, { session_id: 'failed' }), usual)
    assert.equal(await engine.query('SELECT currentDatabase()', { session_id: 'failed' }), 'default\n')
  })

  it('keeps the parameters of a session’s request to that request', async () => {
    assert.equal(await engine.query('SELECT {x:String}', { session_id: 'p', param_x: 'secret' }), 'secret\n')
    const { headers } = await engine.send({ search: { session_id: 'p' }, body: 'SELECT {x:String}' })
    assert.equal(headers['x-clickhouse-exception-code'], '456')
  })

  it('outlives whatever is sent to it', async () => {
    const { port, hostname } = new URL(engine.running.url)
    const raw = [
      'NONSENSE\r\n\r\n',
      'GET //[ HTTP/1.1\r\nHost: x\r\n\r\n',
      'POST /?query=%ff%00%zz HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc',
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      `POST / HTTP/1.1\r\nHost: x\r\nX-ClickHouse-User: tributary\r\nX-ClickHouse-Key: secret\r\nContent-Length: 99\r\n\r\nSELECT`,
    ]
    for (const text of raw) {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => undefined)
      socket.end(text)
      await buffer(socket).catch(() => undefined)
    }
    const bodies = [
      "SELECT '",
      'SELECT \0\0',
      '\0',
      '((((((',
      'INSERT INTO',
      'INSERT INTO t FORMAT',
      'SELECT {x:',
      '/*',
      'EXPLAIN',
      'FORMAT',
      '\xff\xfe',
    ]
    for (const body of bodies)
      assert.notEqual((await engine.send({ body: Buffer.from(body, 'latin1') })).status, 200)
    const searches = [
      { default_format: "x'" },
      { database: '`' },
      { 'a b': 1 },
      { param_: 'x' },
      { max_threads: "'" },
      { compress: 1 },
      { role: 'a' },
      { query_id: "'\n" },
    ]
    for (const search of searches) await engine.send({ search, body: 'SELECT 1' })
    const headers = { ...engine.headers, 'Content-Encoding': 'gzip' }
    const notGzip = { search: { query: 'INSERT INTO numbers_in FORMAT TSV' }, headers, body: 'not gzip' }
    assert.notEqual((await engine.send(notGzip)).status, 200)
    assert.notEqual((await engine.send({ headers, body: 'not gzip' })).status, 200)
    assert.equal(await engine.query('\0SELECT 1', { wait_end_of_query: 1 }), '1\n')
    const inlineToo = { ...notGzip, search: { query: 'INSERT INTO numbers_in FORMAT TSV 1' } }
    const answers = await Promise.all(Array.from({ length: 500 }, () => engine.send(inlineToo)))
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([400]))
    assert.equal(await engine.query('SELECT 1'), '1\n')
  })
})
