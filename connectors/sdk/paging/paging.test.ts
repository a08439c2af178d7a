import assert from 'node:assert/strict'
import type { PagesOptions } from '../http/client.js'
import { createHttpClient, type OwnedHttpClient } from '../http/create-client.js'
import { createFaultServer, type FaultResponse, type FaultServer } from '../testing/fault-server.js'
import { offsetPaging, pageNumberPaging } from './counted.js'
import { cursorPaging } from './cursor.js'
import { linkHeaderPaging, nextUrlPaging } from './next-url.js'

const ITEMS = Array.from({ length: 7 }, (_, id) => ({ id }))

describe('pages', () => {
  let server: FaultServer
  let http: OwnedHttpClient

  before(async () => {
    const slice = (from: number, size = 3) => ITEMS.slice(from, from + size)
    server = await createFaultServer({
      '/cursor': ({ query }) => {
        const at = Number(query.get('after') ?? 0)
        return { body: { data: slice(at), meta: { next: at + 3 < 7 ? String(at + 3) : null } } }
      },
      '/header': ({ query }): FaultResponse => {
        const at = Number(query.get('cursor') ?? 0)
        return { body: slice(at), headers: at + 3 < 7 ? { 'X-Next': String(at + 3) } : {} }
      },
      'POST /search': ({ body }) => {
        const at = (JSON.parse(body) as { cursor?: number }).cursor ?? 0
        return { body: { data: slice(at), cursor: at + 3, more: at + 3 < 7 } }
      },
      '/offset': ({ query }) => ({
        body: { total: 7, items: slice(Number(query.get('offset')), Number(query.get('limit'))) },
      }),
      '/page': ({ query }) => ({ body: { pages: 3, items: slice((Number(query.get('page')) - 1) * 3) } }),
      '/link': ({ query }): FaultResponse => {
        const at = Number(query.get('at') ?? 0)
        const link = `<${server.url}/link?at=0>; rel="first", </link?at=${at + 3}>; title="a, b"; rel="last next"`
        return { body: slice(at), headers: at + 3 < 7 ? { link } : {} }
      },
      '/next': ({ query }) => {
        const at = Number(query.get('at') ?? 0)
        return { body: { items: slice(at), next: at + 3 < 7 ? `${server.url}/next?at=${at + 3}` : '' } }
      },
      '/circle': ({ query }) => ({ body: { items: slice(0), next: `/circle?at=${query.get('at') ?? 1}` } }),
      '/away': () => ({ body: { items: [], next: 'https://other.example/away' } }),
      '/none': () => ({ body: { items: null } }),
      '/omitted': () => ({ body: {} }),
    })
    http = createHttpClient({
      baseUrl: server.url,
      signal: new AbortController().signal,
      log: { debug() {}, info() {}, warn() {} },
      allowPrivateAddresses: true,
    })
  })
  afterEach(() => server.reset())
  after(async () => {
    http.close()
    await server.close()
  })

  const collect = async (url: string, options: PagesOptions) => {
    const pages: unknown[][] = []
    for await (const page of http.pages(url, options)) pages.push([...page.items])
    return pages
  }

  const cases: [string, string, PagesOptions, number][] = [
    [
      'a cursor in the body',
      '/cursor',
      { paging: cursorPaging('meta.next', { parameter: 'after' }), itemsPath: 'data' },
      3,
    ],
    ['a cursor in a header', '/header', { paging: cursorPaging('X-Next', { from: 'header' }) }, 3],
    [
      'a cursor in the request’s body',
      '/search',
      {
        paging: cursorPaging('cursor', { into: 'body', hasMorePath: 'more' }),
        itemsPath: 'data',
        request: { method: 'POST', data: {} },
      },
      3,
    ],
    ['offsets', '/offset', { paging: offsetPaging({ limit: 3 }), itemsPath: 'items' }, 3],
    [
      'offsets that end with a full page',
      '/offset',
      { paging: offsetPaging({ limit: 7 }), itemsPath: 'items' },
      2,
    ],
    [
      'offsets with a total',
      '/offset',
      { paging: offsetPaging({ limit: 7, totalPath: 'total' }), itemsPath: 'items' },
      1,
    ],
    ['page numbers', '/page', { paging: pageNumberPaging(), itemsPath: 'items' }, 4],
    ['page numbers with a size', '/page', { paging: pageNumberPaging({ size: 3 }), itemsPath: 'items' }, 3],
    [
      'page numbers with a total',
      '/page',
      { paging: pageNumberPaging({ totalPagesPath: 'pages' }), itemsPath: 'items' },
      3,
    ],
    ['link headers', '/link', { paging: linkHeaderPaging() }, 3],
    ['next URLs', '/next', { paging: nextUrlPaging('next'), itemsPath: 'items' }, 3],
  ]
  for (const [name, url, options, requests] of cases) {
    it(`follows ${name} to the end with ${requests} requests`, async () => {
      assert.deepEqual((await collect(url, options)).flat(), ITEMS)
      assert.equal(server.requests.length, requests)
    })
  }
  it('keeps the query on every page', async () => {
    await collect('/cursor', {
      query: { since: '2026' },
      paging: cursorPaging('meta.next', { parameter: 'after' }),
      itemsPath: 'data',
    })
    assert.deepEqual(
      server.requests.map(({ query }) => query.toString()),
      ['since=2026', 'since=2026&after=3', 'since=2026&after=6'],
    )
  })
  it('stops at a page that was read already', async () => {
    await assert.rejects(collect('/circle', { paging: nextUrlPaging('next'), itemsPath: 'items' }), {
      kind: 'ContractViolation',
      message: /leads back/,
    })
    assert.equal(server.requests.length, 2)
  })
  it('does not follow a next page to another origin', async () => {
    await assert.rejects(collect('/away', { paging: nextUrlPaging('next'), itemsPath: 'items' }), {
      kind: 'ContractViolation',
      message: /another origin/,
    })
  })
  it('takes null for an empty list, and a missing list for a changed source unless that is expected', async () => {
    const options = { paging: nextUrlPaging('next'), itemsPath: 'items' }
    assert.deepEqual(await collect('/none', options), [[]])
    await assert.rejects(collect('/omitted', options), { kind: 'SchemaIncompatible', message: /at items/ })
    assert.deepEqual(await collect('/omitted', { ...options, optionalItems: true }), [[]])
  })
  it('gets over a page that was cut in the middle', async () => {
    server.inject(async ({ count }, answer) =>
      count === 1 ? { ...(await answer()), cutAfter: 10 } : undefined,
    )
    const options = { paging: nextUrlPaging('next'), itemsPath: 'items' }
    assert.deepEqual((await collect('/next', options)).flat(), ITEMS)
  })
})
