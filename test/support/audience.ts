/** A workspace whose one segment is sent to a mailing tool: customers in a file, a refresh when asked for, a mailer of its own. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Mailer, type MailerOptions, startMailer } from '../../examples/grocer/mailer/server.js'
import { apply } from '../../operations/apply.js'
import { startRefresh } from '../../operations/refresh.js'
import { startTestStack, type TestStack, type TestStackOptions } from './stack.js'
import { syncUntilSucceeded } from './sync.js'

export interface Customer {
  readonly id: number
  readonly email: string | null
  readonly city: string
  readonly name: string
  readonly consent: boolean
}

export interface Audience {
  readonly stack: TestStack
  readonly mailer: Mailer
  /** What the file holds from now on; synced at once. */
  haveCustomers(customers: readonly Customer[]): Promise<void>
  /** @throws where it does not succeed */
  refresh(): Promise<void>
  /** Writes files of the workspace and applies them. */
  change(files: Readonly<Record<string, string>>): Promise<void>
  stop(): Promise<void>
}

export interface AudienceOptions extends TestStackOptions {
  readonly mailer?: MailerOptions
  /** Of the destination's config, beyond address and secret. @default deduplicates: true */
  readonly config?: string
  /** Text of activations/parisians.yaml. @default {@link PARISIANS} */
  readonly activation?: string
  /** Further files. */
  readonly files?: Readonly<Record<string, string>>
}

export const PARISIANS = `segment: parisians
destination: mailer
object: records
mode: mirror
match: { email: identifiers.email }
fields: { name: traits.name, origin: { constant: tributary } }
guards: { max_removes: { share: 0.5 }, on_breach: await_approval }
`

const FILES = {
  'tributary.yaml': 'workspace: audience\ntime_zone: UTC\nrefresh: manual\n',
  'sources/files.yaml': `connector: source-files
config: { location: { folder: data }, streams: [{ name: customers, glob: "customers.ndjson", format: ndjson }] }
schedule: manual
streams:
  - { name: customers, sync_mode: full_refresh, destination_sync_mode: overwrite, primary_key: [id] }
`,
  'identity.yaml': 'identifiers: { customer_id: { unique: true }, email: { normalize: email, limit: 3 } }\n',
  'mappings/customers.yaml': `stream: files.customers
identifiers: { customer_id: id, email: email }
traits: { city: city, name: name, consent.marketing: consent }
`,
  'segments/parisians.yaml': 'name: Parisians\nwho: { trait: city, eq: Paris }\n',
}

/** Applied, and with nobody in it. */
export async function startAudience(options: AudienceOptions = {}): Promise<Audience> {
  const mailer = await startMailer(options.mailer)
  const stack = await startTestStack({
    ...options,
    env: {
      TRIBUTARY_SECRET_MAILER_SECRET: mailer.secret,
      TRIBUTARY_ALLOW_PRIVATE_ADDRESSES: '127.0.0.1',
      // Rounds are asked for.
      TRIBUTARY_REFRESH_DELAY_MS: '600000',
      ...options.env,
    },
  })
  const data = join(stack.workspaceDir, 'data')
  const audience: Audience = {
    stack,
    mailer,
    async haveCustomers(customers) {
      await mkdir(data, { recursive: true })
      await writeFile(
        join(data, 'customers.ndjson'),
        customers.map((customer) => `${JSON.stringify(customer)}\n`).join(''),
      )
      await syncUntilSucceeded(stack, 'files')
    },
    async refresh() {
      const result = await (await startRefresh(stack.context)).result()
      if (result.outcome === 'succeeded') return
      throw new Error(`refreshing: ${result.outcome}, ${result.error?.message}`)
    },
    async change(files) {
      await stack.write(files)
      await apply(stack.context, { author: 'test' })
    },
    async stop() {
      await stack.stop()
      await mailer.stop()
    },
  }
  await audience.change({
    ...FILES,
    'destinations/mailer.yaml': `connector: destination-webhook
config: { url: "${mailer.url}", secret: "\${secret:MAILER_SECRET}", ${options.config ?? 'deduplicates: true'} }
`,
    'activations/parisians.yaml': options.activation ?? PARISIANS,
    ...options.files,
  })
  return audience
}

/** The n-th customer: a Parisian with an address, who consents. */
export function customer(id: number, changes: Partial<Customer> = {}): Customer {
  return { id, email: `c${id}@example.com`, city: 'Paris', name: `Customer ${id}`, consent: true, ...changes }
}

/** From n to n, both included. */
export const customers = (from: number, to: number): Customer[] =>
  Array.from({ length: to - from + 1 }, (_, index) => customer(from + index))
