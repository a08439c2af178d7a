/** Bodies and results: every encoding and format whole, data never taken for SQL, and nothing left behind. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
} from 'node:zlib'
import { TestEngine } from './testing.js'

const ENCODINGS = [
  ['gzip', gzipSync, gunzipSync],
  ['deflate', deflateSync, inflateSync],
  ['br', brotliCompressSync, brotliDecompressSync],
] as const

const WHOLE = [
  ['JSON', '{\n\t"meta":', '}'],
  ['JSONCompact', '{\n\t"meta":', '}'],
  ['JSONColumnsWithMetadata', '{\n\t"meta":', '}'],
  ['XML', "<?xml version='1.0'", '</result>'],
  ['CSVWithNames', '"a"\n', '299999'],
  ['TabSeparatedWithNamesAndTypes', 'a\nUInt64\n', '299999'],
  ['JSONCompactEachRowWithNames', '["a"]\n', ']'],
  ['Markdown', '| a |\n', '|'],
] as const

describe('local/clickhouse/body', () => {
  const engine = new TestEngine()
  const files = join(engine.folder, 'files')
  before(async () => {
    mkdirSync(files)
    writeFileSync(join(files, 'rows.tsv'), '1\n2\n3\n')
    writeFileSync(join(files, 'rows.tsv.gz'), gzipSync('4\n5\n'))
    writeFileSync(join(engine.folder, 'outside.tsv'), '9\n')
    symlinkSync(join(engine.folder, 'outside.tsv'), join(files, 'link.tsv'))
    await engine.start({ infileRoots: [files], env: { TRIBUTARY_CLICKHOUSE_SPOOL_BYTES: '8000000' } })
    await engine.query('CREATE TABLE numbers_in (a UInt64) ENGINE = MergeTree ORDER BY a')
  })
  after(() => engine.remove())
  afterEach(async () => {
    await engine.query('TRUNCATE TABLE numbers_in')
    assert.deepEqual(engine.spooled(), [])
  })

  it('joins the statement of the URL and the body', async () => {
    assert.equal(await engine.query('+ 1', { query: 'SELECT 1' }), '2\n')
    await engine.query('(5), (6)', { query: 'INSERT INTO numbers_in VALUES' })
    await engine.query('INSERT INTO numbers_in FORMAT TSV\n7\n')
    assert.equal(
      await engine.query('SELECT groupArray(a) FROM (SELECT a FROM numbers_in ORDER BY a)'),
      '[5,6,7]\n',
    )
  })

  it('never runs data as SQL, nor loses it', async () => {
    await engine.query('CREATE TABLE lines (s String) ENGINE = Memory')
    const attack = 'a\n\nDROP TABLE numbers_in\n;\n\nDROP TABLE lines;\n'
    await engine.query(`INSERT INTO lines FORMAT LineAsString\n${attack}`)
    await engine.query(attack, {
      query: "INSERT INTO lines SELECT s FROM input('s String') FORMAT LineAsString",
    })
    const binary = Buffer.from([3, 10, 10, 59, 2, 10, 10])
    await engine.send({ search: { query: 'INSERT INTO lines FORMAT RowBinary' }, body: binary })
    assert.equal(
      await engine.query("SELECT count(), countIf(s LIKE 'DROP%'), uniqExact(s) FROM lines"),
      '14\t4\t7\n',
    )
    await engine.query('DROP TABLE lines')
  })

  for (const [name, compress, decompress] of ENCODINGS) {
    it(`takes and gives ${name}`, async () => {
      const body = compress(Buffer.from('1\n2\n'))
      const headers = { ...engine.headers, 'Content-Encoding': name, 'Accept-Encoding': name }
      const inUrl = { search: { query: 'INSERT INTO numbers_in FORMAT TSV' }, headers, body }
      assert.equal((await engine.send(inUrl)).status, 200)
      const inBody = compress(Buffer.from('INSERT INTO numbers_in FORMAT TSV\n3\n'))
      assert.equal((await engine.send({ headers, body: inBody })).status, 200)
      const answer = await engine.send({
        search: { enable_http_compression: 1 },
        headers,
        body: compress(Buffer.from('SELECT sum(a) FROM numbers_in')),
      })
      assert.deepEqual(
        [answer.headers['content-encoding'], decompress(answer.bytes).toString()],
        [name, '6\n'],
      )
    })
  }

  it('takes the names that ClickHouse itself has for encodings', async () => {
    const search = { query: 'INSERT INTO numbers_in FORMAT TSV' }
    for (const [name, body] of [
      ['gz', gzipSync('40\n')],
      ['auto', Buffer.from('2\n')],
    ] as const) {
      const headers = { ...engine.headers, 'Content-Encoding': name }
      assert.equal((await engine.send({ search, headers, body })).status, 200)
    }
    assert.equal(await engine.query('SELECT sum(a) FROM numbers_in'), '42\n')
  })

  it('takes zstd data as it is', async () => {
    const path = join(files, 'made.tsv.zst')
    await engine.query(`INSERT INTO FUNCTION file('${path}', 'TSV') SELECT number FROM numbers(1000)`)
    const headers = { ...engine.headers, 'Content-Encoding': 'zstd' }
    const search = { query: 'INSERT INTO numbers_in FORMAT TSV' }
    assert.equal((await engine.send({ search, headers, body: readFileSync(path) })).status, 200)
    assert.equal(await engine.query('SELECT sum(a) FROM numbers_in'), '499500\n')
    assert.equal((await engine.send({ headers, body: readFileSync(path) })).status, 501)
  })

  for (const [format, start, end] of WHOLE) {
    it(`gives one whole document of ${format}`, async () => {
      const text = await engine.query(`SELECT number AS a FROM numbers(300000) FORMAT ${format}`)
      assert.ok(text.startsWith(start) && text.trimEnd().endsWith(end), text.slice(0, 50) + text.slice(-50))
      assert.equal(text.split(start).length, 2)
      assert.equal(text.match(/\b299999\b/g)?.length, 1)
    })
  }

  it('refuses a body by its declared length, before it is sent', async () => {
    const tooLong = { ...engine.headers, 'Content-Length': '9000000' }
    const refused = request({
      ...engine.options({ search: { query: 'INSERT INTO numbers_in FORMAT TSV' } }),
      headers: tooLong,
    })
    refused.on('error', () => undefined)
    refused.flushHeaders()
    const [response] = (await once(refused, 'response')) as [IncomingMessage]
    assert.equal(response.statusCode, 413)
    refused.destroy()
  })

  it('tells of an error in the middle of a compressed result', async () => {
    const outgoing = request({
      ...engine.options({ search: { enable_http_compression: 1, max_threads: 1 } }),
      headers: { ...engine.headers, 'Accept-Encoding': 'gzip' },
    })
    outgoing.end('SELECT throwIf(number = 9000000) FROM numbers(10000000)')
    const [response] = await new Promise<[IncomingMessage]>((resolve) =>
      outgoing.once('response', (r) => resolve([r])),
    )
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    const broken = await new Promise<string>((resolve) =>
      response.once('error', (error) => resolve(error.message)),
    )
    const text = gunzipSync(Buffer.concat(chunks)).toString()
    const tag = response.headers['x-clickhouse-exception-tag']
    const [, framed, length] =
      new RegExp(
        `\\r\\n__exception__\\r\\n${tag}\\r\\n([^]*\\n)(\\d+) ${tag}\\r\\n__exception__\\r\\n$`,
      ).exec(text) ?? []
    assert.deepEqual([broken, Number(length)], ['aborted', Buffer.byteLength(framed ?? '')])
    assert.match(framed ?? '', /^Code: 395\. /)
  })

  it('inserts a file by its path where that is allowed, and nowhere else', async () => {
    const insert = (path: string) =>
      engine.send({
        search: { query: "INSERT INTO numbers_in SELECT a FROM input('a UInt64') FORMAT TSV" },
        headers: { ...engine.headers, 'X-Tributary-Infile': path },
      })
    assert.equal((await insert(join(files, 'rows.tsv'))).status, 200)
    assert.equal((await insert(join(files, 'rows.tsv.gz'))).status, 200)
    assert.equal(await engine.query('SELECT sum(a) FROM numbers_in'), '15\n')
    const refused = [
      join(files, 'link.tsv'),
      join(engine.folder, 'outside.tsv'),
      `${files}/../outside.tsv`,
      files,
      '/none',
      'rows.tsv',
    ]
    for (const path of refused) assert.equal((await insert(path)).status, 403, path)
    assert.equal(
      (await engine.send({ headers: { 'X-Tributary-Infile': join(files, 'rows.tsv') } })).status,
      401,
    )
  })

  it('refuses a body beyond the spool with 413 and goes on', async () => {
    const search = { query: 'INSERT INTO numbers_in FORMAT TSV' }
    const { status, text } = await engine.send({ search, body: '1\n'.repeat(5_000_000) })
    assert.deepEqual([status, text.includes('TRIBUTARY_CLICKHOUSE_SPOOL_BYTES')], [413, true])
    assert.equal(await engine.query('SELECT count() FROM numbers_in'), '0\n')
  })

  it('keeps nothing of an insert whose client goes away', async () => {
    const outgoing = request(engine.options({ search: { query: 'INSERT INTO numbers_in FORMAT TSV' } }))
    outgoing.on('error', () => undefined)
    outgoing.write('1\n'.repeat(100_000))
    while (engine.spooled().length === 0) await new Promise(setImmediate)
    outgoing.destroy()
    while (engine.spooled().length > 0) await new Promise(setImmediate)
    assert.equal(await engine.query('SELECT count() FROM numbers_in'), '0\n')
  })
})
