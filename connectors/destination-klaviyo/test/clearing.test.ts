import assert from 'node:assert/strict'
import type { RecordResult } from '@tributary/connector-sdk'
import { type Harness, harness, person, record } from './harness.js'
import { type KlaviyoServer, startKlaviyo } from './klaviyo-server.js'

const OK: RecordResult = { status: 'ok' }

describe('Klaviyo nulls', () => {
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

  const profile = (n: number): Record<string, unknown> => {
    const { attributes, properties } = klaviyo.account.find('email', `person.${n}@example.com`)!
    return { ...Object.fromEntries(attributes), properties: Object.fromEntries(properties) }
  }
  const changes = () => klaviyo.server.requests.filter(({ method }) => method === 'PATCH').length
  const full = { last_name: 'Ray', 'location.city': 'Zürich', 'location.zip': '8001', loyal: true, orders: 3 }
  const none = { last_name: null, 'location.city': null, loyal: null }

  it('clears attributes, places and properties, and leaves the rest', async () => {
    await destination.deliver('profiles', 'upsert', [person(1, full)])
    assert.deepEqual((await destination.deliver('profiles', 'upsert', [person(1, none)])).results, [OK])
    assert.deepEqual(profile(1), {
      email: 'person.1@example.com',
      first_name: 'Zoë 1',
      location: { zip: '8001' },
      properties: { orders: 3 },
    })
  })

  it('changes only those that still have a value', async () => {
    await destination.deliver('profiles', 'upsert', [person(1, full), person(2)])
    await destination.deliver('profiles', 'upsert', [person(1, none), person(2, none), person(3, none)])
    assert.equal(changes(), 1)
  })

  it('clears nothing of a profile that was rejected', async () => {
    await destination.deliver('profiles', 'upsert', [person(1, full)])
    const bad = person(1, { ...none, phone_number: '+79121234567' })
    const [result] = (await destination.deliver('profiles', 'upsert', [bad])).results
    assert.equal(result!.status, 'rejected')
    assert.equal(profile(1).last_name, 'Ray')
  })

  it('goes on in steps, from where it was', async () => {
    const people = Array.from({ length: 450 }, (_, n) => n)
    await destination.deliver(
      'profiles',
      'upsert',
      people.map((n) => person(n, { last_name: 'Ray' })),
    )
    const { results, jobs } = await destination.deliver(
      'profiles',
      'upsert',
      people.map((n) => person(n, { last_name: null })),
    )
    assert.deepEqual(
      results,
      people.map(() => OK),
    )
    assert.deepEqual(
      jobs.map(({ clearFrom }) => clearFrom),
      [undefined, undefined, 200, 400],
    )
    assert.deepEqual(
      people.filter((n) => 'last_name' in profile(n)),
      [],
    )
    assert.equal(changes(), 450)
  })

  it('says whose fields Klaviyo refuses to clear, also in a later step', async () => {
    const people = Array.from({ length: 250 }, (_, n) => n)
    await destination.deliver(
      'profiles',
      'upsert',
      people.map((n) => person(n, { last_name: 'Ray' })),
    )
    const { id } = klaviyo.account.find('email', 'person.7@example.com')!
    klaviyo.server.inject(({ method, path }) =>
      method === 'PATCH' && path.endsWith(id)
        ? { status: 400, body: { errors: [{ code: 'invalid' }] } }
        : undefined,
    )
    const { results } = await destination.deliver(
      'profiles',
      'upsert',
      people.map((n) => person(n, { last_name: null })),
    )
    const refused = { status: 'rejected', reason: 'Klaviyo refuses to clear fields of the profile' }
    assert.deepEqual(
      results,
      people.map((n) => (n === 7 ? refused : OK)),
    )
  })

  it('passes over a profile that is gone before it is cleared', async () => {
    await destination.deliver('profiles', 'upsert', [person(1, full)])
    klaviyo.server.inject(({ method }) =>
      method === 'PATCH' ? { status: 404, body: { errors: [{ code: 'not_found' }] } } : undefined,
    )
    assert.deepEqual((await destination.deliver('profiles', 'upsert', [person(1, none)])).results, [OK])
  })

  it('finds profiles by long and odd identifiers', async () => {
    const ids = Array.from({ length: 120 }, (_, n) => `"${n}\\é,]) ${'x'.repeat(100)}`)
    await destination.deliver(
      'profiles',
      'upsert',
      ids.map((id) => record({ external_id: id }, { last_name: 'Ray' })),
    )
    await destination.deliver(
      'profiles',
      'upsert',
      ids.map((id) => record({ external_id: id }, { last_name: null })),
    )
    assert.equal(changes(), 120)
    const lookups = klaviyo.server.requests.filter(({ path }) => path === '/api/profiles')
    assert.ok(lookups.every(({ query }) => query.get('filter')!.length < 8_000))
  })
})
