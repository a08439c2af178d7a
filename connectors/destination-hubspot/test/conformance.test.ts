import type { DestinationRecord, JsonValue } from '@tributary/connector-sdk'
import { describeDestination } from '@tributary/connector-sdk/testing'
import destination from '@tributary/destination-hubspot'
import type { Config } from './harness.js'
import { type HubspotServer, startHubspot } from './hubspot-server.js'
import type { PortalRecord } from './portal.js'

const FIELDS = [
  'firstname',
  'lastname',
  'phone',
  'plan',
  'interests',
  'lifetime_value',
  'newsletter',
  'joined_on',
  'last_order_at',
]

const person = (n: number): DestinationRecord => ({
  match: { email: `person.${n}@example.com` },
  fields: {
    firstname: `Zoë ${n}`,
    lastname: n % 2 === 0 ? 'Ray' : null,
    phone: `+33612${String(n).padStart(6, '0')}`,
    plan: n % 2 === 0 ? 'free' : 'gold',
    interests: ['wine', 'tea'],
    lifetime_value: n + 0.5,
    newsletter: n % 3 === 0,
    joined_on: '2024-02-29',
    last_order_at: '2024-02-29T03:30:17.000Z',
  },
})
/** An address that passes here and that HubSpot does not take. */
const blocked = (n: number): DestinationRecord => ({
  match: { email: `nobody.${n}@example.c0m` },
  fields: { firstname: 'N' },
})

describe('HubSpot', () => {
  describeDestination<Config>(destination, {
    packageOf: import.meta.resolve('@tributary/destination-hubspot/package.json'),
    speaks: 'http',
    objects: [
      { name: 'contacts', operations: ['upsert', 'remove'], sample: person, badSample: blocked },
      { name: 'list:11', operations: ['upsert', 'remove'], sample: person, badSample: blocked },
    ],
    async start() {
      const hubspot = await startHubspot()
      hubspot.options.burst = 1_000_000
      const configFor = (url: string): Config => ({
        access_token: hubspot.token,
        allow_archive: true,
        requests_per_second: 100,
        api_url: url,
      })
      return {
        config: configFor(hubspot.url),
        http: { url: hubspot.url, configFor },
        badConfigs: [
          {
            title: 'a false token',
            config: { ...configFor(hubspot.url), access_token: 'pat-false' },
            kind: 'AuthExpired',
          },
          { title: 'nobody there', config: configFor('http://127.0.0.1:1'), kind: 'SourceUnavailable' },
        ],
        holdings: async (object) => held(hubspot, object),
        clear: async () => hubspot.portal.clear(),
        stop: () => hubspot.close(),
      }
    },
  })
})

function held({ portal }: HubspotServer, object: string): DestinationRecord[] {
  const { records } = portal.objects.get('contacts')!
  const members = object === 'contacts' ? records.keys() : portal.lists.get('11')!.members
  return [...members].map((id) => asRecord(records.get(id)!))
}

function asRecord({ properties }: PortalRecord): DestinationRecord {
  const email = properties.get('email')!
  const fields = FIELDS.map((name) => [name, sentValue(name, properties.get(name))] as const)
  return { match: { email }, fields: Object.fromEntries(fields) }
}

/** The text that HubSpot keeps as the value that was sent. */
function sentValue(name: string, text: string | undefined): JsonValue {
  if (text === undefined) return null
  if (name === 'interests') return text.split(';')
  if (name === 'newsletter') return text === 'true'
  return name === 'lifetime_value' ? Number(text) : text
}
