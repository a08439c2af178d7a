import assert from 'node:assert/strict'
import type { RecordResult } from '@tributary/connector-sdk'
import fc from 'fast-check'
import { contact, type Harness, harness, record } from './harness.js'
import { type HubspotServer, startHubspot } from './hubspot-server.js'

/** What may be true of a record of a batch. */
const KINDS = ['good', 'known', 'bad address', 'bad option'] as const

describe('the answers of HubSpot', () => {
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

  it('name the bad records of a batch and no others, whatever HubSpot tells of them', async () => {
    const [contacts, list] = [await destination.object('contacts'), await destination.object('list:11')]
    const batches = fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(
        batches,
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        async (kinds, partialSuccess, traceResults, toList) => {
          hubspot.reset()
          Object.assign(hubspot.options, { partialSuccess, traceResults, burst: Number.POSITIVE_INFINITY })
          const known = kinds.flatMap((kind, n) => (kind === 'known' ? [contact(n)] : []))
          if (known.length > 0) await destination.write(contacts, 'upsert', known)
          const records = kinds.map((kind, n) =>
            kind === 'bad address'
              ? record({ email: `nobody.${n}@nowhere` }, { lastname: 'Ray' })
              : contact(n, { lastname: 'Ray', plan: kind === 'bad option' ? 'platinum' : 'gold' }),
          )
          const { results } = (await destination.write(toList ? list : contacts, 'upsert', records)) as {
            results: readonly RecordResult[]
          }
          const good = kinds.map((kind) => !kind.startsWith('bad'))
          assert.deepEqual(
            results.map(({ status }) => status),
            good.map((is) => (is ? 'ok' : 'rejected')),
          )
          const held = [...hubspot.portal.objects.get('contacts')!.records.values()]
          assert.equal(
            held.filter(({ properties }) => properties.get('lastname') === 'Ray').length,
            good.filter(Boolean).length,
          )
          assert.equal(hubspot.portal.lists.get('11')!.members.size, toList ? good.filter(Boolean).length : 0)
        },
      ),
      { numRuns: 40 },
    )
  })
})
