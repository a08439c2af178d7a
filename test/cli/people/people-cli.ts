/** A shop whose people are found from customers and orders, asked through the command line. */
import assert from 'node:assert/strict'
import { refreshResultSchema } from '@tributary/schemas'
import { schemaProblems } from '../../../runtime/validation.js'
import { CliWorkspace } from '../support.js'

export const FILES = {
  'tributary.yaml': 'workspace: people\nrefresh: manual\n',
  'sources/shop.yaml': `connector: source-files
config:
  location: { folder: ./shop }
  streams:
    - { name: customers, glob: "customers*.csv", primary_key: [id] }
    - { name: orders, glob: "orders*.csv", primary_key: [id] }
schedule: manual
streams:
  - { name: "*", sync_mode: incremental, destination_sync_mode: append_dedup }
`,
  'shop/customers.csv': `id,email,phone,city,updated_at
1,Ada@Example.com,0612345678,Paris,2026-01-01T00:00:00Z
2,ben@example.com,,Lyon,2026-01-01T00:00:00Z
3,ada@work.example,,Paris,2026-01-01T00:00:00Z
4,n/a,,Paris,2026-01-01T00:00:00Z
`,
  'shop/orders.csv': `id,email,total,paid_at
1,ada@example.com,60,2026-01-02T00:00:00Z
2,ADA@example.com,50,2026-01-03T00:00:00Z
3,guest@example.com,20,2026-01-04T00:00:00Z
`,
  'identity.yaml': `identifiers:
  customer_id: { unique: true }
  email: { normalize: email, limit: 3 }
  phone: { normalize: phone, region: FR, limit: 3 }
block: { values: ["", "n/a"] }
`,
  'traits.yaml': `traits: { city: { rule: latest } }
computed: { spent: { event: Order Paid, aggregate: { sum: total } } }
`,
  'mappings/customers.yaml': `stream: shop.customers
identifiers: { customer_id: id, email: email, phone: phone }
traits: { city: { field: city, timestamp: updated_at } }
`,
  'mappings/orders.yaml': `stream: shop.orders
identifiers: { email: email }
events:
  - { name: Order Paid, timestamp: paid_at, properties: { total: total } }
`,
  'segments/parisians.yaml': 'name: Parisians\nwho: { trait: city, eq: Paris }\n',
  'segments/good.yaml': 'name: Good customers\nwho: { trait: spent, gte: 100 }\n',
  'segments/good-parisians.yaml':
    'name: Good Parisians\nwho: { all: [{ segment: good }, { segment: parisians }] }\n',
  'segments/invited.yaml': 'name: Invited\nwho: { list: invited }\n',
} as const

/** What the parts of the tests of people ask with; each goes on from what those before it left. */
export class PeopleCli {
  #workspace: CliWorkspace | undefined

  get workspace(): CliWorkspace {
    return this.#workspace!
  }

  async start(): Promise<void> {
    this.#workspace = await CliWorkspace.create()
    await this.workspace.write(FILES)
    await this.json('up', '--detach', '--ports', 'auto')
  }

  async stop(): Promise<void> {
    await this.#workspace?.remove()
  }

  /** The answer of a command that succeeds. */
  readonly json = async (...args: string[]) => {
    const { code, value } = await this.workspace.json(args)
    assert.equal(code, 0, JSON.stringify(value))
    return value as never
  }

  /** Exit code, name and remedy of a refusal. */
  readonly refused = async (...args: string[]) => {
    const { code, value } = await this.workspace.json(args)
    const { error } = value as { error: { code: string; message: string; remedy?: string } }
    return [code, error.code, error.remedy]
  }

  /** How many people there are afterwards, and how many in each segment. */
  readonly refresh = async () => {
    const result = await this.json('refresh', '--wait')
    assert.deepEqual(schemaProblems(refreshResultSchema, result), [])
    const { outcome, profiles, segments } = result as {
      outcome: string
      profiles: number
      segments: readonly { name: string; size: number }[]
    }
    assert.equal(outcome, 'succeeded', JSON.stringify(result))
    return { profiles, sizes: Object.fromEntries(segments.map(({ name, size }) => [name, size])) }
  }
}
