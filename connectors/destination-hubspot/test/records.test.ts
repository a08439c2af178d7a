import assert from 'node:assert/strict'
import { contact, type Harness, harness, record } from './harness.js'
import { type HubspotServer, startHubspot } from './hubspot-server.js'

const OK = { status: 'ok' }
const badMail = { status: 'rejected', reason: 'email is no valid e-mail address', code: 'INVALID_EMAIL' }

describe('HubSpot records', () => {
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

  const held = (objectType = 'contacts') =>
    [...hubspot.portal.objects.get(objectType)!.records.values()].map(({ properties }) =>
      Object.fromEntries(properties),
    )
  const writes = () => hubspot.server.requests.filter(({ path }) => path.endsWith('/batch/upsert'))

  it('sends every kind of value as the text that HubSpot takes', async () => {
    const fields = {
      plan: 'gold',
      interests: ['wine', 'tea'],
      lifetime_value: 12.5,
      newsletter: false,
      joined_on: '2024-02-29',
      last_order_at: '2024-02-29T03:30:17.000Z',
      lastname: null,
    }
    assert.deepEqual(await destination.write('contacts', 'upsert', [contact(1, fields)]), { results: [OK] })
    assert.deepEqual(held(), [
      {
        email: 'person.1@example.com',
        firstname: 'Zoë 1',
        plan: 'gold',
        interests: 'wine;tea',
        lifetime_value: '12.5',
        newsletter: 'false',
        joined_on: '2024-02-29',
        last_order_at: '2024-02-29T03:30:17.000Z',
      },
    ])
  })

  it('changes what is given, clears what is null, and leaves the rest', async () => {
    await destination.write('contacts', 'upsert', [contact(1, { lastname: 'Ray', plan: 'gold' })])
    await destination.write('contacts', 'upsert', [contact(1, { firstname: null, plan: 'free' })])
    assert.deepEqual(held(), [{ email: 'person.1@example.com', lastname: 'Ray', plan: 'free' }])
  })

  it('replaces the options of checkboxes instead of adding to them', async () => {
    await destination.write('contacts', 'upsert', [contact(1, { interests: ['wine', 'tea'] })])
    await destination.write('contacts', 'upsert', [contact(1, { interests: ['bread'] })])
    assert.equal(held()[0]!.interests, 'bread')
  })

  for (const partialSuccess of [true, false]) {
    for (const traceResults of [true, false]) {
      const how = `${partialSuccess ? 'answered in part' : 'refused as a whole'}, results ${traceResults ? 'with' : 'without'} traces`
      it(`rejects bad records alone, each with its reason (${how})`, async () => {
        Object.assign(hubspot.options, { partialSuccess, traceResults })
        const records = [0, 1, 2, 3, 4, 5, 6].map((n) => contact(n))
        records[2] = record({ email: 'nobody@nowhere' }, { firstname: 'N' })
        records[5] = contact(5, { plan: 'platinum' })
        assert.deepEqual(await destination.write('contacts', 'upsert', records), {
          results: [
            OK,
            OK,
            badMail,
            OK,
            OK,
            {
              status: 'rejected',
              reason: 'plan is none of the options of the property',
              code: 'INVALID_OPTION',
            },
            OK,
          ],
        })
        assert.equal(held().length, 5)
      })
    }
  }

  it('sends a batch again by halves only where HubSpot refuses it', async () => {
    hubspot.options.partialSuccess = false
    const records = Array.from({ length: 100 }, (_, n) => contact(n))
    await destination.write('contacts', 'upsert', records)
    assert.equal(writes().length, 1)
    records[63] = record({ email: 'nobody@nowhere' })
    const expected = records.map((_, index) => (index === 63 ? badMail : OK))
    assert.deepEqual(await destination.write('contacts', 'upsert', records), { results: expected })
    assert.ok(writes().length <= 16, `${writes().length} requests`)
  })

  it('tells two addresses of one contact apart, which HubSpot refuses in one batch', async () => {
    await destination.write('contacts', 'upsert', [contact(1)])
    const [known] = [...hubspot.portal.objects.get('contacts')!.records.values()]
    known!.properties.set('hs_additional_emails', 'other@example.com')
    const both = [contact(1), record({ email: 'other@example.com' }, { lastname: 'Ray' })]
    assert.deepEqual(await destination.write('contacts', 'upsert', both), { results: [OK, OK] })
    assert.deepEqual(held(), [
      {
        email: 'person.1@example.com',
        hs_additional_emails: 'other@example.com',
        firstname: 'Zoë 1',
        lastname: 'Ray',
      },
    ])
  })

  it('matches by a property with unique values, and says whose value belongs to another', async () => {
    const [a, b] = [{ customer_number: 'C1' }, { customer_number: 'C2' }]
    await destination.write('contacts', 'upsert', [record(a, { email: 'a@example.com' }), record(b, {})])
    assert.deepEqual(held(), [{ customer_number: 'C1', email: 'a@example.com' }, { customer_number: 'C2' }])
    assert.deepEqual(await destination.write('contacts', 'upsert', [contact(1, { customer_number: 'C1' })]), {
      results: [
        {
          status: 'rejected',
          reason: 'customer_number belongs to another record already',
          code: 'CONFLICTING_UNIQUE_VALUE',
        },
      ],
    })
  })

  it("changes records by HubSpot's own id and never creates them", async () => {
    await destination.write('contacts', 'upsert', [contact(1)])
    const [id] = hubspot.portal.objects.get('contacts')!.records.keys()
    const records = [
      record({ hs_object_id: '5' }, { lastname: 'X' }),
      record({ hs_object_id: id! }, { lastname: 'Ray' }),
    ]
    for (const traceResults of [true, false]) {
      hubspot.options.traceResults = traceResults
      assert.deepEqual(await destination.write('contacts', 'upsert', records), {
        results: [{ status: 'rejected', reason: 'HubSpot has no such record', code: 'OBJECT_NOT_FOUND' }, OK],
      })
    }
    assert.deepEqual(
      held().map(({ lastname }) => lastname),
      ['Ray'],
    )
  })

  it('says so when HubSpot leaves a record out without a word', async () => {
    hubspot.server.inject(({ path }) =>
      path.endsWith('/batch/update') ? { status: 207, body: { status: 'COMPLETE', results: [] } } : undefined,
    )
    assert.deepEqual(await destination.write('contacts', 'upsert', [record({ hs_object_id: '5' })]), {
      results: [{ status: 'rejected', reason: 'HubSpot left the record out and does not say why' }],
    })
  })

  it('asks again for a record that HubSpot could not write for the moment', async () => {
    hubspot.server.inject(({ path, body }) => {
      if (!path.endsWith('/batch/upsert')) return undefined
      const [{ objectWriteTraceId }] = (JSON.parse(body) as { inputs: [{ objectWriteTraceId: string }] })
        .inputs
      const error = {
        category: 'INTERNAL_ERROR',
        message: 'x',
        context: { objectWriteTraceId: [objectWriteTraceId] },
      }
      return { status: 207, body: { results: [], numErrors: 1, errors: [error] } }
    })
    assert.deepEqual(await destination.write('contacts', 'upsert', [contact(1)]), {
      results: [{ status: 'retry', reason: 'HubSpot refuses the record: internal error' }],
    })
  })

  it('writes companies and custom objects by their unique properties', async () => {
    await destination.write('companies', 'upsert', [record({ erp_number: '7' }, { name: 'Acme' })])
    await destination.write('p7_cars', 'upsert', [record({ vin: 'V1' }, { color: 'red' })])
    assert.deepEqual(held('companies'), [{ erp_number: '7', name: 'Acme' }])
    assert.deepEqual(held('p7_cars'), [{ vin: 'V1', color: 'red' }])
  })

  it('archives only where the config allows it, and who is gone already counts as archived', async () => {
    assert.deepEqual((await destination.object('contacts')).operations, ['upsert'])
    const config = { allow_archive: true }
    await destination.write('contacts', 'upsert', [contact(1), contact(2)])
    const leavers = [record({ email: 'person.1@example.com' }), record({ email: 'nobody@example.com' })]
    assert.deepEqual(await destination.write('contacts', 'remove', leavers, config), { results: [OK, OK] })
    assert.deepEqual(await destination.write('contacts', 'remove', leavers, config), { results: [OK, OK] })
    assert.deepEqual(
      held().map(({ email }) => email),
      ['person.2@example.com'],
    )
  })

  it('stops when a property or the object is gone since the plan', async () => {
    const contacts = await destination.object('contacts')
    const plan = hubspot.portal.objects.get('contacts')!.properties
    const kept = plan.get('plan')!
    plan.delete('plan')
    try {
      for (const partialSuccess of [true, false]) {
        hubspot.options.partialSuccess = partialSuccess
        await assert.rejects(
          destination.write(contacts, 'upsert', [contact(1, { plan: 'gold' }), contact(2, { plan: 'free' })]),
          {
            kind: 'SchemaIncompatible',
            message:
              'writing contacts: plan does not exist in HubSpot; discover the destination again and correct the activation',
          },
        )
      }
    } finally {
      plan.set('plan', kept)
    }
    const cars = await destination.object('p7_cars')
    const object = hubspot.portal.objects.get('p7_cars')!
    hubspot.portal.objects.delete('p7_cars')
    try {
      await assert.rejects(destination.write(cars, 'upsert', [record({ vin: 'V1' }, {})]), {
        kind: 'SchemaIncompatible',
        message:
          'writing p7_cars: the object does not exist in HubSpot; discover the destination again and correct the activation',
      })
    } finally {
      hubspot.portal.objects.set('p7_cars', object)
    }
  })
})
