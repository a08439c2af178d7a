/**
 * The source of a round: rows of which every version is known. A writer changes them while they are read; each version's
 * content follows from its key and number, so that any row of the warehouse can be judged.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Random } from '../support/random.js'

/** Versions by key; the last one is what the source holds, unless the key was deleted. */
export class History {
  readonly versions = new Map<number, number>()
  readonly deleted = new Set<number>()
  /** Keys that somebody wrote while a sync went on. */
  readonly touched = new Set<number>()
}

export interface Shop {
  readonly history: History
  /** Changes some rows in several transactions, until the signal or a bound. */
  write(random: Random, signal: AbortSignal): Promise<void>
  /** The cursor value of every row that was never touched, as microseconds by key; empty where there is none. */
  untouchedCursors(): Promise<ReadonlyMap<number, bigint>>
}

/** What a version of a row says. */
export const noteOf = (id: number, version: number): string =>
  `row ${id} version ${version} ${'·'.repeat(id % 40)}`

export interface TableOptions {
  readonly url: string
  readonly table: string
  readonly rows: number
  readonly canUpdate: boolean
  readonly canDelete: boolean
}

/** A table of PostgreSQL with an updated_at column. */
export async function openTable(options: TableOptions): Promise<Shop> {
  const { url, table, rows } = options
  const history = new History()
  await withClient(url, async (client) => {
    await client.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, version int NOT NULL, note text NOT NULL, updated_at timestamptz NOT NULL)`,
    )
    await client.query(
      `INSERT INTO ${table} SELECT n, 1, 'row ' || n || ' version 1 ' || repeat('·', n % 40),
       now() - interval '1 day' + n * interval '1 millisecond' FROM generate_series(1, $1::int) n`,
      [rows],
    )
    // Several rows share a cursor value, as they do in life.
    await client.query(`UPDATE ${table} SET updated_at = date_trunc('second', updated_at) WHERE id % 10 < 3`)
    await client.query(`CREATE INDEX ON ${table} (updated_at)`)
    await client.query(`ANALYZE ${table}`)
  })
  for (let id = 1; id <= rows; id += 1) history.versions.set(id, 1)
  return {
    history,
    write: (random, signal) =>
      withClient(url, (client) => writeRows(client, options, history, random, signal)),
    untouchedCursors: () =>
      withClient(url, async (client) => {
        const result = await client.query<{ id: number; at: string }>(
          `SELECT id, (extract(epoch FROM updated_at) * 1000000)::bigint::text AS at FROM ${table} WHERE version = 1`,
        )
        return new Map(
          result.rows.flatMap(({ id, at }) => (history.touched.has(id) ? [] : [[id, BigInt(at)] as const])),
        )
      }),
  }
}

const TRANSACTIONS = 12

async function writeRows(
  client: pg.Client,
  options: TableOptions,
  history: History,
  random: Random,
  signal: AbortSignal,
): Promise<void> {
  const { table } = options
  for (let turn = 0; turn < TRANSACTIONS && !signal.aborted; turn += 1) {
    const changes = new Map<number, number>()
    const inserted = random.between(1, 40)
    const first = history.versions.size + 1
    for (let id = first; id < first + inserted; id += 1) changes.set(id, 1)
    if (options.canUpdate) {
      for (let n = random.between(0, 30); n > 0; n -= 1) {
        const id = random.between(1, history.versions.size)
        if (!history.deleted.has(id)) changes.set(id, history.versions.get(id)! + 1)
      }
    }
    for (const id of changes.keys()) history.touched.add(id)
    await client.query('BEGIN')
    for (const [id, version] of changes) {
      await client.query(
        `INSERT INTO ${table} VALUES ($1, $2, $3, clock_timestamp())
         ON CONFLICT (id) DO UPDATE SET version = $2, note = $3, updated_at = excluded.updated_at`,
        [id, version, noteOf(id, version)],
      )
    }
    // A transaction that commits late, under cursor values that a sync may have passed.
    await sleep(random.between(0, 250))
    await client.query('COMMIT')
    for (const [id, version] of changes) history.versions.set(id, version)
    if (options.canDelete) {
      const id = random.between(1, history.versions.size)
      history.touched.add(id)
      await client.query(`DELETE FROM ${table} WHERE id = $1`, [id])
      history.deleted.add(id)
    }
    await sleep(random.between(0, 150))
  }
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const ROWS_PER_FILE = 1000

/** A folder of NDJSON files; the writer adds files. */
export async function openFolder(folder: string, rows: number): Promise<Shop> {
  const history = new History()
  await mkdir(folder, { recursive: true })
  let files = 0
  const add = async (count: number) => {
    const first = history.versions.size + 1
    const ids = Array.from({ length: count }, (_, index) => first + index)
    const lines = ids.map((id) => JSON.stringify({ id, version: 1, note: noteOf(id, 1) }))
    files += 1
    const name = join(folder, `part-${String(files).padStart(4, '0')}.ndjson`)
    // Appears whole, as an export's file should.
    await writeFile(`${folder}.partial`, `${lines.join('\n')}\n`)
    await rename(`${folder}.partial`, name)
    for (const id of ids) history.versions.set(id, 1)
    return ids
  }
  for (let left = rows; left > 0; left -= ROWS_PER_FILE) await add(Math.min(left, ROWS_PER_FILE))
  return {
    history,
    async write(random, signal) {
      for (let turn = 0; turn < TRANSACTIONS && !signal.aborted; turn += 1) {
        for (const id of await add(random.between(10, 200))) history.touched.add(id)
        await sleep(random.between(0, 250))
      }
    },
    untouchedCursors: async () => new Map(),
  }
}
