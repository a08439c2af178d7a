import assert from 'node:assert/strict'
import type { RecordResult } from '@tributary/connector-sdk'
import { batchOf, type Harness, harness, person, record } from './harness.js'
import { type KlaviyoServer, startKlaviyo } from './klaviyo-server.js'

const OK: RecordResult = { status: 'ok' }

describe('Klaviyo lists', () => {
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

  const members = () =>
    [...klaviyo.account.lists.get('LAPSED')!.members].map((id) =>
      klaviyo.account.profiles.get(id)!.attributes.get('email'),
    )

  it('offers all profiles and every list, on however many pages', async () => {
    const { lists } = klaviyo.account
    const kept = new Map(lists)
    try {
      for (let n = 0; n < 21; n++) lists.set(`L${n}`, { id: `L${n}`, name: `List ${n}`, members: new Set() })
      const objects = await destination.objects()
      assert.deepEqual(
        objects.slice(0, 4).map(({ name, title, operations, openFields, matchKeys }) => ({
          name,
          title,
          operations,
          openFields,
          matchKeys,
        })),
        [
          ['profiles', 'Profiles', ['upsert']],
          ['list:LAPSED', 'List: Lapsed customers', ['upsert', 'remove']],
          ['list:NEWS', 'List: Newsletter', ['upsert', 'remove']],
          ['list:L0', 'List: List 0', ['upsert', 'remove']],
        ].map(([name, title, operations]) => ({
          name,
          title,
          operations,
          openFields: true,
          matchKeys: [['email'], ['phone_number'], ['external_id']],
        })),
      )
      assert.equal(objects.length, 24)
    } finally {
      lists.clear()
      for (const [id, list] of kept) lists.set(id, list)
    }
  })

  it('takes people off the list and keeps them, and passes over who is not there', async () => {
    await destination.deliver('list:LAPSED', 'upsert', [person(1), person(2)])
    const leavers = [record({ email: 'person.1@example.com' }), record({ email: 'nobody@example.com' })]
    assert.deepEqual((await destination.deliver('list:LAPSED', 'remove', leavers)).results, [OK, OK])
    assert.deepEqual((await destination.deliver('list:LAPSED', 'remove', leavers)).results, [OK, OK])
    assert.deepEqual(members(), ['person.2@example.com'])
    assert.equal(klaviyo.account.profiles.size, 2)
  })

  it('removes in steps of what Klaviyo takes at once', async () => {
    const people = Array.from({ length: 2_400 }, (_, n) => person(n))
    await destination.deliver('list:LAPSED', 'upsert', people)
    const { results, jobs } = await destination.deliver(
      'list:LAPSED',
      'remove',
      people.map(({ match }) => record(match)),
    )
    assert.deepEqual(
      results,
      people.map(() => OK),
    )
    assert.deepEqual(jobs, [{ takenOff: 1_000 }, { takenOff: 2_000 }])
    assert.deepEqual(members(), [])
    const sizes = klaviyo.server.requests
      .filter(({ method }) => method === 'DELETE')
      .map(({ body }) => (JSON.parse(body) as { data: unknown[] }).data.length)
    assert.deepEqual(sizes, [1_000, 1_000, 400])
  })

  for (const [field, value] of [
    ['phone_number', '+33612345678'],
    ['external_id', 'Customer 1'],
  ] as const) {
    it(`matches by ${field}`, async () => {
      const one = record({ [field]: value }, { email: 'person.1@example.com' })
      await destination.deliver('list:LAPSED', 'upsert', [one])
      assert.deepEqual(members(), ['person.1@example.com'])
      await destination.deliver('list:LAPSED', 'remove', [record({ [field]: value })])
      assert.deepEqual(members(), [])
    })
  }

  it('tells identifiers apart that differ in case alone', async () => {
    const both = [record({ external_id: 'a1' }), record({ external_id: 'A1' })]
    await destination.deliver('list:LAPSED', 'upsert', both)
    assert.equal(members().length, 2)
    await destination.deliver('list:LAPSED', 'remove', both)
    assert.deepEqual(members(), [])
  })

  it('stops when the list is gone since the plan', async () => {
    await destination.deliver('list:LAPSED', 'upsert', [person(1)])
    const object = await destination.object('list:LAPSED')
    const list = klaviyo.account.lists.get('LAPSED')!
    klaviyo.account.lists.delete('LAPSED')
    try {
      for (const [operation, doing] of [
        ['upsert', 'importing profiles to the list LAPSED'],
        ['remove', 'taking profiles off the list LAPSED'],
      ] as const) {
        await assert.rejects(object.write(destination.context(), batchOf(operation, [person(1)])), {
          kind: 'SchemaIncompatible',
          message: `${doing}: it is no longer there; discover the destination again and choose another object for the activation`,
        })
      }
    } finally {
      klaviyo.account.lists.set('LAPSED', list)
    }
  })
})
