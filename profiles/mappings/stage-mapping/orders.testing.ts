/** Streams of orders on a real engine, and mappings of them: what the parts of the tests of mappings share. */
import type { IdentityFile, MappingFile } from '@tributary/schemas'
import type { Warehouse } from '../../../warehouse/client.js'
import { selectRows } from '../../../warehouse/query.js'
import { openTestEngine, type TestEngine } from '../../engine.testing.js'
import { type TestMapping, TestStream, type TestStreamOptions } from '../streams.testing.js'

export const IDENTITY: IdentityFile = {
  identifiers: {
    customer_id: { unique: true },
    email: { normalize: 'email' },
    phone: { normalize: 'phone', region: 'FR' },
  },
  block: { values: ['null', 'n/a'], patterns: ['^[0-]*$'] },
}

const COLUMNS = {
  id: 'Int64',
  customer: 'Nullable(String)',
  email: 'Nullable(String)',
  status: 'LowCardinality(String)',
  total: 'Nullable(Float64)',
  at: "Nullable(DateTime64(3, 'UTC'))",
}

/** An order that is paid, of a customer of its own. */
export const row = (id: number, total: number | null, more: object = {}) => ({
  id,
  customer: `c${id}`,
  email: null,
  status: 'paid',
  total,
  at: '2026-01-01T10:00:00.000Z',
  ...more,
})

export class Orders {
  #engine: TestEngine | undefined
  #mappings = 0

  get warehouse(): Warehouse {
    return this.#engine!.warehouse
  }

  async start(): Promise<void> {
    this.#engine = await openTestEngine()
  }

  async stop(): Promise<void> {
    await this.#engine?.close()
  }

  /** A new stream of orders, and a mapping of it. */
  readonly orders = async (options: Partial<TestStreamOptions> = {}) => {
    const stream = await TestStream.open(this.warehouse, { columns: COLUMNS, ...options })
    this.#mappings += 1
    const mapping: MappingFile = {
      stream: stream.name,
      identifiers: { email: 'email', customer_id: 'customer' },
      events: [
        {
          name: 'Order Completed',
          timestamp: 'at',
          when: { field: 'status', eq: 'paid' },
          properties: { total: 'total', channel: { constant: 'till' } },
        },
      ],
    }
    return {
      stream,
      input: { name: `orders_${this.#mappings}`, mapping, identity: IDENTITY } satisfies TestMapping,
    }
  }

  /** What the events of a mapping amount to, ascending. */
  readonly totals = async ({ name }: TestMapping) =>
    (
      await selectRows<{ total: number }>(
        this.warehouse,
        'SELECT `number:total` AS total FROM cdp.events WHERE mapping = {name:String} ORDER BY total',
        { name },
      )
    ).map(({ total }) => total)
}
