import { deepEqual, equal, match } from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { startTestServer, type TestServer, type TestSession } from './testing/test-server.js'

describe('the server', function () {
  this.timeout(120_000)
  let folder: string
  let server: TestServer
  let ada: TestSession
  let port: number

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-page-'))
    await mkdir(join(folder, 'web', 'assets'), { recursive: true })
    await writeFile(join(folder, 'secret.txt'), 'nobody may read this')
    await writeFile(join(folder, 'web', 'index.html'), '<!doctype html><title>the page</title>')
    await writeFile(join(folder, 'web', 'assets', 'main-1a2b3c.js'), 'run()')
    await writeFile(join(folder, 'web', '.hidden'), 'nobody may read this')
    server = await startTestServer({
      pageDir: join(folder, 'web'),
      patience: { headersMs: 200, requestMs: 400, checkEveryMs: 50 },
    })
    ada = await server.signIn('marketer')
    await server.app.listen({ host: '127.0.0.1', port: 0 })
    port = (server.app.server.address() as AddressInfo).port
  })
  after(async () => {
    await server?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const get = (url: string) => server.app.inject({ method: 'GET', url })

  describe('serves the page', () => {
    it('under every address that the page may have, asked for anew each time', async () => {
      for (const url of ['/', '/segments/lapsed', '/sign-in', '/profiles/p1?tab=timeline']) {
        const { statusCode, headers, body } = await get(url)
        deepEqual(
          [statusCode, headers['content-type'], headers['cache-control'], body],
          [200, 'text/html; charset=utf-8', 'no-cache', '<!doctype html><title>the page</title>'],
          url,
        )
      }
    })

    it('also where a name has a dot, to whoever wants a page', async () => {
      const ask = (url: string) =>
        server.app.inject({ method: 'GET', url, headers: { accept: 'text/html,*/*;q=0.8' } })
      equal((await ask('/sources/shop/public.orders')).statusCode, 200)
      equal((await get('/favicon.ico')).statusCode, 404)
      equal((await ask('/assets/gone-1a2b.js')).statusCode, 404)
      equal((await ask('/api/v1/nothing')).statusCode, 404)
    })

    it('with files whose names say their content, for ever', async () => {
      const { headers, body } = await get('/assets/main-1a2b3c.js')
      deepEqual(
        [headers['content-type'], headers['cache-control'], body],
        ['application/javascript; charset=utf-8', 'public, max-age=31536000, immutable', 'run()'],
      )
    })

    it('and no file outside', async () => {
      for (const url of [
        '/../secret.txt',
        '/assets/../../secret.txt',
        '/%2e%2e/secret.txt',
        '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
        '/..%5csecret.txt',
        '/assets/..%00/secret.txt',
        '//etc/passwd.txt',
        '/.hidden',
        '/assets/none.js',
      ]) {
        // As it is written: a client would make the address straight first.
        const answer = await raw(`GET ${url} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
        equal(/nobody may read|root:/.test(answer), false, url)
        match(answer, /^HTTP\/1\.1 (400|403|404) /, `${url}: ${answer.slice(-300)}`)
      }
    })

    it('and everything else with headers that let nothing in, however it is refused', async () => {
      const cases: readonly (readonly [url: string, status: number, headers?: Record<string, string>])[] = [
        ['/healthz', 200],
        ['/assets/main-1a2b3c.js', 200],
        ['/api/v1/session', 401],
        ['/api/v1/session', 403, { host: 'evil.example' }],
        ['/api/v1/nothing', 404],
        ['/api/v1/segments/%zz', 400],
      ]
      for (const [url, status, headers = {}] of cases) {
        const answer = await server.app.inject({ method: 'GET', url, headers })
        deepEqual(
          [
            answer.statusCode,
            /^default-src 'none'/.test(String(answer.headers['content-security-policy'])),
            answer.headers['x-content-type-options'],
            answer.headers['x-frame-options'],
          ],
          [status, true, 'nosniff', 'DENY'],
          url.slice(0, 40),
        )
      }
    })

    it('with headers that let nothing else in', async () => {
      const { headers } = await get('/')
      deepEqual(
        {
          policy: headers['content-security-policy'],
          frames: headers['x-frame-options'],
          sniffing: headers['x-content-type-options'],
          referrer: headers['referrer-policy'],
          opener: headers['cross-origin-opener-policy'],
          resources: headers['cross-origin-resource-policy'],
        },
        {
          policy:
            "default-src 'none';script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data:;font-src 'self';connect-src 'self';manifest-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none';object-src 'none'",
          frames: 'DENY',
          sniffing: 'nosniff',
          referrer: 'no-referrer',
          opener: 'same-origin',
          resources: 'same-origin',
        },
      )
    })
  })

  describe('sends what is long', () => {
    const ask = (url: string, accepted: string) =>
      ada.send({ method: 'GET', url, headers: { 'accept-encoding': accepted } })
    const LONG = '/api/v1/openapi.json'
    const SHORT = '/api/v1/destinations'
    const cases: readonly (readonly [url: string, accepted: string, encoding: string | undefined])[] = [
      [LONG, 'gzip', 'gzip'],
      [LONG, 'br, gzip;q=0.5, *;q=0', 'gzip'],
      [LONG, 'gzip;q=0, br', undefined],
      [LONG, 'x-gzip-like', undefined],
      [LONG, '', undefined],
      [SHORT, 'gzip', undefined],
    ]
    for (const [url, accepted, encoding] of cases) {
      it(`as ${encoding ?? 'it is'} to who takes "${accepted}" of ${url}`, async () => {
        const { statusCode, headers, rawPayload } = await ask(url, accepted)
        deepEqual([statusCode, headers['content-encoding']], [200, encoding])
        const plain = encoding === undefined ? rawPayload : gunzipSync(rawPayload)
        deepEqual(JSON.parse(plain.toString('utf8')), JSON.parse((await ask(url, 'identity')).body))
      })
    }
  })

  describe('takes no', () => {
    const put = (payload: string, type = 'application/json') =>
      ada.send({
        method: 'PUT',
        url: '/api/v1/secrets/A_SECRET',
        payload,
        headers: { 'content-type': type },
      })
    const nameOf = async (answer: ReturnType<typeof put>) => {
      const { statusCode, body } = await answer
      return [statusCode, (JSON.parse(body) as { error: { name: string } }).error.name]
    }

    it('body that is too large', async () => {
      deepEqual(await nameOf(put(JSON.stringify({ value: 'x'.repeat(1_100_000) }))), [413, 'BodyTooLarge'])
    })

    it('body that is no JSON', async () => {
      deepEqual(await nameOf(put('{"value": ')), [400, 'BodyUnreadable'])
      deepEqual(await nameOf(put('value=x', 'text/plain')), [415, 'BodyUnreadable'])
      deepEqual(await nameOf(put('')), [400, 'BodyUnreadable'])
    })

    it('body that would change what objects are', async () => {
      deepEqual(await nameOf(put('{"value": "x", "__proto__": {"role": "admin"}}')), [400, 'BodyUnreadable'])
      deepEqual(await nameOf(put('{"value": "x", "constructor": {"prototype": {}}}')), [
        400,
        'BodyUnreadable',
      ])
    })

    it('body that is deep or wide enough to keep it busy', async () => {
      const deep = '['.repeat(200_000) + ']'.repeat(200_000)
      deepEqual(await nameOf(put(`{"value": ${deep}}`)), [400, 'RequestInvalid'])
      const wide = `{${Array.from({ length: 60_000 }, (_, index) => `"k${index}":1`).join(',')}}`
      const answer = await put(wide)
      deepEqual([answer.statusCode, answer.body.length < 100_000], [400, true])
    })

    it('body that is deep, where any value is taken', async () => {
      const deep = '['.repeat(100_000) + ']'.repeat(100_000)
      const send = (method: 'POST' | 'PUT', url: string, payload: string) =>
        ada.send({ method, url, payload, headers: { 'content-type': 'application/json' } })
      deepEqual(
        [
          await nameOf(send('POST', '/api/v1/segments/check', `{"definition": ${deep}}`)),
          await nameOf(send('POST', '/api/v1/activations/check', `{"definition": ${deep}}`)),
          await nameOf(send('POST', '/api/v1/connectors/source-files/check', `{"config": {"a": ${deep}}}`)),
          await nameOf(
            send('PUT', '/api/v1/sources/x', `{"definition": {"connector": "a", "config": {"a": ${deep}}}}`),
          ),
        ],
        Array.from({ length: 4 }, () => [400, 'RequestInvalid']),
      )
    })

    it('words of a secret into its answers', async () => {
      const answer = await put(JSON.stringify({ value: { password: 'hunter2' }, hunter3: 1 }))
      deepEqual([answer.statusCode, answer.body.includes('hunter2')], [400, false])
    })

    it('request from somebody who sends it ever so slowly', async () => {
      // Neither ends its request; the server ends the connection.
      match(await raw('GET / HTTP/1.1\r\nHost: localhost\r\n'), /^(HTTP\/1\.1 408 |$)/)
      const body =
        'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{'
      match(await raw(body), /^(HTTP\/1\.1 408 |$)/)
    })

    it('damaged address, and says so as it says everything', async () => {
      const { statusCode, body } = await get('/api/v1/segments/%zz')
      deepEqual([statusCode, JSON.parse(body).error.name], [400, 'RequestInvalid'])
    })

    it('name that every object has for that of a file', async () => {
      const bob = await server.signIn('operator')
      for (const name of ['__proto__', 'constructor', 'toString']) {
        const answer = await bob.send({ method: 'GET', url: `/api/v1/workspace/files/${name}` })
        deepEqual([answer.statusCode, answer.json().error.name], [404, 'FileUnknown'], name)
      }
    })

    it('unknown address', async () => {
      const { statusCode, headers, body } = await get('/api/v1/nothing')
      deepEqual(
        [statusCode, headers['content-type'], JSON.parse(body).error.name],
        [404, 'application/json; charset=utf-8', 'RouteUnknown'],
      )
    })
  })

  /** What the server says to these bytes, until it ends the connection. */
  async function raw(bytes: string): Promise<string> {
    const socket = connect({ host: '127.0.0.1', port })
    await once(socket, 'connect')
    socket.write(bytes)
    return text(socket)
  }
})
