import type { DestinationRecord } from '@tributary/connector-sdk'
import { describeDestination } from '@tributary/connector-sdk/testing'
import destination, { type WebhookConfig } from './index.js'
import { type ReceivedMessage, startReceiver } from './receiver.testing.js'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const FALSE_SECRET = `whsec_${Buffer.alloc(32, 8).toString('base64')}`

const sample = (n: number): DestinationRecord => ({
  match: { email: `zoë${n}@example.com` },
  fields: { first_name: `Zoë ${n}`, orders: n, vip: n % 2 === 0, tags: ['a', `"${n}"`], extra: { n: null } },
})
const badSample = (n: number): DestinationRecord => ({
  match: { email: `bad${n}@example.com` },
  fields: { country: 'Atlantis' },
})

const isBad = (record: DestinationRecord): boolean => record.fields.country === 'Atlantis'
const recordsOf = ({ records, record }: ReceivedMessage): readonly DestinationRecord[] =>
  records ?? (record ? [record] : [])

/** Receivers of all kinds: what they are told of the destination, and how they refuse a record. */
const RECEIVERS: readonly {
  readonly title: string
  readonly config: Partial<WebhookConfig>
  readonly refuses: 'by results' | 'as a whole'
}[] = [
  {
    title: 'that deduplicates and answers each record',
    config: { deduplicates: true },
    refuses: 'by results',
  },
  { title: 'that takes whatever comes, and refuses whole messages', config: {}, refuses: 'as a whole' },
  {
    title: 'of a message for each record',
    config: { deduplicates: true, format: 'single' },
    refuses: 'as a whole',
  },
]

for (const { title, config, refuses } of RECEIVERS) {
  describe(`the webhook destination, with a receiver ${title}`, () => {
    describeDestination<WebhookConfig>(destination, {
      packageOf: import.meta.url,
      speaks: 'http',
      objects: [{ name: 'records', operations: ['upsert', 'remove', 'append'], sample, badSample }],
      async start() {
        const receiver = await startReceiver(SECRET, config.deduplicates === true)
        const configFor = (url: string): Partial<WebhookConfig> => ({
          ...config,
          url: `${url}/hook`,
          secret: SECRET,
          headers: { 'x-api-key': 'let me in' },
        })
        const refuseBad = (): void => {
          receiver.answer = (message) => {
            if (!recordsOf(message).some(isBad)) return undefined
            if (refuses === 'as a whole') return { status: 422, body: { error: 'country' } }
            receiver.take(message, (record) => !isBad(record))
            const results = recordsOf(message).map((record) =>
              isBad(record) ? { status: 'rejected', reason: 'no such country: Atlantis' } : { status: 'ok' },
            )
            return { status: 207, body: { results } }
          }
        }
        refuseBad()
        return {
          config: configFor(receiver.server.url),
          http: { url: receiver.server.url, configFor },
          badConfigs: [
            {
              title: 'a false secret',
              config: { ...configFor(receiver.server.url), secret: FALSE_SECRET },
              kind: 'AuthExpired',
            },
            {
              title: 'another path',
              config: { ...configFor(receiver.server.url), url: `${receiver.server.url}/elsewhere` },
              kind: 'ConfigInvalid',
            },
          ],
          holdings: async (_, operation) =>
            operation === 'append' ? receiver.events : [...receiver.held.values()],
          async clear() {
            receiver.clear()
            refuseBad()
          },
          stop: () => receiver.server.close(),
        }
      },
    })
  })
}
