import assert from 'node:assert/strict'
import type { SecretStore } from '../contract.js'
import { createHttpClient, type OwnedHttpClient } from '../http/create-client.js'
import { createFaultServer, type FaultServer } from '../testing/fault-server.js'
import { oauth2ClientCredentials, oauth2Refresh } from './oauth2.js'
import { apiKeyAuth, basicAuth, bearerAuth } from './static.js'

describe('fixed credentials', () => {
  it('go where the vendor wants them and leave the rest alone', async () => {
    const request = { headers: { accept: 'a/b' }, params: { q: 1 } }
    assert.deepEqual(
      await Promise.all(
        [
          apiKeyAuth({ header: 'X-Key', value: 'k' }),
          apiKeyAuth({ query: 'key', value: 'k' }),
          bearerAuth('t'),
          basicAuth('ü', 'p:w'),
        ].map((auth) => auth.apply(request)),
      ),
      [
        { headers: { accept: 'a/b', 'X-Key': 'k' }, params: { q: 1 } },
        { headers: { accept: 'a/b' }, params: { q: 1, key: 'k' } },
        { headers: { accept: 'a/b', Authorization: 'Bearer t' }, params: { q: 1 } },
        { headers: { accept: 'a/b', Authorization: 'Basic w7w6cDp3' }, params: { q: 1 } },
      ],
    )
  })
})

describe('OAuth 2.0', () => {
  let server: FaultServer
  let http: OwnedHttpClient
  let now = 0
  /** Refresh tokens that the server accepts: each works once. */
  let valid: string
  let kept: Map<string, string>
  const order: string[] = []

  const secrets: SecretStore = {
    get: async (key) => kept.get(key),
    update: async (key, value) => {
      order.push('kept')
      kept.set(key, value)
    },
  }
  const endpoint = () => ({
    tokenUrl: `${server.url}/token`,
    clientId: 'client',
    clientSecret: 's3cret',
    http,
    now: () => now,
  })
  const refresh = (refreshToken = 'r0') => oauth2Refresh({ ...endpoint(), refreshToken, secrets })
  const tokenOf = async (auth: { apply(request: object): Promise<{ headers?: unknown }> }) =>
    (await auth.apply({})).headers

  before(async () => {
    server = await createFaultServer({
      'POST /token': ({ body, count }) => {
        const form = new URLSearchParams(body)
        order.push('asked')
        if (form.get('grant_type') === 'client_credentials') {
          return { body: { access_token: `c${count}`, expires_in: 3600 } }
        }
        if (form.get('refresh_token') !== valid) {
          return { status: 400, body: { error: 'invalid_grant', error_description: `token ${body}` } }
        }
        valid = `r${Number(valid.slice(1)) + 1}`
        return { body: { access_token: `a${valid}`, refresh_token: valid, expires_in: '3600' } }
      },
    })
    http = createHttpClient({
      signal: new AbortController().signal,
      log: { debug() {}, info() {}, warn() {} },
      allowPrivateAddresses: true,
      random: () => 0,
    })
  })
  beforeEach(() => {
    server.reset()
    valid = 'r0'
    kept = new Map()
    now = 0
    order.length = 0
  })
  after(async () => {
    http.close()
    await server.close()
  })

  it('asks for a client’s token once, and again shortly before it expires', async () => {
    const auth = oauth2ClientCredentials({ ...endpoint(), parameters: { scope: 'read' } })
    assert.deepEqual(await Promise.all([tokenOf(auth), tokenOf(auth)]), [
      { Authorization: 'Bearer c0' },
      { Authorization: 'Bearer c0' },
    ])
    now = 3_539_000
    assert.deepEqual(await tokenOf(auth), { Authorization: 'Bearer c0' })
    now = 3_540_000
    assert.deepEqual(await tokenOf(auth), { Authorization: 'Bearer c1' })
    assert.deepEqual(Object.fromEntries(new URLSearchParams(server.requests[0]?.body)), {
      grant_type: 'client_credentials',
      scope: 'read',
      client_id: 'client',
      client_secret: 's3cret',
    })
  })
  it('proves the client by HTTP Basic where the vendor wants it', async () => {
    await tokenOf(oauth2ClientCredentials({ ...endpoint(), clientAuthentication: 'basic' }))
    const [request] = server.requests
    assert.equal(request?.headers.authorization, `Basic ${btoa('client:s3cret')}`)
    assert.equal(request?.body, 'grant_type=client_credentials')
  })
  it('keeps a rotated refresh token before it uses the access token, and goes on from it', async () => {
    assert.deepEqual(await tokenOf(refresh()), { Authorization: 'Bearer ar1' })
    order.push('used')
    assert.deepEqual(order, ['asked', 'kept', 'used'])
    assert.deepEqual(await tokenOf(refresh()), { Authorization: 'Bearer ar2' })
  })
  it('does not use a token whose successor could not be kept', async () => {
    const auth = oauth2Refresh({
      ...endpoint(),
      refreshToken: 'r0',
      secrets: { ...secrets, update: () => Promise.reject(new Error('disk full')) },
    })
    await assert.rejects(auth.apply({}), { message: 'disk full' })
  })
  it('renews once for all slices of a process', async () => {
    const tokens = await Promise.all([1, 2, 3].map(() => tokenOf(refresh())))
    assert.deepEqual(tokens, Array(3).fill({ Authorization: 'Bearer ar1' }))
    assert.equal(server.requests.length, 1)
  })
  it('renews on demand after a 401', async () => {
    const auth = refresh()
    await auth.apply({})
    assert.equal(await auth.refresh?.(), true)
    assert.deepEqual(await tokenOf(auth), { Authorization: 'Bearer ar2' })
  })
  it('prefers a new token in the config over the kept one of an older authorization', async () => {
    await tokenOf(refresh())
    valid = 'r50'
    assert.deepEqual(await tokenOf(refresh('r50')), { Authorization: 'Bearer ar51' })
  })
  it('goes on with the token that another process has rotated to meanwhile', async () => {
    await tokenOf(refresh())
    const newest = kept.get('refresh_token')!
    kept.clear()
    const reads = [undefined, newest]
    const auth = oauth2Refresh({
      ...endpoint(),
      refreshToken: 'r0',
      secrets: { ...secrets, get: async () => reads.shift() },
    })
    assert.deepEqual(await tokenOf(auth), { Authorization: 'Bearer ar2' })
  })
  it('says AuthExpired for a revoked grant, without a word of what was sent or answered', async () => {
    valid = 'r9'
    await assert.rejects(refresh().apply({}), (error: Error & { kind?: string }) => {
      assert.equal(error.kind, 'AuthExpired')
      assert.match(error.message, /answered invalid_grant; .* authorize again/)
      assert.doesNotMatch(error.message, /r0|s3cret|description/)
      return true
    })
  })
  const errors: [string, object, string][] = [
    ['an unknown client', { status: 401, body: { error: 'invalid_client' } }, 'ConfigInvalid'],
    ['a wrong scope', { status: 400, body: { error: 'invalid_scope' } }, 'ConfigInvalid'],
    ['an answer without a token', { body: {} }, 'ConfigInvalid'],
    ['a page of HTML', { status: 400, body: '<html>' }, 'ConfigInvalid'],
    ['a server fault', { status: 500 }, 'SourceUnavailable'],
    ['a rate limit', { status: 429, headers: { 'retry-after': '60' } }, 'RateLimited'],
  ]
  for (const [name, response, kind] of errors) {
    it(`says ${kind} for ${name}`, async () => {
      server.inject(() => response)
      await assert.rejects(refresh().apply({}), { kind })
    })
  }
})
