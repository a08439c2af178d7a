import assert from 'node:assert/strict'
import { type Harness, harness } from './harness.js'
import { type HubspotServer, startHubspot } from './hubspot-server.js'

describe('HubSpot discovery', () => {
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

  it('offers contacts, companies, custom objects and static lists, each matched as HubSpot can', async () => {
    const objects = await destination.objects({ allow_archive: true })
    assert.deepEqual(
      objects.map(({ name, operations, matchKeys }) => [name, operations, matchKeys]),
      [
        ['contacts', ['upsert', 'remove'], [['email'], ['customer_number'], ['hs_object_id']]],
        ['companies', ['upsert', 'remove'], [['erp_number'], ['hs_object_id']]],
        ['p7_cars', ['upsert', 'remove'], [['vin'], ['hs_object_id']]],
        ['list:11', ['upsert', 'remove'], [['email'], ['customer_number'], ['hs_object_id']]],
        ['list:13', ['upsert', 'remove'], [['erp_number'], ['hs_object_id']]],
      ],
    )
  })

  it('describes what a contact takes, without what HubSpot sets itself', async () => {
    const { fields } = await destination.object('contacts')
    assert.deepEqual(
      Object.entries(fields).map(([name, { type, format, oneOf, personal, normalize }]) => [
        name,
        type,
        format ?? oneOf ?? null,
        personal ?? false,
        normalize !== undefined,
      ]),
      [
        ['email', 'string', null, true, true],
        ['hs_additional_emails', 'string', null, true, false],
        ['firstname', 'string', null, true, false],
        ['lastname', 'string', null, true, false],
        ['phone', 'string', null, true, true],
        ['plan', 'string', ['free', 'gold'], false, false],
        ['interests', 'array', ['wine', 'tea', 'bread'], false, false],
        ['lifetime_value', 'number', null, false, false],
        ['newsletter', 'boolean', null, false, false],
        ['joined_on', 'string', 'date', false, false],
        ['last_order_at', 'string', 'date-time', false, false],
        ['customer_number', 'string', null, false, false],
        ['hs_object_id', 'string', null, false, false],
      ],
    )
  })

  it('reads all pages of the lists', async () => {
    const { lists } = hubspot.portal
    const kept = new Map(lists)
    try {
      for (let n = 0; n < 1_001; n++) {
        const listId = `${1000 + n}`
        lists.set(listId, {
          listId,
          name: `List ${n}`,
          objectTypeId: '0-1',
          processingType: 'MANUAL',
          members: new Set(),
        })
      }
      const found = (await destination.objects()).filter(({ name }) => name.startsWith('list:'))
      assert.equal(found.length, 1_003)
    } finally {
      lists.clear()
      for (const [listId, list] of kept) lists.set(listId, list)
    }
  })
})
