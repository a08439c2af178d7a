/** What rows give: events, values of rows of other streams, identifiers as they are compared, and refusals. */
import assert from 'node:assert/strict'
import type { MappingFile } from '@tributary/schemas'
import type { Warehouse } from '../../../warehouse/client.js'
import { selectRows } from '../../../warehouse/query.js'
import { testStep } from '../../facts/facts.testing.js'
import { MappingRefused, stageMapping } from '../stage-mapping.js'
import { factsOf, runMapping, TestStream } from '../streams.testing.js'
import { type Orders, row } from './orders.testing.js'

export function values(world: Orders): void {
  const { orders } = world
  let warehouse: Warehouse
  before(() => {
    warehouse = world.warehouse
  })

  it('takes the newest row about somebody where neither the stream nor the mapping names a key', async () => {
    const { stream, input } = await orders({ key: [] })
    const { events: _none, ...rest } = input.mapping
    const list = { ...input, mapping: { ...rest, traits: { status: 'status' } } }
    await stream.load([
      row(1, 5, { customer: null, email: 'ann@example.com', status: 'lead' }),
      row(2, 5, { customer: null, email: 'bob@example.com', status: 'lead' }),
    ])
    await runMapping(warehouse, list)
    const later = { _extracted_at: '2026-05-02T00:00:00.000Z' }
    await stream.load([row(3, 5, { customer: null, email: 'ann@example.com', status: 'customer', ...later })])
    await runMapping(warehouse, list)
    const { traits } = await factsOf(warehouse, list.name)
    assert.deepEqual(
      (traits as { node: string; text: string }[]).map(({ node, text }) => [node, text]),
      [
        ['email:ann@example.com', 'customer'],
        ['email:bob@example.com', 'lead'],
      ],
    )
  })

  it('gives events of rows whose condition holds, with their properties and their person', async () => {
    const { stream, input } = await orders()
    await stream.load([
      row(1, 5, { customer: ' a ', email: ' Ann@Example.COM ' }),
      row(2, null, { customer: null, email: 'ann@example.com', at: null }),
      row(3, 7, { customer: 'null', email: '0' }),
      row(4, 9, { status: 'draft', customer: 'b' }),
      row(5, 1, { status: 'draft', customer: 'a', email: 'ann@example.com', at: null }),
    ])
    assert.equal((await runMapping(warehouse, input))?.load.rows, 5)
    assert.deepEqual(await factsOf(warehouse, input.name, ['number:total', 'text:channel']), {
      events: [
        {
          event: 'Order Completed',
          message_id: '1',
          ts: '2026-01-01 10:00:00.000',
          node: 'customer_id:a',
          'number:total': 5,
          'text:channel': 'till',
        },
        {
          event: 'Order Completed',
          message_id: '2',
          ts: '2026-05-01 00:00:00.000',
          node: 'email:ann@example.com',
          'number:total': null,
          'text:channel': 'till',
        },
      ],
      traits: [],
      links: [
        { node_a: 'customer_id:a', node_b: 'email:ann@example.com', ts: '2026-01-01 10:00:00.000' },
        { node_a: 'customer_id:a', node_b: 'email:ann@example.com', ts: '2026-05-01 00:00:00.000' },
        { node_a: 'customer_id:b', node_b: 'customer_id:b', ts: '2026-05-01 00:00:00.000' },
      ],
    })
  })

  it('takes values from rows of another stream, and follows them', async () => {
    const products = await TestStream.open(warehouse, {
      mode: 'overwrite',
      columns: { sku: 'Int32', department: 'Nullable(String)', since: 'Nullable(Date32)' },
      key: ['sku'],
    })
    const { stream, input } = await orders()
    const lookup = (field: string) => ({ lookup: products.name, key: 'id', field })
    const mapping: MappingFile = {
      ...input.mapping,
      events: [
        { name: 'Bought', timestamp: lookup('since'), properties: { department: lookup('department') } },
      ],
    }
    await products.load([
      { sku: 1, department: 'bakery', since: '2026-02-01' },
      { sku: 2, department: null, since: null },
    ])
    await stream.load([row(1, 5), row(2, 6), row(3, 7)])
    const mapped = { ...input, mapping }
    const bought = async () =>
      (await factsOf(warehouse, input.name, ['text:department'])).events.map((event) => {
        const { message_id, ts, 'text:department': department } = event as Record<string, unknown>
        return [message_id, ts, department]
      })
    await runMapping(warehouse, mapped)
    const extracted = '2026-05-01 00:00:00.000'
    assert.deepEqual(await bought(), [
      ['1', '2026-02-01 00:00:00.000', 'bakery'],
      ['2', extracted, null],
      ['3', extracted, null],
    ])
    await products.overwrite([
      { sku: 1, department: 'bakery', since: '2026-02-01' },
      { sku: 2, department: null, since: null },
    ])
    assert.equal(await stageMapping(testStep(warehouse), mapped), undefined)
    await products.overwrite([
      { sku: 1, department: 'bakery', since: '2026-02-01' },
      { sku: 3, department: 'wine', since: null },
    ])
    assert.equal((await runMapping(warehouse, mapped))?.load.rows, 1)
    assert.deepEqual(await bought(), [
      ['1', '2026-02-01 00:00:00.000', 'bakery'],
      ['2', extracted, null],
      ['3', extracted, 'wine'],
    ])
  })

  it('compares phone numbers as what they call', async () => {
    const { stream, input } = await orders()
    const mapped = { ...input, mapping: { ...input.mapping, identifiers: { phone: 'customer' } } }
    const numbers = [
      '06 12 34 56 78',
      '+33612345678',
      '0033 6 12 34 56 78',
      '12',
      'nobody',
      ' 0612345678\u00a0',
    ]
    await stream.load(numbers.map((customer, id) => row(id, id, { customer })))
    await runMapping(warehouse, mapped)
    const events = await selectRows(
      warehouse,
      `SELECT value, count() AS events FROM cdp.events INNER JOIN cdp.nodes USING node
       WHERE mapping = {name:String} GROUP BY value`,
      { name: input.name },
    )
    assert.deepEqual(events, [{ value: '+33612345678', events: '4' }])
  })

  it('refuses definitions that do not fit the stream', async () => {
    const { stream, input } = await orders()
    await stream.load([row(1, 5)])
    await assert.rejects(
      stageMapping(testStep(warehouse), {
        ...input,
        mapping: { ...input.mapping, identifiers: { email: 'mail' } },
      }),
      new MappingRefused(input.name, [
        {
          path: ['identifiers', 'email'],
          message: `${stream.name} has no column mail`,
          remedy: 'did you mean email?',
        },
      ]),
    )
  })
}
