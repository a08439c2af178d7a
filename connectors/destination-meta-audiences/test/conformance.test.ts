import type { DestinationRecord, Operation } from '@tributary/connector-sdk'
import { describeDestination } from '@tributary/connector-sdk/testing'
import destination, { type MetaAudiencesConfig } from '../index.js'
import { ACCOUNT, APP_SECRET, AUDIENCE, sha256, TOKEN } from './harness.js'
import { createMetaServer } from './meta-server.js'
import type { Row } from './uploads.js'

const NOBODY = sha256('nobody@tributary.invalid')

const sample = (n: number): DestinationRecord => ({
  match: { email: sha256(`person${n}@example.com`) },
  fields: {
    phone: sha256(`3361234${String(n).padStart(4, '0')}`),
    external_id: sha256(`customer-${n}`),
    mobile_ad_id: `b67385f8-9a82-4670-8c0a-${String(n).padStart(12, '0')}`,
    first_name: sha256('mary'),
    last_name: sha256(`smith${n}`),
    gender: sha256('f'),
    birth_year: sha256('1997'),
    birth_month: sha256('02'),
    birth_day: sha256('16'),
    city: sha256('paris'),
    state: sha256('iledefrance'),
    postal_code: sha256('75018'),
    country: sha256('fr'),
  },
})

describe('destination-meta-audiences', () => {
  describeDestination<MetaAudiencesConfig>(destination, {
    packageOf: import.meta.url,
    speaks: 'http',
    objects: [
      {
        name: AUDIENCE,
        operations: ['upsert', 'remove', 'replace'],
        sample,
        // A mobile advertising id is all that leaves unhashed, so all that Meta can call invalid.
        badSample: (n) => ({ match: { mobile_ad_id: `no id ${n}` }, fields: {} }),
        // Of what it is sent about people, Meta lets nobody see more than that they are in.
        holds: ({ match }) => ({ match, fields: {} }),
        freeText: [],
      },
    ],
    async start() {
      const server = await createMetaServer({ token: TOKEN, account: ACCOUNT, appSecret: APP_SECRET })
      server.addAudience(AUDIENCE)
      // The suite does not wait as the runtime does where a replacement is under way: the clock goes on instead.
      server.inject(async (_, answer) => {
        const response = await answer()
        if (JSON.stringify(response.body).includes('1870145')) server.aheadMs += 90 * 60_000
        return response
      })
      const configFor = (url: string): Partial<MetaAudiencesConfig> => ({
        access_token: TOKEN,
        app_secret: APP_SECRET,
        ad_account_id: ACCOUNT,
        base_url: url,
      })
      return {
        config: configFor(server.url),
        http: { url: server.url, configFor },
        badConfigs: [
          {
            title: 'a false token',
            config: { ...configFor(server.url), access_token: 'no token' },
            kind: 'AuthExpired',
          },
          {
            title: 'a false secret',
            config: { ...configFor(server.url), app_secret: 'no secret' },
            kind: 'ConfigInvalid',
          },
          {
            title: 'no such account',
            config: { ...configFor(server.url), ad_account_id: '1' },
            kind: 'PermissionDenied',
          },
        ],
        holdings: async (object: string, _operation: Operation) =>
          server.audiences
            .get(object)!
            .members.filter(({ EMAIL }) => EMAIL !== NOBODY)
            .map(memberOf),
        clear: async () => void server.addAudience(AUDIENCE),
        stop: () => server.close(),
      }
    },
  })
})

/** Who is in the audience, by what the suite matches with. */
const memberOf = ({ EMAIL, MADID }: Row): DestinationRecord => ({
  match: EMAIL === undefined ? { mobile_ad_id: String(MADID) } : { email: String(EMAIL) },
  fields: {},
})
