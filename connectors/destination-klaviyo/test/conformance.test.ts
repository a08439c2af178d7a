import type { DestinationRecord, JsonObject, JsonValue } from '@tributary/connector-sdk'
import { describeDestination } from '@tributary/connector-sdk/testing'
import destination from '@tributary/destination-klaviyo'
import type { Profile } from './account.js'
import type { Config } from './harness.js'
import { type KlaviyoServer, startKlaviyo } from './klaviyo-server.js'

/** Few records have nulls, or a whole batch would be looked up at the rate that Klaviyo allows. */
const without = (n: number, of: number): boolean => n % 97 === of

const sample = (n: number): DestinationRecord => ({
  match: { email: `person.${n}@example.com` },
  fields: {
    first_name: `Zoë ${n}`,
    last_name: without(n, 1) ? null : 'Ray',
    phone_number: `+33612${String(n).padStart(6, '0')}`,
    'location.city': without(n, 2) ? null : 'Zürich',
    'location.latitude': 47.3769,
    loyal: n % 2 === 0,
    orders: n,
    favourites: ['wine', 'tea'],
    note: without(n, 3) ? null : 'with "quotes"',
  },
})
/** Klaviyo alone knows the regions that the account sends to. */
const badSample = (n: number): DestinationRecord => ({
  match: { email: `bad.${n}@example.com` },
  fields: { phone_number: `+7912${String(n).padStart(7, '0')}` },
})

describe('Klaviyo', () => {
  describeDestination<Config>(destination, {
    packageOf: import.meta.resolve('@tributary/destination-klaviyo/package.json'),
    speaks: 'http',
    objects: [
      { name: 'profiles', operations: ['upsert'], jobs: true, sample, badSample },
      { name: 'list:LAPSED', operations: ['upsert', 'remove'], jobs: true, sample, badSample },
    ],
    async start() {
      const klaviyo = await startKlaviyo()
      const configFor = (url: string): Config => ({ api_key: klaviyo.key, api_url: url })
      return {
        config: configFor(klaviyo.url),
        http: { url: klaviyo.url, configFor },
        badConfigs: [
          {
            title: 'a false key',
            config: { ...configFor(klaviyo.url), api_key: 'pk_false' },
            kind: 'AuthExpired',
          },
          { title: 'nobody there', config: configFor('http://127.0.0.1:1'), kind: 'SourceUnavailable' },
        ],
        holdings: async (object) => held(klaviyo, object),
        clear: async () => klaviyo.account.clear(),
        advance: async () => klaviyo.account.advance(),
        stop: () => klaviyo.close(),
      }
    },
  })
})

function held({ account }: KlaviyoServer, object: string): DestinationRecord[] {
  const members =
    object === 'profiles' ? [...account.profiles.keys()] : [...account.lists.get('LAPSED')!.members]
  return members.map((id) => asRecord(account.profiles.get(id)!))
}

function asRecord({ attributes, properties }: Profile): DestinationRecord {
  const { email, location, ...others } = Object.fromEntries(attributes) as JsonObject
  const places = Object.entries((location ?? {}) as JsonObject)
  const fields = {
    ...others,
    ...Object.fromEntries(places.map(([name, value]) => [`location.${name}`, value])),
    ...(Object.fromEntries(properties) as Record<string, JsonValue>),
  }
  return { match: { email: email! }, fields }
}
