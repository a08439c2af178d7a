import assert from 'node:assert/strict'
import { checkDestination, isConnectorError } from '@tributary/connector-sdk'
import destinationPackage from '@tributary/destination-klaviyo'
import { batchOf, type Harness, harness, person } from './harness.js'
import { type KlaviyoServer, startKlaviyo } from './klaviyo-server.js'

describe('Klaviyo faults', () => {
  let klaviyo: KlaviyoServer
  let destination: Harness
  before(async () => {
    klaviyo = await startKlaviyo()
    destination = harness(klaviyo)
  })
  afterEach(() => {
    destination.close()
    klaviyo.reset()
  })
  after(() => klaviyo.close())

  const failure = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => assert.fail('it went through'),
      (thrown: unknown) => thrown,
    )
    assert.ok(isConnectorError(error), String(error))
    return error
  }
  const batch = batchOf('upsert', [person(1)])

  it('says which account answered, where the key may know', async () => {
    assert.equal(await checkDestination(destinationPackage, destination.context()), undefined)
    klaviyo.options.scopes.add('accounts:read')
    assert.equal(await checkDestination(destinationPackage, destination.context()), 'Acme Shop (AbC123)')
  })

  it('tells a false key', async () => {
    const error = await failure(destinationPackage.check(destination.context({ api_key: 'pk_false' })))
    assert.deepEqual(
      [error.kind, error.code, error.requestId],
      ['AuthExpired', 'not_authenticated', '360c1a11-cc3b-4f6c-b1a8-3cfbacd77c2f'],
    )
    assert.doesNotMatch(error.message, /pk_/)
  })

  it('tells a key that may not write', async () => {
    const object = await destination.object('profiles')
    klaviyo.options.scopes.delete('profiles:write')
    const error = await failure(object.write(destination.context(), batch))
    assert.deepEqual([error.kind, error.code], ['PermissionDenied', 'permission_denied'])
    assert.match(error.message, /make a key with the scopes .*profiles:write and resume$/)
  })

  const limits: [string, Record<string, string>, number][] = [
    ['as long as Retry-After says', { 'Retry-After': '42' }, 42_000],
    ['until the window of RateLimit-Reset is over', { 'RateLimit-Reset': '42' }, 42_000],
  ]
  for (const [what, headers, waitMs] of limits) {
    it(`waits ${what}`, async () => {
      const object = await destination.object('profiles')
      const body = { errors: [{ code: 'throttled', title: 'Request was throttled.' }] }
      klaviyo.server.inject(() => ({ status: 429, headers, body }))
      const before = Date.now()
      const error = await failure(object.write(destination.context(), batch))
      assert.equal(error.kind, 'RateLimited')
      // The server's clock is told by the second.
      assert.ok(error.until! >= before + waitMs - 1_000 && error.until! <= Date.now() + waitMs + 1_000)
    })
  }

  it('waits in the middle of a job, and goes on with it', async () => {
    const object = await destination.object('profiles')
    const begun = await object.write(destination.context(), batch)
    assert.ok('job' in begun)
    let limited = true
    klaviyo.server.inject(() => (limited ? { status: 429, headers: { 'Retry-After': '42' } } : undefined))
    const error = await failure(object.poll!(destination.context(), batch, begun.job))
    assert.equal(error.kind, 'RateLimited')
    limited = false
    klaviyo.account.advance()
    klaviyo.account.advance()
    assert.deepEqual(await object.poll!(destination.context(), batch, begun.job), {
      results: [{ status: 'ok' }],
    })
  })

  it('asks again after a fault of the server that came when it had acted already', async () => {
    let faults = 2
    klaviyo.server.inject(async (request, answer) => {
      if (request.method === 'GET' || faults === 0) return undefined
      faults--
      await answer()
      return { status: 500, body: { errors: [{ code: 'error' }] } }
    })
    const { results } = await destination.deliver('list:LAPSED', 'upsert', [person(1)])
    assert.deepEqual(results, [{ status: 'ok' }])
    assert.equal(klaviyo.account.profiles.size, 1)
  })

  it('sends the revision that it was written for with every request', async () => {
    await destination.deliver('list:LAPSED', 'upsert', [person(1)])
    assert.deepEqual(
      [...new Set(klaviyo.server.requests.map(({ headers }) => headers.revision))],
      ['2026-07-15'],
    )
  })
})
