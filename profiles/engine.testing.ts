/** A real engine with a migrated warehouse and its dictionaries, for tests of what works on profiles. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startClickHouse } from '../local/clickhouse/launch.js'
import { connectWarehouse, type Warehouse } from '../warehouse/client.js'
import { migrate } from '../warehouse/migrations/migrate.js'
import { selectRows } from '../warehouse/query.js'
import { createDictionaries, reloadProfileOf, reloadRecordOf } from './people/dictionaries.js'

export interface TestEngine {
  readonly warehouse: Warehouse
  /** Forgets every fact, every record and every load. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** Gone after `close`. */
export async function openTestEngine(): Promise<TestEngine> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tributary-engine-'))
  const engine = await startClickHouse({ dataDir, user: 'tester', password: 'tester-password' })
  const warehouse = connectWarehouse({ url: engine.url, username: 'tester', password: 'tester-password' })
  await migrate(warehouse)
  await createDictionaries(warehouse)
  return {
    warehouse,
    async clear() {
      const tables = await selectRows<{ name: string }>(
        warehouse,
        "SELECT name FROM system.tables WHERE database = 'cdp' AND engine LIKE '%MergeTree'",
      )
      for (const table of ['tributary.loads', ...tables.map(({ name }) => `cdp.${name}`)]) {
        await warehouse.command({ query: `TRUNCATE TABLE ${table}` })
      }
      await reloadProfileOf(warehouse)
      await reloadRecordOf(warehouse)
    },
    async close() {
      await warehouse.close()
      await engine.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
