/** The thinnest path through every room: a workspace file, applied, synced by its schedule, read back from the view. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Postgres, startPostgres } from '../../local/postgres/start.js'
import { apply } from '../../operations/apply.js'
import { showState } from '../../warehouse/ledger/state.js'
import { selectRows } from '../../warehouse/query.js'
import { startTestStack, type TestStack } from '../support/stack.js'
import { syncAndWait } from '../support/sync.js'

describe('a PostgreSQL source', () => {
  let postgres: Postgres
  let stack: TestStack
  let dataDir: string
  let database: pg.Client

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'tributary-pg-'))
    postgres = await startPostgres({ dataDir, password: 'reader-password', database: 'shop' })
    database = new pg.Client({ connectionString: postgres.url })
    await database.connect()
    await database.query(`
      CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(10,2), note text, updated_at timestamptz NOT NULL);
      INSERT INTO orders SELECT n, n * 1.25, 'order ' || n, timestamptz '2026-01-01 00:00Z' + n * interval '1 second'
        FROM generate_series(1, 5000) n;
      CREATE TABLE colours (name text PRIMARY KEY, hex text);
      INSERT INTO colours VALUES ('red', '#f00'), ('blue', '#00f')`)
    stack = await startTestStack({ env: { TRIBUTARY_SECRET_SHOP_PASSWORD: 'reader-password' } })
    await stack.write({
      'tributary.yaml': 'workspace: e2e\ntime_zone: Europe/Paris\n',
      'sources/shop.yaml': `connector: source-postgres
config: { host: 127.0.0.1, port: ${postgres.port}, database: shop, user: ${postgres.user}, password: "\${secret:SHOP_PASSWORD}", ssl: { mode: disable } }
schedule: manual
streams:
  - { name: public.orders, sync_mode: incremental, destination_sync_mode: append_dedup, cursor_field: updated_at, primary_key: [id] }
  - { name: "public.*", sync_mode: full_refresh, destination_sync_mode: overwrite }
`,
    })
    await apply(stack.context, { author: 'test' })
  })

  after(async () => {
    await database?.end()
    await stack?.stop()
    await postgres?.stop()
    await rm(dataDir, { recursive: true, force: true })
  })

  it('loads everything at the first sync', async () => {
    const report = await syncAndWait(stack, 'shop')
    assert.deepEqual(
      report.streams.map(({ name, outcome, rows, rejects }) => ({ name, outcome, rows, rejects })),
      [
        { name: 'public.colours', outcome: 'succeeded', rows: 2, rejects: 0 },
        { name: 'public.orders', outcome: 'succeeded', rows: 5000, rejects: 0 },
      ],
    )
    const rows = await selectRows(
      await stack.context.warehouse(),
      'SELECT count() AS n, sum(total) AS total, max(updated_at) AS newest FROM shop.`public.orders`',
    )
    assert.deepEqual(rows, [{ n: '5000', total: 15628125, newest: '2026-01-01 01:23:20.000000' }])
  })

  it('loads only what changed at the next, and repairs by key', async () => {
    await database.query(`
      UPDATE orders SET note = 'changed', updated_at = '2026-01-02 00:00Z' WHERE id <= 10;
      INSERT INTO orders VALUES (5001, 1, 'new', '2026-01-02 00:00Z');
      DELETE FROM colours WHERE name = 'red'`)
    const report = await syncAndWait(stack, 'shop')
    assert.equal(report.outcome, 'succeeded')
    const warehouse = await stack.context.warehouse()
    assert.deepEqual(
      await selectRows(
        warehouse,
        "SELECT count() AS n, countIf(note = 'changed') AS changed FROM shop.`public.orders`",
      ),
      [{ n: '5001', changed: '10' }],
    )
    assert.deepEqual(await selectRows(warehouse, 'SELECT name FROM shop.`public.colours`'), [
      { name: 'blue' },
    ])
  })

  it('loads nothing when nothing changed', async () => {
    await syncAndWait(stack, 'shop')
    const state = await showState(await stack.context.warehouse(), 'shop')
    assert.deepEqual(
      state.map(({ stream, generation }) => ({ stream, generation })),
      [
        { stream: 'public.colours', generation: 3 },
        { stream: 'public.orders', generation: 1 },
      ],
    )
  })
})
