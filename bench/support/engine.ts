/** A second ClickHouse process with nothing around it: what the engine alone does with the same bytes. */
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { startClickHouse } from '../../local/clickhouse/launch.js'
import { connectWarehouse, type Warehouse, type WarehouseOptions } from '../../warehouse/client.js'

export interface BareEngine {
  readonly pid: number
  readonly warehouse: Warehouse
  /** For connections of other processes. */
  readonly login: WarehouseOptions
  stop(): Promise<void>
}

/** Starts the engine; its folder is gone after `stop`. `infileRoots`: folders whose files inserts may name. */
export async function startBareEngine(infileRoots: readonly string[] = []): Promise<BareEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-bench-engine-'))
  const login = { user: 'bench', password: 'bench-engine' }
  const engine = await startClickHouse({ ...login, dataDir: join(folder, 'data'), infileRoots })
  const options = { url: engine.url, username: login.user, password: login.password }
  const warehouse = connectWarehouse(options)
  return {
    pid: engine.pid,
    warehouse,
    login: options,
    async stop() {
      await warehouse.close()
      await engine.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Sends a file's bytes as the body of an INSERT. */
export async function insertFile(warehouse: Warehouse, statement: string, path: string): Promise<void> {
  const { stream } = await warehouse.exec({
    query: statement,
    values: createReadStream(path, { highWaterMark: 1 << 20 }),
  })
  await pipeline(stream, async (chunks: AsyncIterable<unknown>) => {
    for await (const _ of chunks) {
      // An insert answers with nothing.
    }
  })
}

/** Makes the table of another engine in this one, empty. */
export async function copyTable(
  from: Warehouse,
  to: Warehouse,
  database: string,
  table: string,
): Promise<void> {
  const result = await from.query({
    query: `SELECT create_table_query AS sql FROM system.tables WHERE database = {database:String} AND name = {table:String}`,
    query_params: { database, table },
    format: 'JSONEachRow',
  })
  const [found] = await result.json<{ sql: string }>()
  if (found === undefined) throw new Error(`copying ${database}.${table}: there is no such table`)
  await to.command({ query: `CREATE DATABASE IF NOT EXISTS \`${database}\` ENGINE = Atomic` })
  await to.command({ query: `DROP TABLE IF EXISTS \`${database}\`.\`${table}\` SYNC` })
  await to.command({ query: found.sql })
}
