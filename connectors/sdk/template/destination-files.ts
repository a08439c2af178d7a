/** The files of a new destination: contacts of an imagined API, upserted and removed, with a server that plays the API in tests. */
import type { TemplateNames } from './names.js'

/** Path → text of everything that a destination has and a source has not. */
export function destinationFiles(names: TemplateNames): Readonly<Record<string, string>> {
  return {
    'README.md': readmeFile(names),
    'index.ts': indexFile(names),
    'client.ts': clientFile(names),
    'objects/contacts.ts': objectFile(names),
    [`test/${names.fileName}.test.ts`]: testFile(names),
    'test/vendor.ts': vendorFile(names),
  }
}

function indexFile({ title, configType }: TemplateNames): string {
  return `/** ${title}: what it can write. One file per object is in objects/. */
import { defineDestination } from '@tributary/connector-sdk'
import { openClient } from './client.js'
import { contacts } from './objects/contacts.js'
import { type ${configType}, spec } from './spec.js'

export default defineDestination<${configType}>({
  spec,
  async check(context) {
    await openClient(context).get('/me')
  },
  objects: [contacts],
})
`
}

function clientFile({ title, configType }: TemplateNames): string {
  return `/** How ${title} is spoken to: address, credentials, limits. Retries come from the kit. */
import { bearerAuth, type ConnectorContext, type HttpClient } from '@tributary/connector-sdk'
import type { ${configType} } from './spec.js'

export function openClient({ config, http }: ConnectorContext<${configType}>): HttpClient {
  return http({
    baseUrl: config.base_url,
    auth: bearerAuth(config.access_token),
    requestsPerSecond: 50,
  })
}
`
}

function objectFile({ configType }: TemplateNames): string {
  return `/** Contacts, found by their e-mail address. */
import { defineObject, normaliseEmail, OK, type RecordResult, rejected } from '@tributary/connector-sdk'
import { openClient } from '../client.js'
import type { ${configType} } from '../spec.js'

/** What the vendor answers about one contact, in the order in which they were sent. */
interface Answer {
  readonly code: string
}

/** The vendor's codes in words, without what was sent: its own messages repeat it. */
const REASONS: Readonly<Record<string, string>> = {
  unknown_country: 'there is no such country',
}

export const contacts = defineObject<${configType}>({
  name: 'contacts',
  title: 'Contacts',
  operations: ['upsert', 'remove'],
  fields: {
    email: { type: 'string', title: 'E-mail address', personal: true, normalize: normaliseEmail },
    first_name: { type: 'string', title: 'First name', personal: true, maxLength: 100 },
    orders: { type: 'integer', title: 'Orders' },
    country: { type: 'string', title: 'Country', maxLength: 2 },
  },
  matchKeys: [['email']],
  batch: { records: 100 },
  // A contact is found by its address: the same batch again changes nothing.
  idempotency: 'natural',
  undo: 'inverse',
  async write(context, { operation, records }) {
    const { data } = await openClient(context).request<{ readonly results: readonly Answer[] }>({
      method: 'POST',
      url: operation === 'remove' ? '/contacts/batch_remove' : '/contacts/batch_upsert',
      data: { contacts: records.map(({ match, fields }) => ({ ...match, ...fields })) },
      idempotent: true,
    })
    return { results: data.results.map(resultOf) }
  },
})

function resultOf({ code }: Answer): RecordResult {
  return code === 'ok' ? OK : rejected(REASONS[code] ?? 'it is refused', code)
}
`
}

