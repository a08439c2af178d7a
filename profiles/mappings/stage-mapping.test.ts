/** From rows of real streams to facts, on a real engine. */
import assert from 'node:assert/strict'
import type { IdentityFile, MappingFile } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow, selectRows } from '../../warehouse/query.js'
import { openTestEngine, type TestEngine } from '../engine.testing.js'
import { acceptTestStep, testStep } from '../facts/facts.testing.js'
import { settleMapping } from './settle-mapping.js'
import { dropMapping, MappingRefused, stageMapping } from './stage-mapping.js'
import {
  factsOf,
  runMapping,
  type TestMapping,
  TestStream,
  type TestStreamOptions,
} from './streams.testing.js'

const IDENTITY: IdentityFile = {
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

describe('a mapping', () => {
  let open: TestEngine
  let warehouse: Warehouse
  let mappings = 0

  before(async () => {
    open = await openTestEngine()
    warehouse = open.warehouse
  })
  after(() => open?.close())

  const orders = async (options: Partial<TestStreamOptions> = {}) => {
    const stream = await TestStream.open(warehouse, { columns: COLUMNS, ...options })
    mappings += 1
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
      input: { name: `orders_${mappings}`, mapping, identity: IDENTITY } satisfies TestMapping,
    }
  }
  const totals = async ({ name }: TestMapping) =>
    (
      await selectRows<{ total: number }>(
        warehouse,
        'SELECT `number:total` AS total FROM cdp.events WHERE mapping = {name:String} ORDER BY total',
        { name },
      )
    ).map(({ total }) => total)

  const row = (id: number, total: number | null, more: object = {}) => ({
    id,
    customer: `c${id}`,
    email: null,
    status: 'paid',
    total,
    at: '2026-01-01T10:00:00.000Z',
    ...more,
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

  it('takes only new loads, and nothing where there are none', async () => {
    const { stream, input } = await orders()
    await stream.load([row(1, 5)])
    await runMapping(warehouse, input)
    assert.equal(await stageMapping(testStep(warehouse), input), undefined)
    await stream.write([row(7, 70)])
    assert.equal(await stageMapping(testStep(warehouse), input), undefined)
    await stream.load([row(2, 6), row(3, 7)])
    assert.equal((await runMapping(warehouse, input))?.load.rows, 2)
    assert.deepEqual(await totals(input), [5, 6, 7])
  })

  it('lets the newest of rows with the same key count', async () => {
    const { stream, input } = await orders()
    await stream.load([
      row(1, 5),
      row(1, 6, { _extracted_at: '2026-05-02T00:00:00.000Z' }),
      row(1, 4, { _extracted_at: '2026-04-02T00:00:00.000Z' }),
    ])
    await runMapping(warehouse, input)
    assert.deepEqual(await totals(input), [6])
    await stream.load([row(1, 3, { _extracted_at: '2026-05-01T12:00:00.000Z' }), row(2, 1)])
    await runMapping(warehouse, input)
    assert.deepEqual(await totals(input), [1, 6])
    await stream.load([row(1, 8, { _extracted_at: '2026-06-01T00:00:00.000Z' })])
    await runMapping(warehouse, input)
    assert.deepEqual(await totals(input), [1, 8])
  })

  it('takes the facts of rows away that changed or were deleted, and says whom they were about', async () => {
    const { stream, input } = await orders({
      mode: 'append_dedup',
    })
    await stream.load([row(1, 5), row(2, 6), row(3, 7)])
    await runMapping(warehouse, input)
    await stream.load([row(1, 50), row(2, 6), { ...row(3, null), _deleted: 1 }, row(4, 8)])
    const staged = await stageMapping(testStep(warehouse), input)
    assert.deepEqual(await totals(input), [5, 6, 7])
    await acceptTestStep(warehouse, staged!)
    assert.equal(await settleMapping(testStep(warehouse), input.name), 1)
    assert.equal(await settleMapping(testStep(warehouse), input.name), 0)
    assert.deepEqual(await totals(input), [6, 8, 50])
    const about = await selectRows(
      warehouse,
      `SELECT DISTINCT value FROM cdp.retracted__rows INNER JOIN cdp.nodes USING node
       WHERE mapping = {name:String} ORDER BY value`,
      { name: input.name },
    )
    assert.deepEqual(about, [{ value: 'c1' }, { value: 'c3' }])
  })

  it('settles what the refresh before left, before it maps anything more', async () => {
    const { stream, input } = await orders({ mode: 'append_dedup' })
    await stream.load([row(1, 5)])
    await runMapping(warehouse, input)
    await stream.load([row(1, 6)])
    await acceptTestStep(warehouse, (await stageMapping(testStep(warehouse), input))!)
    await stream.load([row(1, 7)])
    await runMapping(warehouse, input)
    assert.deepEqual(await totals(input), [7])
  })

  it('compares a stream that was read anew row by row: what stayed is no news', async () => {
    const { stream, input } = await orders({ mode: 'overwrite' })
    await stream.load([row(1, 5), row(2, 6), row(3, 7, { at: null })])
    await runMapping(warehouse, input)
    const later = { _extracted_at: '2026-06-01T00:00:00.000Z' }
    await stream.overwrite([row(1, 5, later), row(3, 7, { at: null, ...later }), row(4, 8, later)])
    assert.equal((await runMapping(warehouse, input))?.load.rows, 1)
    assert.deepEqual(await totals(input), [5, 7, 8])
    assert.equal(await stageMapping(testStep(warehouse), input), undefined)
  })

  for (const mode of ['append', 'append_dedup'] as const) {
    it(`follows a stream that goes back to an earlier step (${mode})`, async () => {
      const { stream, input } = await orders({ mode })
      await stream.load([row(1, 5)])
      const step = stream.sequence
      await stream.load([row(2, 6), ...(mode === 'append' ? [] : [row(1, 9)])])
      await runMapping(warehouse, input)
      assert.deepEqual(await totals(input), mode === 'append' ? [5, 6] : [6, 9])
      await stream.rollback(step)
      await runMapping(warehouse, input)
      assert.deepEqual(await totals(input), [5])
      await stream.load([row(3, 7)])
      assert.equal((await runMapping(warehouse, input))?.load.rows, 1)
      assert.deepEqual(await totals(input), [5, 7])
    })
  }

  it('waits for a load that is accepted but not folded yet', async () => {
    const { stream, input } = await orders({ mode: 'append_dedup' })
    await stream.load([row(1, 5)])
    await runMapping(warehouse, input)
    await stream.load([row(2, 6)], { folds: false })
    assert.equal(await stageMapping(testStep(warehouse), input), undefined)
    await stream.load([row(3, 7)])
    await runMapping(warehouse, input)
    assert.deepEqual(await totals(input), [5, 6, 7])
  })

  it('says that the stream of its facts is gone', async () => {
    const { stream, input } = await orders()
    const { source, stream: view } = stream.table
    await stream.load([row(1, 5)])
    await runMapping(warehouse, input)
    await warehouse.command({ query: `DROP VIEW \`${source}\`.\`${view}\`` })
    await assert.rejects(stageMapping(testStep(warehouse), input), /has no till\.\S+ any more; load it again/)
    assert.deepEqual(await totals(input), [5])
  })

  it('finds the facts of a message id that a row no longer has', async () => {
    const { stream, input } = await orders({ mode: 'append_dedup' })
    const mapping = {
      ...input,
      mapping: {
        ...input.mapping,
        events: input.mapping.events!.map((event) => ({ ...event, message_id: ['customer'] })),
      },
    }
    await stream.load([row(1, 5, { customer: 'x' }), row(2, 6)])
    await runMapping(warehouse, mapping)
    await stream.load([row(1, 5, { customer: 'y' })])
    await runMapping(warehouse, mapping)
    const { events } = await factsOf(warehouse, input.name)
    assert.deepEqual(
      events.map((event) => (event as { message_id: string }).message_id),
      ['c2', 'y'],
    )
  })

  it('maps everything anew beside the old after an edit, and switches when it is accepted', async () => {
    const { stream, input } = await orders()
    await stream.load([row(1, 5), row(2, 6, { status: 'draft' })])
    await runMapping(warehouse, input)
    const { events, ...rest } = input.mapping
    const { when: _, ...event } = events![0]!
    const edited = { ...input, mapping: { ...rest, events: [event] } }
    const staged = await stageMapping(testStep(warehouse), edited)
    assert.deepEqual(await totals(input), [5])
    await acceptTestStep(warehouse, staged!)
    assert.deepEqual(await totals(input), [5, 6])
    assert.equal(await stageMapping(testStep(warehouse), edited), undefined)
    const rules = { ...edited, identity: { ...IDENTITY, block: { values: ['c1'] } } }
    await runMapping(warehouse, rules)
    assert.deepEqual(await totals(input), [6])
    const limits = { ...rules.identity.identifiers, email: { ...IDENTITY.identifiers.email, limit: 3 } }
    assert.equal(
      await stageMapping(testStep(warehouse), {
        ...rules,
        identity: { ...rules.identity, identifiers: limits },
      }),
      undefined,
    )
  })

  it('shows nothing of attempts that died, and gives their numbers to others', async () => {
    const { stream, input } = await orders()
    await stream.load([row(1, 5, { customer: 'dead-1' }), row(2, 6, { customer: 'dead-2' })])
    await stageMapping(testStep(warehouse), input)
    await stageMapping(testStep(warehouse), input)
    assert.deepEqual(await totals(input), [])
    await runMapping(warehouse, input)
    assert.deepEqual(await totals(input), [5, 6])
    const nodes = await selectRow<{ nodes: number; values: number; highest: number }>(
      warehouse,
      `SELECT toUInt32(uniqExact(node)) AS nodes, toUInt32(uniqExact(type, value)) AS values, max(node) AS highest
       FROM cdp.nodes`,
    )
    assert.deepEqual(nodes, { nodes: nodes!.highest, values: nodes!.highest, highest: nodes!.highest })
    const left = await selectRows(
      warehouse,
      `SELECT name FROM system.tables WHERE database = 'cdp' AND startsWith(name, 'work_')`,
    )
    assert.deepEqual(left, [])
  })

  it('forgets a mapping that is gone, and knows it again when it comes back', async () => {
    const { stream, input } = await orders()
    assert.equal(await dropMapping(testStep(warehouse), input.name), undefined)
    await stream.load([row(1, 5)])
    await runMapping(warehouse, input)
    await acceptTestStep(warehouse, (await dropMapping(testStep(warehouse), input.name))!)
    assert.deepEqual(await totals(input), [])
    assert.equal(await dropMapping(testStep(warehouse), input.name), undefined)
    await runMapping(warehouse, input)
    assert.deepEqual(await totals(input), [5])
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

  it('takes back what rows said that are too old to be kept, and no more', async () => {
    const { stream, input } = await orders()
    const paid = (id: number, total: number) => ({
      id,
      customer: `c${id}`,
      status: 'paid',
      total,
      at: '2026-01-01T00:00:00Z',
    })
    await stream.load([paid(1, 10), paid(2, 20)])
    await stream.load([paid(3, 30)])
    await runMapping(warehouse, input)
    assert.deepEqual(await totals(input), [10, 20, 30])
    await stream.expire(stream.loads[1]!)
    await stream.load([paid(4, 40)])
    await runMapping(warehouse, input)
    assert.deepEqual(await totals(input), [30, 40])
    assert.equal(await runMapping(warehouse, input), undefined)
  })

  it('finds what a row said before under another id, where that row is too old to be kept', async () => {
    const { stream, input } = await orders({ mode: 'append_dedup' })
    const renamed: TestMapping = {
      ...input,
      mapping: { ...input.mapping, events: [{ ...input.mapping.events![0]!, message_id: ['email'] }] },
    }
    const paid = (email: string) => ({ id: 1, email, status: 'paid', total: 5, at: '2026-01-01T00:00:00Z' })
    await stream.load([paid('before@x.org')])
    await runMapping(warehouse, renamed)
    await stream.load([paid('after@x.org')])
    await stream.load([{ id: 2, email: 'other@x.org', status: 'open', total: 5, at: '2026-01-01T00:00:00Z' }])
    await stream.expire(stream.loads[2]!)
    await runMapping(warehouse, renamed)
    assert.deepEqual(await totals(renamed), [5])
  })
})
