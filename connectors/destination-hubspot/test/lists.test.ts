import assert from 'node:assert/strict'
import { contact, type Harness, harness, record } from './harness.js'
import { type HubspotServer, startHubspot } from './hubspot-server.js'

const OK = { status: 'ok' }

describe('HubSpot lists', () => {
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

  const members = (listId = '11') => {
    const list = hubspot.portal.lists.get(listId)!
    const { records } = hubspot.portal.object(list.objectTypeId)!
    return [...list.members].map((id) => records.get(id)!.properties.get('email'))
  }
  const people = () => hubspot.portal.objects.get('contacts')!.records.size

  for (const traceResults of [true, false]) {
    it(`creates contacts and puts them on the list (results ${traceResults ? 'with' : 'without'} traces)`, async () => {
      hubspot.options.traceResults = traceResults
      const records = [contact(1), record({ email: 'nobody@nowhere' }), contact(2)]
      const rejection = {
        status: 'rejected',
        reason: 'email is no valid e-mail address',
        code: 'INVALID_EMAIL',
      }
      assert.deepEqual(await destination.write('list:11', 'upsert', records), {
        results: [OK, rejection, OK],
      })
      assert.deepEqual(members(), ['person.1@example.com', 'person.2@example.com'])
      assert.deepEqual(await destination.write('list:11', 'upsert', [contact(1)]), { results: [OK] })
      assert.equal(members().length, 2)
    })
  }

  it('takes people off the list and keeps them, and passes over who is not there', async () => {
    await destination.write('list:11', 'upsert', [contact(1), contact(2)])
    const leavers = [record({ email: 'person.1@example.com' }), record({ email: 'nobody@example.com' })]
    assert.deepEqual(await destination.write('list:11', 'remove', leavers), { results: [OK, OK] })
    assert.deepEqual(await destination.write('list:11', 'remove', leavers), { results: [OK, OK] })
    assert.deepEqual(members(), ['person.2@example.com'])
    assert.equal(people(), 2)
  })

  it('finds people by additional addresses of theirs', async () => {
    await destination.write('list:11', 'upsert', [contact(1)])
    const [known] = [...hubspot.portal.objects.get('contacts')!.records.values()]
    known!.properties.set('hs_additional_emails', 'old@example.com;other@example.com')
    const other = record({ email: 'other@example.com' })
    assert.deepEqual(await destination.write('list:11', 'remove', [other]), { results: [OK] })
    assert.deepEqual(members(), [])
    hubspot.options.traceResults = false
    assert.deepEqual(await destination.write('list:11', 'upsert', [other]), { results: [OK] })
    assert.deepEqual(members(), ['person.1@example.com'])
  })

  it('tells unique values apart that differ in case alone', async () => {
    hubspot.options.traceResults = false
    const both = [record({ customer_number: 'c1' }, { plan: 'gold' }), record({ customer_number: 'C1' }, {})]
    assert.deepEqual(await destination.write('list:11', 'upsert', both), { results: [OK, OK] })
    assert.equal(members().length, 2)
    await destination.write('list:11', 'remove', [both[0]!])
    const [left] = hubspot.portal.lists.get('11')!.members
    const { properties } = hubspot.portal.objects.get('contacts')!.records.get(left!)!
    assert.equal(properties.get('customer_number'), 'C1')
  })

  it('offers static lists only, with the fields of what they hold', async () => {
    const objects = await destination.objects()
    assert.deepEqual(
      objects
        .filter(({ name }) => name.startsWith('list:'))
        .map(({ name, title, operations }) => ({ name, title, operations })),
      [
        { name: 'list:11', title: 'List: Lapsed customers', operations: ['upsert', 'remove'] },
        { name: 'list:13', title: 'List: Partners', operations: ['upsert', 'remove'] },
      ],
    )
    const partners = objects.find(({ name }) => name === 'list:13')!
    assert.deepEqual(partners.matchKeys, [['erp_number'], ['hs_object_id']])
    assert.deepEqual(Object.keys(partners.fields), ['name', 'domain', 'erp_number', 'hs_object_id'])
  })

  it('stops when the list is gone or decides its members itself since the plan', async () => {
    const object = await destination.object('list:11')
    const list = hubspot.portal.lists.get('11')!
    try {
      hubspot.portal.lists.set('11', { ...list, processingType: 'DYNAMIC' })
      await assert.rejects(destination.write(object, 'upsert', [contact(1)]), {
        kind: 'SchemaIncompatible',
        message: 'changing the list Lapsed customers: HubSpot refuses it; check that the list is static',
      })
      hubspot.portal.lists.delete('11')
      await assert.rejects(destination.write(object, 'remove', [contact(1)]), {
        kind: 'SchemaIncompatible',
        message:
          'changing the list Lapsed customers: it is no longer there; choose another object for the activation',
      })
    } finally {
      hubspot.portal.lists.set('11', list)
    }
  })

  it('asks again for people whom HubSpot has written and does not find yet', async () => {
    hubspot.server.inject(({ path, body }) =>
      path.endsWith('/memberships/add')
        ? {
            body: {
              recordsIdsAdded: [],
              recordIdsRemoved: [],
              recordIdsMissing: (JSON.parse(body) as string[]).slice(0, 1),
            },
          }
        : undefined,
    )
    const reason = 'HubSpot does not find the record that was written, so it is not on the list'
    assert.deepEqual(await destination.write('list:11', 'upsert', [contact(1), contact(2)]), {
      results: [{ status: 'retry', reason, afterMs: 2_000 }, OK],
    })
  })

  it('adds people that an attempt before has written without adding', async () => {
    let cut = true
    hubspot.server.inject(({ path }) =>
      path.endsWith('/memberships/add') && cut ? { status: 504 } : undefined,
    )
    await assert.rejects(destination.write('list:11', 'upsert', [contact(1)]), { kind: 'SourceUnavailable' })
    assert.deepEqual([people(), members()], [1, []])
    cut = false
    assert.deepEqual(await destination.write('list:11', 'upsert', [contact(1)]), { results: [OK] })
    assert.deepEqual([people(), members()], [1, ['person.1@example.com']])
  })
})
