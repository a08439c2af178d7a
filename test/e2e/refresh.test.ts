/** From rows in a database to people and segments: synced, mapped, resolved, refreshed by itself, and again after changes. */
import assert from 'node:assert/strict'
import { apply } from '../../operations/apply.js'
import { type RefreshResult, refreshes, startRefresh } from '../../operations/refresh.js'
import { selectRows } from '../../warehouse/query.js'
import { startTestShop, type TestShop } from '../support/shop.js'
import { startTestStack, type TestStack } from '../support/stack.js'
import { syncAndWait } from '../support/sync.js'
import { until } from '../support/until.js'

const FILES = {
  'tributary.yaml': 'workspace: people\ntime_zone: Europe/Paris\nrefresh: manual\n',
  'identity.yaml': `identifiers:
  customer_id: { unique: true }
  email: { normalize: email, limit: 3 }
block: { values: ["", "n/a"] }
`,
  'traits.yaml': `traits: { city: { rule: latest } }
computed: { spent: { event: Order Paid, aggregate: { sum: total } } }
`,
  'mappings/customers.yaml': `stream: shop.public.customers
identifiers: { customer_id: id, email: email }
traits: { city: { field: city, timestamp: updated_at } }
`,
  'mappings/orders.yaml': `stream: shop.public.orders
identifiers: { email: email }
events:
  - name: Order Paid
    timestamp: paid_at
    when: { field: status, eq: paid }
    properties: { total: total, channel: channel }
`,
  'segments/parisians.yaml': 'name: Parisians\nwho: { trait: city, eq: Paris }\n',
  'segments/good.yaml': 'name: Good customers\nwho: { trait: spent, gte: 100 }\n',
  'segments/quiet.yaml': 'name: Never bought\nwho: { performed: Order Paid, times: { eq: 0 } }\n',
  'segments/good-parisians.yaml':
    'name: Good Parisians\nwho: { all: [{ segment: good }, { segment: parisians }] }\n',
}

