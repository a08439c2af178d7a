/** The table that PostgreSQL benchmarks read: twelve columns of mixed types, about 290 bytes a row as text. */
import pg from 'pg'
import { type Postgres, startPostgres } from '../../local/postgres/start.js'

const DATABASE = 'shop'
export const PASSWORD = 'bench-reader'

/** Starts PostgreSQL with `public.events` of so many rows in it. */
export function startEventsDatabase(dataDir: string, rows: number): Promise<Postgres> {
  return startDatabase(dataDir, tableSql(rows))
}

/** Starts PostgreSQL with the tables that `sql` makes, settled for reading. */
export async function startDatabase(dataDir: string, sql: string): Promise<Postgres> {
  const postgres = await startPostgres({ dataDir, password: PASSWORD, database: DATABASE })
  try {
    await withClient(postgres, async (client) => {
      await client.query(sql)
      // Sets the hint bits that the first reader would set otherwise.
      await client.query('VACUUM ANALYZE')
      await client.query('CHECKPOINT')
    })
    return postgres
  } catch (error) {
    await postgres.stop()
    throw error
  }
}

/** One connection for one task. */
export async function withClient<Result>(
  { url }: Postgres,
  task: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await task(client)
  } finally {
    await client.end()
  }
}

export interface ShopStream {
  readonly name: string
  readonly sync: 'full_refresh' | 'incremental'
  readonly destination: 'overwrite' | 'append_dedup'
  readonly cursor?: string
}

/** Workspace files with the database as the source `shop`, synced by hand; the password is the secret SHOP_PASSWORD. */
export function shopWorkspace(
  { port, user }: Postgres,
  streams: readonly ShopStream[],
): Record<string, string> {
  const entries = streams.map(
    ({ name, sync, destination, cursor }) =>
      `  - { name: ${name}, sync_mode: ${sync}, destination_sync_mode: ${destination}${cursor === undefined ? '' : `, cursor_field: ${cursor}`} }`,
  )
  return {
    'tributary.yaml': 'workspace: bench\n',
    'sources/shop.yaml': `connector: source-postgres
config: { host: 127.0.0.1, port: ${port}, database: ${DATABASE}, user: ${user}, password: "\${secret:SHOP_PASSWORD}", ssl: { mode: disable } }
schedule: manual
streams:
${entries.join('\n')}
`,
  }
}

function tableSql(rows: number): string {
  return `
    CREATE TABLE events (
      id bigint PRIMARY KEY, customer_id integer NOT NULL, session uuid NOT NULL, kind text NOT NULL,
      amount numeric(12,2) NOT NULL, score double precision, active boolean NOT NULL, born date,
      created_at timestamptz NOT NULL, updated_at timestamp NOT NULL, properties jsonb, note text);
    INSERT INTO events SELECT n, n % 200000, md5(n::text)::uuid,
      (ARRAY['page_view', 'add_to_cart', 'purchase', 'sign_up', 'search'])[1 + n % 5],
      (n * 7919 % 1000000) / 100.0, CASE WHEN n % 7 = 0 THEN NULL ELSE sqrt(n) END, n % 3 = 0,
      date '1950-01-01' + (n % 25000)::int, timestamptz '2025-01-01 00:00Z' + n * interval '13.7 seconds',
      timestamp '2026-01-01 00:00' + n * interval '1.000001 seconds',
      jsonb_build_object('page', '/products/' || n % 5000, 'referrer', 'campaign-' || n % 37, 'n', n % 100),
      CASE WHEN n % 11 = 0 THEN NULL ELSE 'note ' || n || ' ' || md5((n * 3)::text) || E' with a tab\\t and some more words in it' END
    FROM generate_series(1::bigint, ${rows}) n`
}
