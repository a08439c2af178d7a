import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import {
  createFaultServer,
  type FaultRequest,
  type FaultResponse,
  type FaultServer,
} from '@tributary/connector-sdk/testing'
import { type Harness, harness } from '../source-harness.testing.js'

const BODY = `id,name\n${Array.from({ length: 200_000 }, (_, index) => `${index},name ${index}\n`).join('')}`

interface Page {
  readonly bytes: Buffer
  readonly headers?: Readonly<Record<string, string>>
  readonly ranges?: boolean
  readonly head?: boolean
}

/** Answers as a file server does, with what a page's options leave out. */
function answer(
  request: FaultRequest,
  { bytes, headers = {}, ranges = true, head = true }: Page,
): FaultResponse {
  if (request.method === 'HEAD' && !head) return { status: 405 }
  if (request.headers['if-match'] !== undefined && request.headers['if-match'] !== headers.etag)
    return { status: 412 }
  const range = ranges ? /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') : null
  if (range === null) return { headers, body: bytes }
  const start = Number(range[1])
  const end = range[2] === '' ? bytes.length : Math.min(Number(range[2]) + 1, bytes.length)
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` },
    body: bytes.subarray(start, end),
  }
}

describe('files at web addresses', () => {
  let files: Harness
  let server: FaultServer
  const pages = new Map<string, Page>()
  before(async () => {
    server = await createFaultServer({
      '/*': (request) => {
        const page = pages.get(request.path)
        return page === undefined ? { status: 404 } : answer(request, page)
      },
    })
  })
  after(() => server.close())
  beforeEach(async () => {
    files = await harness()
  })
  afterEach(async () => {
    server.reset()
    pages.clear()
    await files.remove()
  })
  const config = (path: string) => ({ config: { location: { url: `${server.url}${path}` } } })

  for (const [name, page] of [
    ['with an ETag and ranges', { bytes: Buffer.from(BODY), headers: { etag: '"v1"' } }],
    [
      'with a time only',
      { bytes: Buffer.from(BODY), headers: { 'last-modified': 'Tue, 02 Jan 2024 03:04:05 GMT' } },
    ],
    ['without HEAD', { bytes: Buffer.from(BODY), headers: { etag: '"v1"' }, head: false }],
    ['without ranges and validators', { bytes: Buffer.from(BODY), ranges: false }],
  ] as const)
    it(`reads a file of a server ${name}, once`, async () => {
      pages.set('/x/orders.csv', page)
      const first = await files.read('orders', config('/x/orders.csv?signature=abc'))
      const second = await files.read('orders', {
        ...config('/x/orders.csv?signature=abc'),
        state: first.states.at(-1),
      })
      assert.deepEqual(
        [first.records.length, first.records.at(-1)],
        [200_000, { id: 199_999, name: 'name 199999' }],
      )
      assert.deepEqual(second.records, [])
      assert.ok(!JSON.stringify(first.states).includes('signature'))
    })

  it('reads a compressed file, and one whose transfer is compressed', async () => {
    pages.set('/a.csv.gz', { bytes: gzipSync('id\n1\n'), headers: { etag: '"1"' } })
    pages.set('/b.csv', { bytes: gzipSync('id\n2\n'), headers: { etag: '"2"', 'content-encoding': 'gzip' } })
    const outcomes = [await files.read('a', config('/a.csv.gz')), await files.read('b', config('/b.csv'))]
    assert.deepEqual(
      outcomes.map(({ records }) => records),
      [[{ id: 1 }], [{ id: 2 }]],
    )
  })

  it('goes on with a download where it broke', async () => {
    pages.set('/orders.csv', { bytes: Buffer.from(BODY), headers: { etag: '"v1"' } })
    let cuts = 0
    server.inject(async (request, real) => {
      if (request.method !== 'GET' || request.headers.range?.endsWith('-') === false || cuts >= 2)
        return undefined
      cuts++
      return { ...(await real()), cutAfter: 1_000_000 }
    })
    const { records } = await files.read('orders', config('/orders.csv'))
    const sum = createHash('md5')
      .update(records.map(({ id, name }) => `${id},${name}\n`).join(''))
      .digest('hex')
    assert.equal(sum, createHash('md5').update(BODY.slice('id,name\n'.length)).digest('hex'))
    assert.equal(cuts, 2)
  })

  it('says SourceUnavailable when the file changes between listing and download', async () => {
    pages.set('/orders.csv', { bytes: Buffer.from(BODY), headers: { etag: '"v1"' } })
    server.inject((request) =>
      request.headers.range === undefined && request.method === 'GET' ? { status: 412 } : undefined,
    )
    await assert.rejects(files.read('orders', config('/orders.csv')), { kind: 'SourceUnavailable' })
  })

  it('hands a downloaded file over as a block, and keeps it until the warehouse has read it', async () => {
    pages.set('/orders.csv', { bytes: Buffer.from('id\n1\n'), headers: { etag: '"v1"' } })
    for await (const message of files.messages('orders', { ...config('/orders.csv'), path: 'blocks' })) {
      if (message.type !== 'block' || message.block.body.kind !== 'file') continue
      assert.deepEqual([message.block.body.bytes, message.block.format], [5, 'CSVWithNames'])
      assert.ok((await readdir(message.block.body.path.replace(/[^/]+$/, ''))).length > 0)
      return
    }
    assert.fail('there is no block')
  })

  it('names files by host and path, and tells equal ones apart', async () => {
    for (const path of ['/a/orders.csv', '/b/orders.csv'])
      pages.set(path, { bytes: Buffer.from(`path\n${path}\n`), headers: { etag: '"1"' } })
    const { records } = await files.read('orders', {
      config: {
        location: {
          urls: [
            `${server.url}/a/orders.csv`,
            `${server.url}/b/orders.csv`,
            `${server.url}/b/orders.csv?copy`,
          ],
        },
        streams: [{ name: 'orders', glob: '**/orders.csv' }],
      },
    })
    assert.deepEqual(records.map(({ path }) => path).sort(), [
      '/a/orders.csv',
      '/b/orders.csv',
      '/b/orders.csv',
    ])
  })

  it('sends the credential, and never says it', async () => {
    pages.set('/orders.csv', { bytes: Buffer.from('id\n1\n'), headers: { etag: '"1"' } })
    const location = { url: `${server.url}/orders.csv`, authorization: 'Bearer hush' }
    await files.read('orders', { config: { location } })
    assert.ok(server.requests.every(({ headers }) => headers.authorization === 'Bearer hush'))
    pages.clear()
    await assert.rejects(files.check({ location }), (error: Error) => !error.message.includes('hush'))
  })

  for (const [status, kind] of [
    [401, 'AuthExpired'],
    [403, 'PermissionDenied'],
    [404, 'ConfigInvalid'],
  ] as const)
    it(`says ${kind} for ${status}`, async () => {
      server.inject(() => ({ status }))
      await assert.rejects(files.check(config('/orders.csv').config), { kind })
    })

  it('reads the others where one of several addresses is gone, and names it', async () => {
    pages.set('/a.csv', { bytes: Buffer.from('id\n1\n') })
    const urls = ['/a.csv', '/gone.csv'].map((path) => server.url + path)
    const gone = { location: { urls, authorization: 'Bearer hush' } }
    const streams = await files.discover(gone)
    assert.deepEqual(
      streams.map(({ name, unreadable }) => [name, unreadable?.kind]),
      [
        ['a', undefined],
        ['gone', 'SchemaIncompatible'],
      ],
    )
    const streamsOf = [{ name: 'all', glob: '**/*.csv' }]
    await assert.rejects(files.read('all', { config: { ...gone, streams: streamsOf } }), {
      kind: 'UnreadableData',
      message: /gone\.csv: .* 404.*; the other files were read$/,
    })
  })

  it('refuses private addresses unless they are allowed', async () => {
    await assert.rejects(files.read('orders', { ...config('/orders.csv'), allowPrivateAddresses: false }), {
      kind: 'ConfigInvalid',
    })
  })
})
