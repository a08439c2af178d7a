import assert from 'node:assert/strict'
import type { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { Auth } from '../auth/auth.js'
import { bearerAuth } from '../auth/static.js'
import { ConnectorError, type ConnectorErrorKind } from '../errors.js'
import { createRedactor } from '../redaction.js'
import { createFaultServer, type FaultResponse, type FaultServer } from '../testing/fault-server.js'
import type { HttpOptions } from './client.js'
import { createHttpClient, type HttpRuntime, type OwnedHttpClient } from './create-client.js'

describe('createHttpClient', () => {
  let server: FaultServer
  let elsewhere: FaultServer
  const clients: OwnedHttpClient[] = []
  const logged: unknown[] = []
  const log = {
    debug: (message: string, fields?: object) => void logged.push({ message, ...fields }),
    info() {},
    warn() {},
  }

  const client = (options: Partial<HttpOptions & HttpRuntime> = {}): OwnedHttpClient => {
    const created = createHttpClient({
      baseUrl: server.url,
      signal: new AbortController().signal,
      log,
      allowPrivateAddresses: true,
      random: () => 0,
      ...options,
    })
    clients.push(created)
    return created
  }

  /** The error of a request whose n-th try is answered by the n-th response, the last one over and over. */
  const failWith = async (responses: FaultResponse[], options: Partial<HttpOptions & HttpRuntime> = {}) => {
    server.inject(({ count }) => responses[Math.min(count, responses.length - 1)])
    const error = await client(options)
      .get('/orders')
      .then(
        () => assert.fail('the request went through'),
        (thrown: unknown) => thrown,
      )
    assert.ok(error instanceof ConnectorError, String(error))
    return error
  }

  before(async () => {
    server = await createFaultServer({
      '/orders': () => ({ body: [{ id: 1 }] }),
      '/base/orders': () => ({ body: 'below' }),
      '/echo': ({ method, headers, query, body }) => ({
        body: { method, headers, query: Object.fromEntries(query), body },
      }),
    })
    elsewhere = await createFaultServer({
      '/echo': ({ method, headers, query, body }) => ({
        body: { method, headers, query: Object.fromEntries(query), body },
      }),
    })
  })
  afterEach(() => {
    server.reset()
    elsewhere.reset()
    logged.length = 0
    for (const created of clients.splice(0)) created.close()
  })
  after(async () => {
    await server.close()
    await elsewhere.close()
  })

  describe('answers', () => {
    it('gives the JSON body of a GET', async () => {
      assert.deepEqual(await client().get('/orders'), [{ id: 1 }])
    })
    it('joins paths below the base URL, with the query of both', async () => {
      const http = client({ baseUrl: `${server.url}/base/` })
      assert.equal(await http.get('orders'), 'below')
      assert.equal(await http.get('/orders'), 'below')
      const { query } = (await client().get('/echo?a=1', { b: 'ü &' })) as { query: object }
      assert.deepEqual(query, { a: '1', b: 'ü &' })
    })
    it('sends JSON and the default headers', async () => {
      const http = client({ headers: { 'x-version': '2' } })
      const echo = (await http.post('/echo', { a: 'ü' })) as Record<string, Record<string, string>>
      assert.deepEqual(
        [echo.method, echo.body, echo.headers?.['content-type'], echo.headers?.['x-version']],
        ['POST', '{"a":"ü"}', 'application/json', '2'],
      )
    })
    it('gives text as text, bytes as bytes, nothing as undefined', async () => {
      server.inject(({ query }) => ({ body: query.get('empty') ? '' : 'a,b\n1,2\n' }))
      assert.equal(await client().get('/csv'), 'a,b\n1,2\n')
      assert.equal(await client().get('/csv', { empty: 1 }), undefined)
      const bytes = await client().request({ url: '/csv', responseType: 'arraybuffer' })
      assert.deepEqual(bytes.data, Buffer.from('a,b\n1,2\n'))
    })
    it('streams a body and decompresses it', async () => {
      server.inject(() => ({ headers: { 'content-encoding': 'gzip' }, body: gzipSync('long text') }))
      const { data } = await client().request<Readable>({ url: '/file', responseType: 'stream' })
      assert.equal(Buffer.concat(await data.toArray()).toString(), 'long text')
    })
    it('leaves statuses that the request accepts to the caller', async () => {
      server.inject(() => ({ status: 404, body: { code: 'none' } }))
      const response = await client().request({ url: '/orders', validateStatus: (status) => status === 404 })
      assert.deepEqual([response.status, response.data], [404, { code: 'none' }])
    })
    it('keeps no trace of the credentials in the response', async () => {
      const response = await client({ auth: bearerAuth('the-token') }).request({ url: '/orders' })
      assert.ok(!JSON.stringify({ ...response, headers: response.headers }).includes('the-token'))
      assert.equal(response.request, undefined)
    })
  })

  describe('failures', () => {
    const cases: [string, FaultResponse[], ConnectorErrorKind, RegExp, number][] = [
      ['400', [{ status: 400 }], 'ConfigInvalid', /answered 400; the source rejects/, 1],
      ['401', [{ status: 401 }], 'AuthExpired', /renew the credential/, 1],
      ['402', [{ status: 402 }], 'PermissionDenied', /paid/, 1],
      ['403', [{ status: 403 }], 'PermissionDenied', /the right/, 1],
      ['404', [{ status: 404 }], 'ConfigInvalid', /nothing at this address/, 1],
      ['405', [{ status: 405 }], 'ContractViolation', /report it/, 1],
      ['410', [{ status: 410 }], 'CursorLost', /reset the stream/, 1],
      ['500', [{ status: 500 }], 'SourceUnavailable', /has a fault/, 5],
      ['501', [{ status: 501 }], 'SourceUnavailable', /has a fault/, 1],
      ['503', [{ status: 503 }], 'SourceUnavailable', /has a fault/, 5],
      ['429', [{ status: 429 }], 'RateLimited', /fewer requests/, 5],
      ['a cut body', [{ body: { a: 'long enough' }, cutAfter: 5 }], 'SourceUnavailable', /cut off/, 5],
      [
        'a cut gzip body',
        [{ body: gzipSync('{"a":1}'), headers: { 'content-encoding': 'gzip' }, cutAfter: 12 }],
        'SourceUnavailable',
        /cut off/,
        5,
      ],
      ['a connection that is hung up', [{ hangUp: true }], 'NetworkError', /broke/, 5],
      [
        'malformed JSON',
        [{ body: '{"a":', headers: { 'content-type': 'application/json' } }],
        'SourceUnavailable',
        /not the JSON/,
        5,
      ],
    ]
    for (const [name, responses, kind, message, tries] of cases) {
      it(`turns ${name} into ${kind} after ${tries} ${tries === 1 ? 'try' : 'tries'}`, async () => {
        const error = await failWith(responses)
        assert.equal(error.kind, kind)
        assert.match(error.message, /^requesting GET 127\.0\.0\.1:\d+\/orders: /)
        assert.match(error.message, message)
        assert.equal(error.cause, undefined)
        assert.equal(server.requests.length, tries)
      })
    }
    const passing: [string, FaultResponse][] = [
      ['500', { status: 500 }],
      ['429 with Retry-After 0', { status: 429, headers: { 'retry-after': '0' } }],
      ['429 without Retry-After', { status: 429 }],
      ['a cut body', { body: { a: 'long enough' }, cutAfter: 5 }],
      ['a hang-up', { hangUp: true }],
      ['malformed JSON', { body: '[{', headers: { 'content-type': 'application/json' } }],
    ]
    for (const [name, response] of passing) {
      it(`gets over ${name} once`, async () => {
        server.inject(({ count }) => (count === 0 ? response : undefined))
        assert.deepEqual(await client().get('/orders'), [{ id: 1 }])
        assert.equal(server.requests.length, 2)
      })
    }
    it('keeps the vendor’s request id and status', async () => {
      const error = await failWith([{ status: 403, headers: { 'x-request-id': 'req-17' } }])
      assert.deepEqual([error.code, error.requestId], ['403', 'req-17'])
    })
    it('throws a wait that is too long as RateLimited, at once', async () => {
      const error = await failWith([{ status: 429, headers: { 'retry-after': '3600' } }], { now: () => 1000 })
      assert.deepEqual([error.kind, error.until, server.requests.length], ['RateLimited', 3_601_000, 1])
    })
    it('throws a 503 that asks for a long wait as RateLimited', async () => {
      const error = await failWith([{ status: 503, headers: { 'retry-after': '60' } }], { now: () => 0 })
      assert.deepEqual([error.kind, error.until, error.code], ['RateLimited', 60_000, '503'])
    })
    it('takes a 403 with a used-up quota for a rate limit', async () => {
      const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '600' }
      assert.equal((await failWith([{ status: 403, headers }])).kind, 'RateLimited')
    })
    it('says when a limit without an end is expected to end', async () => {
      const error = await failWith([{ status: 429 }], { now: () => 0 })
      assert.equal(error.until, 60_000)
    })
    it('repeats a POST only when it was not carried out or is declared idempotent', async () => {
      const tries = async (response: FaultResponse, idempotent?: boolean) => {
        server.reset()
        server.inject(() => response)
        const request = { method: 'POST', url: '/orders', ...(idempotent ? { idempotent } : {}) }
        await assert.rejects(client({ maxAttempts: 3 }).request(request))
        return server.requests.length
      }
      assert.deepEqual(
        [
          await tries({ status: 500 }),
          await tries({ hangUp: true }),
          await tries({ status: 429 }),
          await tries({ status: 503 }),
          await tries({ status: 500 }, true),
        ],
        [1, 1, 3, 3, 3],
      )
    })
    it('lets the connector judge a vendor’s own way of failing', async () => {
      const classify: HttpOptions['classify'] = ({ body }) =>
        (body as { error?: string }).error === 'ratelimited' ? 'RateLimited' : undefined
      server.inject(({ count }) => (count === 0 ? { body: { error: 'ratelimited' } } : undefined))
      assert.deepEqual(await client({ classify }).get('/orders'), [{ id: 1 }])
    })
    it('gives up on a server that does not answer in time', async () => {
      const error = await failWith([{ delayMs: 2000 }], { timeoutMs: 30, maxAttempts: 1 })
      assert.deepEqual([error.kind, error.code], ['SourceUnavailable', 'ERR_TIMED_OUT'])
    })
    it('refuses a body above the cap, also when it is small on the wire', async () => {
      const body = gzipSync(Buffer.alloc(100_000, 'a'))
      const error = await failWith([{ body, headers: { 'content-encoding': 'gzip' } }], {
        maxResponseBytes: 50_000,
      })
      assert.equal(error.kind, 'ContractViolation')
      assert.match(error.message, /smaller pages/)
    })
    it('says that a refused connection or an unknown host is the network’s', async () => {
      const gone = await createFaultServer({})
      await gone.close()
      await assert.rejects(client({ maxAttempts: 1 }).get(gone.url), {
        kind: 'SourceUnavailable',
        code: 'ECONNREFUSED',
      })
      await assert.rejects(client().get('http://name.invalid/'), (error) => {
        assert.ok(error instanceof ConnectorError)
        assert.ok(error.kind === 'NetworkError', error.message)
        return true
      })
    })
    it('refuses addresses that are not of the web and relative ones without a base', async () => {
      await assert.rejects(client().get('file:///etc/passwd'), { kind: 'ConfigInvalid' })
      assert.throws(() => client({ baseUrl: 'nonsense' }), { kind: 'ConfigInvalid' })
      const rest = { signal: new AbortController().signal, log }
      await assert.rejects(createHttpClient(rest).get('/orders'), { kind: 'ContractViolation' })
    })
  })

  describe('credentials', () => {
    it('refreshes once after a 401, then says AuthExpired', async () => {
      let token = 'old'
      let refreshes = 0
      const auth: Auth = {
        apply: async (request) => bearerAuth(token).apply(request),
        refresh: async () => {
          refreshes += 1
          token = 'new'
          return true
        },
      }
      server.inject(({ headers }) =>
        headers.authorization === 'Bearer new' ? undefined : { status: 401, body: {} },
      )
      assert.deepEqual(await client({ auth }).get('/orders'), [{ id: 1 }])
      server.inject(() => ({ status: 401 }))
      await assert.rejects(client({ auth }).get('/orders'), { kind: 'AuthExpired' })
      assert.deepEqual([refreshes, server.requests.length], [2, 4])
    })
    it('sends them to the base URL’s origin only', async () => {
      const http = client({ auth: bearerAuth('secret-token') })
      const other = (await http.get(`${elsewhere.url}/echo`)) as { headers: Record<string, string> }
      assert.equal(other.headers.authorization, undefined)
      const own = (await http.get(`${server.url}/echo`)) as { headers: Record<string, string> }
      assert.equal(own.headers.authorization, 'Bearer secret-token')
    })
    it('drops them, and the connector’s own headers, on a redirect to another origin', async () => {
      server.inject(({ path }) =>
        path === '/away' ? { status: 302, headers: { location: `${elsewhere.url}/echo` } } : undefined,
      )
      const http = client({ auth: bearerAuth('secret-token'), headers: { 'x-api-key': 'k', accept: 'a/b' } })
      const { headers } = (await http.get('/away')) as { headers: Record<string, string> }
      assert.deepEqual(
        [headers.authorization, headers['x-api-key'], headers.accept],
        [undefined, undefined, 'a/b'],
      )
    })
    it('keeps them on a redirect within the origin, and makes a GET of a redirected POST', async () => {
      server.inject(({ path }) =>
        path === '/moved' ? { status: 303, headers: { location: '/echo?x=1' } } : undefined,
      )
      const http = client({ auth: bearerAuth('secret-token') })
      const echo = (await http.post('/moved', { a: 1 })) as Record<string, Record<string, string>>
      assert.deepEqual(
        [echo.method, echo.body, echo.query, echo.headers?.authorization, echo.headers?.['content-type']],
        ['GET', '', { x: '1' }, 'Bearer secret-token', undefined],
      )
    })
    it('sends no body across origins, follows no circle, and nothing but http', async () => {
      const locations: Record<string, string> = {
        '/away': `${elsewhere.url}/echo`,
        '/circle': '/circle',
        '/file': 'file:///etc/passwd',
      }
      server.inject(({ path }) => ({ status: 307, headers: { location: locations[path]! } }))
      await assert.rejects(client().post('/away', { password: 'p' }), { message: /body to another origin/ })
      await assert.rejects(client().get('/circle'), { message: /redirects without end/ })
      await assert.rejects(client().get('/file'), { message: /no web address/ })
      assert.equal(elsewhere.requests.length, 0)
    })
  })

  describe('addresses', () => {
    it('refuses loopback by number, by name and by redirect unless it is allowed', async () => {
      const port = new URL(server.url).port
      const guarded = client({ allowPrivateAddresses: false })
      for (const host of ['127.0.0.1', 'localhost', '2130706433', '[::ffff:127.0.0.1]']) {
        await assert.rejects(guarded.get(`http://${host}:${port}/orders`), {
          kind: 'ConfigInvalid',
          message: /not public/,
        })
      }
      server.inject(() => ({ status: 302, headers: { location: `http://127.0.0.2:${port}/orders` } }))
      await assert.rejects(client({ allowPrivateAddresses: ['127.0.0.1'] }).get('/orders'), {
        message: /connecting to 127\.0\.0\.2: .* not public/,
      })
      assert.equal(server.requests.length, 1)
    })
  })

  describe('ending', () => {
    it('ends a request, a wait for a retry and a wait for a slot when the signal aborts', async () => {
      const reason = new Error('cancelled')
      const aborting = async (prepare: (http: OwnedHttpClient) => Promise<unknown>, options = {}) => {
        const controller = new AbortController()
        const pending = prepare(client({ signal: controller.signal, ...options }))
        const rejected = assert.rejects(pending, reason)
        while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve))
        controller.abort(reason)
        await rejected
        server.reset()
      }
      server.inject(() => ({ delayMs: 5000 }))
      await aborting((http) => http.get('/orders'))
      server.inject(() => ({ status: 500 }))
      await aborting((http) => http.get('/orders'), { random: () => 0.999, maxWaitMs: 60_000 })
      server.inject(() => ({ delayMs: 5000 }))
      await aborting(
        async (http) => {
          const first = http.get('/orders').catch(() => {})
          const second = http.get('/orders')
          await first
          await second
        },
        { concurrency: 1 },
      )
      await assert.rejects(client({ signal: AbortSignal.abort(reason) }).get('/orders'), reason)
      assert.equal(server.requests.length, 0)
    })
    it('ends a streamed body when the signal aborts', async () => {
      const controller = new AbortController()
      const reason = new Error('cancelled')
      server.inject(() => ({ body: Buffer.alloc(5_000_000) }))
      const http = client({ signal: controller.signal })
      const { data } = await http.request<Readable>({ url: '/file', responseType: 'stream' })
      controller.abort(reason)
      await assert.rejects(data.toArray(), reason)
    })
    it('reuses connections and closes them', async () => {
      const http = client()
      for (let i = 0; i < 5; i++) await http.get('/orders')
      assert.equal(await server.openConnections(), 1)
      http.close()
      while ((await server.openConnections()) > 0) await new Promise((resolve) => setImmediate(resolve))
    })
    it('keeps to its concurrency', async () => {
      let now = 0
      let most = 0
      server.inject(async (_, answer) => {
        most = Math.max(most, ++now)
        await new Promise((resolve) => setTimeout(resolve, 5))
        now -= 1
        return answer()
      })
      const http = client({ concurrency: 3 })
      await Promise.all(Array.from({ length: 12 }, () => http.get('/orders')))
      assert.equal(most, 3)
    })
  })

  describe('what is seen of it', () => {
    it('logs each try without query, and counts it by status', async () => {
      const metrics: unknown[] = []
      server.inject(({ count }) => (count === 0 ? { status: 500 } : undefined))
      await client({ onRequest: ({ method, status }) => metrics.push([method, status]) }).get('/orders', {
        key: 'secret',
      })
      const host = new URL(server.url).host
      const line = { message: 'http request', method: 'GET', host, path: '/orders' }
      assert.deepEqual(
        logged.map((entry) => ({ ...(entry as object), durationMs: undefined })),
        [
          { ...line, status: 500, attempt: 1, durationMs: undefined },
          { ...line, status: 200, attempt: 2, durationMs: undefined },
        ],
      )
      assert.deepEqual(metrics, [
        ['GET', 500],
        ['GET', 200],
      ])
    })
    it('never shows a secret in an error or a log, whatever goes wrong', async function () {
      this.timeout(60_000)
      const faults: FaultResponse[] = [
        { status: 400, body: {} },
        { status: 401 },
        { status: 403 },
        { status: 429, headers: { 'retry-after': '900' } },
        { status: 500 },
        { status: 302, headers: { location: 'ftp://x/' } },
        { hangUp: true },
        { body: { a: 1 }, cutAfter: 1 },
        { body: '{', headers: { 'content-type': 'application/json' } },
        { delayMs: 200 },
      ]
      const secret = fc.string({ minLength: 4, maxLength: 40, unit: 'grapheme' }).map((text) => `Zq7${text}`)
      await fc.assert(
        fc.asyncProperty(secret, fc.constantFrom(...faults), async (value, fault) => {
          server.reset()
          logged.length = 0
          // The worst vendor: it sends back everything that it was sent.
          server.inject(() => ({
            ...fault,
            headers: { 'x-request-id': encodeURIComponent(value), ...fault.headers },
          }))
          const http = client({
            redact: createRedactor([value]),
            headers: { 'x-key': encodeURIComponent(value) },
            timeoutMs: 20,
            maxAttempts: 2,
          })
          const error = await http
            .request({
              method: 'POST',
              url: `/bot/${encodeURIComponent(value)}/send`,
              params: { token: value },
              data: { password: value },
            })
            .catch((thrown: unknown) => thrown)
          assert.ok(error instanceof ConnectorError)
          const { message, stack, cause, code, requestId } = error
          const seen = JSON.stringify([message, stack, cause, code, requestId, logged])
          for (const form of [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]) {
            assert.ok(!seen.includes(form), `${form} is in ${seen}`)
          }
        }),
        { numRuns: 100 },
      )
    })
  })
})