function testFile({ title, configType, fileName }: TemplateNames): string {
  return `import assert from 'node:assert/strict'
import { describeDestination, testWriteContext } from '@tributary/connector-sdk/testing'
import destination from '../index.js'
import { contacts } from '../objects/contacts.js'
import { type ${configType}, spec } from '../spec.js'
import { startVendor, TOKEN } from './vendor.js'

const configFor = (url: string): ${configType} => ({ base_url: url, access_token: TOKEN })

describe('${fileName}', () => {
  describeDestination(destination, {
    packageOf: import.meta.url,
    speaks: 'http',
    objects: [
      {
        name: 'contacts',
        operations: ['upsert', 'remove'],
        sample: (n) => ({
          match: { email: \`zoë.\${n}@example.com\` },
          fields: { first_name: \`Zoë \${n}\`, orders: n, country: n % 2 === 0 ? 'FR' : 'DE' },
        }),
        // Well-formed, and only the vendor knows that there is no such country.
        badSample: (n) => ({ match: { email: \`bad.\${n}@example.com\` }, fields: { country: 'ZZ' } }),
        // A country is no free text.
        freeText: ['first_name'],
      },
    ],
    async start() {
      const vendor = await startVendor()
      return {
        config: configFor(vendor.url),
        http: { url: vendor.url, configFor },
        badConfigs: [
          {
            title: 'a false token',
            config: { base_url: vendor.url, access_token: 'not-the-token' },
            kind: 'AuthExpired',
          },
        ],
        holdings: async () =>
          [...vendor.contacts.values()].map(({ email, ...fields }) => ({ match: { email: email! }, fields })),
        clear: async () => vendor.contacts.clear(),
        stop: () => vendor.close(),
      }
    },
  })

  it('says ${title}’s reason in words', async () => {
    const vendor = await startVendor()
    const context = testWriteContext(configFor(vendor.url), { spec })
    const result = await contacts.write(context, {
      operation: 'upsert',
      records: [{ match: { email: 'a@example.com' }, fields: { country: 'ZZ' } }],
      index: 0,
      idempotencyKey: 'key-0',
    })
    context.close()
    await vendor.close()
    assert.deepEqual(result, {
      results: [{ status: 'rejected', reason: 'there is no such country', code: 'unknown_country' }],
    })
  })
})
`
}

function vendorFile({ title }: TemplateNames): string {
  return `/** Plays ${title}'s API in tests: replace its shapes, limits and faults with the real ones, from the vendor's reference. */
import type { JsonObject } from '@tributary/connector-sdk'
import { createFaultServer, type Route } from '@tributary/connector-sdk/testing'

export const TOKEN = 'test-access-token'
const LARGEST_BATCH = 100

export interface Vendor {
  readonly url: string
  /** What it holds, by address. */
  readonly contacts: Map<string, JsonObject>
  close(): Promise<void>
}

const withToken =
  (route: Route): Route =>
  (request) =>
    request.headers.authorization === \`Bearer \${TOKEN}\` ? route(request) : { status: 401, body: {} }

const batchOf = (body: string): readonly JsonObject[] =>
  (JSON.parse(body) as { contacts: readonly JsonObject[] }).contacts

export async function startVendor(): Promise<Vendor> {
  const contacts: Vendor['contacts'] = new Map()

  const upsert = (contact: JsonObject): { code: string } => {
    if (contact.country === 'ZZ') return { code: 'unknown_country' }
    const email = String(contact.email)
    const merged = Object.entries({ ...contacts.get(email), ...contact })
    contacts.set(email, Object.fromEntries(merged.filter(([, value]) => value !== null)))
    return { code: 'ok' }
  }

  const server = await createFaultServer({
    'GET /me': withToken(() => ({ body: { name: 'test' } })),
    'POST /contacts/batch_upsert': withToken(({ body }) => {
      const batch = batchOf(body)
      if (batch.length > LARGEST_BATCH) return { status: 400, body: { code: 'batch_too_large' } }
      return { status: 207, body: { results: batch.map(upsert) } }
    }),
    'POST /contacts/batch_remove': withToken(({ body }) => {
      for (const { email } of batchOf(body)) contacts.delete(String(email))
      return { body: { results: batchOf(body).map(() => ({ code: 'ok' })) } }
    }),
  })
  return { url: server.url, contacts, close: () => server.close() }
}
`
}

function readmeFile({ title, packageName, fileName }: TemplateNames): string {
  const id = fileName.replace(/^destination-/, '')
  return `# ${title}

Sends segments from Tributary to ${title}.

| object | operations | found by | a batch twice |
|---|---|---|---|
| contacts | upsert, remove | email | as once |

## Use it

\`\`\`yaml
# destinations/${id}.yaml
connector: ${packageName}
config:
  base_url: https://api.example.com
  access_token: "\${secret:ACCESS_TOKEN}"
\`\`\`

\`\`\`yaml
# activations/newsletter.yaml
segment: newsletter
destination: ${id}
object: contacts
mode: mirror
match: { email: identifiers.email }
fields: { first_name: traits.first_name }
\`\`\`

## Work on it

\`npm test\` compiles the connector and runs the conformance suite against test/vendor.ts; it needs no account. Say in
package.json with \`triedOnLiveAccount\` whether it was run against a real one.
Add an object: a file in objects/, its name in index.ts, its samples in test/${fileName}.test.ts.
`
}
