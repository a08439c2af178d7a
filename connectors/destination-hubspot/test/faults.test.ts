import assert from 'node:assert/strict'
import { checkDestination, isConnectorError } from '@tributary/connector-sdk'
import destinationPackage from '@tributary/destination-hubspot'
import { contact, type Harness, harness } from './harness.js'
import { type HubspotServer, startHubspot } from './hubspot-server.js'

const OK = { status: 'ok' }
const isUpsert = ({ path }: { readonly path: string }): boolean => path.endsWith('/batch/upsert')

describe('HubSpot faults', () => {
  let hubspot: HubspotServer
  let destination: Harness
  before(async () => {
    hubspot = await startHubspot()
    destination = harness(hubspot)
  })
  afterEach(() => {
    destination.close()
    hubspot.reset()
  })
  after(() => hubspot.close())

  const failure = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => assert.fail('it went through'),
      (thrown: unknown) => thrown,
    )
    assert.ok(isConnectorError(error), String(error))
    return error
  }

  it('says which account answered, and works where that is not told', async () => {
    assert.equal(await checkDestination(destinationPackage, destination.context()), 'Hub ID 123456, standard')
    hubspot.server.inject(({ path }) =>
      path.startsWith('/account-info') ? { status: 403, body: {} } : undefined,
    )
    assert.equal(await checkDestination(destinationPackage, destination.context()), undefined)
  })

  it('tells a false token', async () => {
    const config = { access_token: 'pat-na1-false' }
    const error = await failure(destinationPackage.check(destination.context(config)))
    assert.deepEqual(
      [error.kind, error.code, error.requestId],
      ['AuthExpired', 'INVALID_AUTHENTICATION', 'aeb5f871-7f07-4993-9211-075dc63e7cbf'],
    )
    assert.doesNotMatch(error.message, /pat-na1/)
  })

  it('names the scope that the token lacks', async () => {
    const contacts = await destination.object('contacts')
    hubspot.options.scopes.delete('crm.objects.contacts.write')
    const error = await failure(destination.write(contacts, 'upsert', [contact(1)]))
    assert.deepEqual([error.kind, error.code], ['PermissionDenied', 'MISSING_SCOPES'])
    assert.match(error.message, /give the key or app one of crm\.objects\.contacts\.write and resume$/)
  })

  it('lists what the token may see, and fails where that is nothing', async () => {
    const { scopes } = hubspot.options
    for (const scope of ['crm.objects.companies.read', 'crm.schemas.custom.read', 'crm.lists.read'])
      scopes.delete(scope)
    assert.deepEqual(
      (await destination.objects()).map(({ name }) => name),
      ['contacts'],
    )
    scopes.clear()
    assert.equal((await failure(destination.objects())).kind, 'PermissionDenied')
  })

  it('waits for the end of a burst, which HubSpot tells in its interval', async () => {
    const contacts = await destination.object('contacts')
    hubspot.options.burst = 0
    const before = Date.now()
    const error = await failure(destination.write(contacts, 'upsert', [contact(1)]))
    assert.deepEqual([error.kind, error.code], ['RateLimited', 'TEN_SECONDLY_ROLLING'])
    assert.ok(error.until! >= before + 10_000 && error.until! <= Date.now() + 10_000)
  })

  it('asks once an hour whether the day of the account is over', async () => {
    const contacts = await destination.object('contacts')
    hubspot.options.daily = 0
    const error = await failure(destination.write(contacts, 'upsert', [contact(1)]))
    assert.deepEqual([error.kind, error.code, error.until! % 3_600_000], ['RateLimited', 'DAILY', 0])
    assert.ok(error.until! > Date.now() - 1 && error.until! <= Date.now() + 3_600_000)
  })

  const waits: [number, Record<string, string>, number][] = [
    [423, {}, 2_000],
    [429, { 'Retry-After': '7' }, 7_000],
    [429, {}, 10_000],
    [477, { 'Retry-After': '3600' }, 3_600_000],
  ]
  for (const [status, headers, waitMs] of waits) {
    it(`waits ${waitMs} ms after ${status} with ${JSON.stringify(headers)}`, async () => {
      const contacts = await destination.object('contacts')
      hubspot.server.inject((request) => (isUpsert(request) ? { status, headers, body: {} } : undefined))
      const before = Date.now()
      const error = await failure(destination.write(contacts, 'upsert', [contact(1)]))
      assert.equal(error.kind, 'RateLimited')
      assert.ok(
        error.until! >= before + waitMs && error.until! <= Date.now() + waitMs,
        `${error.until! - before}`,
      )
    })
  }

  it('writes again after a fault that came when HubSpot had written already', async () => {
    const contacts = await destination.object('contacts')
    let faults = 2
    hubspot.server.inject(async (request, answer) => {
      if (!isUpsert(request) || faults === 0) return undefined
      faults--
      await answer()
      return faults === 1 ? { status: 502, body: '<html>' } : { hangUp: true }
    })
    assert.deepEqual(await destination.write(contacts, 'upsert', [contact(1)]), { results: [OK] })
    assert.equal(hubspot.portal.objects.get('contacts')!.records.size, 1)
  })

  it('gives up on a server that stays down', async () => {
    const contacts = await destination.object('contacts')
    hubspot.server.inject((request) => (isUpsert(request) ? { status: 524 } : undefined))
    assert.equal(
      (await failure(destination.write(contacts, 'upsert', [contact(1)]))).kind,
      'SourceUnavailable',
    )
  })

  it('keeps values of records out of reasons and errors', async () => {
    const secret = 'tell-nobody'
    const { results } = (await destination.write('contacts', 'upsert', [
      contact(1, { plan: secret, lifetime_value: secret, joined_on: secret }),
    ])) as { results: object[] }
    assert.deepEqual(results, [
      { status: 'rejected', reason: 'plan is none of the options of the property', code: 'INVALID_OPTION' },
    ])
  })
})
