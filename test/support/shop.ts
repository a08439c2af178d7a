/** A real PostgreSQL with a table of orders, for tests that need a database behind a source. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Postgres, startPostgres } from '../../local/postgres/start.js'

export interface TestShop {
  readonly postgres: Postgres
  readonly password: string
  query(sql: string, values?: readonly unknown[]): Promise<pg.QueryResult>
  /** Lets nobody read a table before the function that it gives is called. */
  hold(table: string): Promise<() => Promise<void>>
  /** The config of a source file; `over` replaces parts of it. */
  config(over?: Readonly<Record<string, unknown>>): string
  stop(): Promise<void>
}

const PASSWORD = 'reader-password'

export async function startTestShop(): Promise<TestShop> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tributary-shop-'))
  const postgres = await startPostgres({ dataDir, password: PASSWORD, database: 'shop' })
  const pool = new pg.Pool({ connectionString: postgres.url, max: 2 })
  pool.on('error', () => undefined)
  return {
    postgres,
    password: PASSWORD,
    query: (sql, values) => pool.query(sql, values as unknown[]),
    async hold(table) {
      const client = await pool.connect()
      await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
      return async () => {
        await client.query('ROLLBACK')
        client.release()
      }
    },
    config: (over = {}) =>
      JSON.stringify({
        host: '127.0.0.1',
        port: postgres.port,
        database: 'shop',
        user: postgres.user,
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the workspace's own
        password: '${secret:SHOP_PASSWORD}',
        ssl: { mode: 'disable' },
        ...over,
      }),
    async stop() {
      await pool.end()
      await postgres.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Creates a table `name (id, note, updated_at)` with rows one second apart from 2026-01-01. */
export function ordersTable(name: string, rows: number): string {
  return `CREATE TABLE ${name} (id int PRIMARY KEY, note text, updated_at timestamptz NOT NULL);
    INSERT INTO ${name} SELECT n, 'order ' || n, timestamptz '2026-01-01 00:00Z' + n * interval '1 second'
      FROM generate_series(1, ${rows}) n;
    ANALYZE ${name};`
}