describe('a refresh', function () {
  this.timeout(180_000)
  let shop: TestShop
  let stack: TestStack

  before(async () => {
    shop = await startTestShop()
    await shop.query(`
      CREATE TABLE customers (id int PRIMARY KEY, email text, city text, updated_at timestamptz NOT NULL);
      INSERT INTO customers VALUES
        (1, 'Ada@Example.com', 'Paris', '2026-01-01Z'), (2, 'ben@example.com', 'Lyon', '2026-01-01Z'),
        (3, 'n/a', 'Paris', '2026-01-01Z'), (4, 'n/a', 'Nantes', '2026-01-01Z');
      CREATE TABLE orders (id int PRIMARY KEY, email text, status text, total numeric(10,2), channel text,
        paid_at timestamptz, updated_at timestamptz NOT NULL);
      INSERT INTO orders VALUES
        (1, ' ada@example.com', 'paid', 60, 'store', '2026-01-02Z', '2026-01-02Z'),
        (2, 'ADA@example.com', 'paid', 50, 'web', '2026-01-03Z', '2026-01-03Z'),
        (3, 'ben@example.com', 'open', 500, 'web', null, '2026-01-03Z'),
        (4, 'guest@example.com', 'paid', 20, 'web', '2026-01-04Z', '2026-01-04Z')`)
    stack = await startTestStack({
      env: { TRIBUTARY_SECRET_SHOP_PASSWORD: shop.password, TRIBUTARY_REFRESH_DELAY_MS: '200' },
    })
    await stack.write({
      ...FILES,
      'sources/shop.yaml': `connector: source-postgres
config: ${shop.config()}
schedule: manual
streams:
  - { name: "public.*", sync_mode: incremental, destination_sync_mode: append_dedup, cursor_field: updated_at }
`,
    })
    await apply(stack.context, { author: 'test' })
  })

  after(async () => {
    await stack?.stop()
    await shop?.stop()
  })

  const sizes = ({ segments }: RefreshResult) =>
    Object.fromEntries(segments.map(({ name, size, entered, left }) => [name, [size, entered, left]]))
  const refresh = async () => (await startRefresh(stack.context)).result()

  it('follows a sync by itself', async () => {
    await syncAndWait(stack, 'shop')
    await until(async () => (await refreshes(stack.context)).some(({ outcome }) => outcome === 'succeeded'))
    const [last] = await refreshes(stack.context)
    // Ada, Ben, the two without an address, and the guest.
    assert.deepEqual([last!.profiles, last!.identifiers], [5, 7])
    assert.deepEqual(sizes(last!), {
      good: [1, 1, 0],
      'good-parisians': [1, 1, 0],
      parisians: [2, 2, 0],
      quiet: [3, 3, 0],
    })
  })

  it('finds nothing to do when nothing has come', async () => {
    const result = await refresh()
    assert.equal(result.outcome, 'succeeded')
    assert.deepEqual(
      result.steps.filter(({ name }) => name !== 'segments').map(({ status }) => status),
      ['nothing new', 'nothing new', 'nothing new', 'nothing new'],
    )
    assert.deepEqual(sizes(result), {
      good: [1, 0, 0],
      'good-parisians': [1, 0, 0],
      parisians: [2, 0, 0],
      quiet: [3, 0, 0],
    })
  })

  it('looks at everybody when it is asked to, and finds the same', async () => {
    const result = await (await startRefresh(stack.context, { full: true })).result()
    assert.deepEqual(
      result.steps.map(({ name, status }) => `${name}: ${status}`),
      [
        'mapping customers: nothing new',
        'mapping orders: nothing new',
        'identity: done',
        'traits: done',
        'segments: done',
      ],
    )
    assert.deepEqual(sizes(result), {
      good: [1, 0, 0],
      'good-parisians': [1, 0, 0],
      parisians: [2, 0, 0],
      quiet: [3, 0, 0],
    })
  })

  it('moves people whose rows changed, and logs who entered and left', async () => {
    await shop.query(`
      UPDATE customers SET city = 'Lyon', updated_at = '2026-02-01Z' WHERE id = 1;
      UPDATE orders SET status = 'paid', paid_at = '2026-02-01Z', updated_at = '2026-02-01Z' WHERE id = 3;
      UPDATE orders SET status = 'refunded', updated_at = '2026-02-01Z' WHERE id = 2;
      INSERT INTO customers VALUES (5, 'guest@example.com', 'Paris', '2026-02-01Z')`)
    await syncAndWait(stack, 'shop')
    const result = await refresh()
    assert.deepEqual([result.outcome, result.profiles, result.identifiers], ['succeeded', 5, 8])
    assert.deepEqual(sizes(result), {
      good: [1, 1, 1],
      'good-parisians': [0, 0, 1],
      parisians: [2, 1, 1],
      quiet: [2, 0, 1],
    })
    // The first version is where the log begins.
    const log = await selectRows<{ segment: string; change: string; people: string }>(
      await stack.context.warehouse(),
      `SELECT segment, change, count() AS people FROM cdp.membership_log
       WHERE NOT startsWith(segment, '_') GROUP BY segment, change ORDER BY segment, change`,
    )
    assert.deepEqual(
      log.map(({ segment, change, people }) => `${segment} ${change} ${people}`),
      [
        'good entered 1',
        'good left 1',
        'good-parisians left 1',
        'parisians entered 1',
        'parisians left 1',
        'quiet left 1',
      ],
    )
  })

  it('publishes nothing from facts that it could not take back, and goes on once it can', async () => {
    const warehouse = await stack.context.warehouse()
    // Rows of a table with a projection cannot be deleted: what the guest spent before stands beside what is right.
    await warehouse.command({
      query: 'ALTER TABLE cdp.events__rows ADD PROJECTION stands (SELECT row ORDER BY row)',
    })
    await shop.query("UPDATE orders SET total = 90, updated_at = '2026-03-01Z' WHERE id = 4")
    await syncAndWait(stack, 'shop')
    assert.equal((await refresh()).outcome, 'failed')
    assert.equal((await refresh()).outcome, 'failed')
    await warehouse.command({ query: 'ALTER TABLE cdp.events__rows DROP PROJECTION stands' })
    const result = await refresh()
    assert.deepEqual([result.outcome, sizes(result).good], ['succeeded', [1, 0, 0]])
    const [log] = await selectRows<{ changes: string }>(
      warehouse,
      "SELECT count() AS changes FROM cdp.membership_log WHERE segment = 'good'",
    )
    assert.equal(log!.changes, '2')
  })

  it('says where a mapping does not fit its stream, and refreshes the rest', async () => {
    const orders = FILES['mappings/orders.yaml']
    await stack.write({ 'mappings/orders.yaml': orders.replace('total: total', 'total: totl') })
    await apply(stack.context, { author: 'test' })
    const { outcome, steps } = await refresh()
    assert.deepEqual(
      [outcome, steps.flatMap(({ name, error }) => (error ? [[name, error.message]] : []))],
      [
        'partial',
        [
          [
            'mapping orders',
            'mappings/orders.yaml:7:26 events[0].properties.total: shop.public.orders has no column totl; did you mean total?',
          ],
        ],
      ],
    )
    assert.equal(steps.find(({ name }) => name === 'segments')?.status, 'done')
    await stack.write({ 'mappings/orders.yaml': orders })
    await apply(stack.context, { author: 'test' })
    assert.equal((await refresh()).outcome, 'succeeded')
  })

  it('answers whoever waits when it is cancelled', async () => {
    const handle = (await stack.context.temporal()).workflow.getHandle('profiles/people')
    await handle.result().catch(() => undefined)
    const started = await startRefresh(stack.context)
    await handle.cancel()
    assert.equal((await started.result()).outcome, 'cancelled')
    await assert.rejects(handle.result(), { name: 'WorkflowFailedError', message: /cancelled/ })
    assert.equal((await refresh()).outcome, 'succeeded')
  })
})
