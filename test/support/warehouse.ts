/** A real engine with a migrated warehouse, for tests of the ledger and the loader; gone after `close`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StreamSchema } from '@tributary/schemas'
import { startClickHouse } from '../../local/clickhouse/launch.js'
import { connectWarehouse, type Warehouse } from '../../warehouse/client.js'
import { newLoadId } from '../../warehouse/ledger/ids.js'
import type { Position } from '../../warehouse/ledger/ledger.js'
import type { LoadTarget } from '../../warehouse/loading/load-target.js'
import { LoadWriter } from '../../warehouse/loading/load-writer.js'
import { migrate } from '../../warehouse/migrations/migrate.js'
import { planProjection } from '../../warehouse/projection/plan-projection.js'
import type { StreamTable } from '../../warehouse/tables/stream-table.js'

export interface TestWarehouse {
  readonly warehouse: Warehouse
  /** A folder whose files the engine reads itself. */
  readonly filesDir: string
  close(): Promise<void>
}

export async function openTestWarehouse(): Promise<TestWarehouse> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tributary-engine-'))
  const filesDir = await mkdtemp(join(tmpdir(), 'tributary-files-'))
  const credentials = { user: 'tester', password: 'tester-password' }
  const engine = await startClickHouse({ dataDir, ...credentials, infileRoots: [filesDir] })
  const warehouse = connectWarehouse({ url: engine.url, username: 'tester', password: 'tester-password' })
  await migrate(warehouse)
  return {
    warehouse,
    filesDir,
    async close() {
      await warehouse.close()
      await engine.stop()
      for (const folder of [dataDir, filesDir]) await rm(folder, { recursive: true, force: true })
    },
  }
}

export const ORIGIN = { revision: 'r1', runId: 'run-1' }

/** A stream of people: an id, a name, a time. */
export const PEOPLE: StreamSchema = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    name: { type: ['string', 'null'] },
    at: { type: ['string', 'null'], format: 'date-time' },
  },
  required: ['id'],
}

export interface TestStream {
  readonly table: StreamTable
  target(position: Position, loadId?: string): LoadTarget
}

/** Table and load targets of a stream, as the activities would set them up. */
export function testStream(
  stream: string,
  options: { keyed: boolean; schema?: StreamSchema; key?: readonly string[] },
): TestStream {
  const key = options.key ?? ['id']
  const settings = { schema: options.schema ?? PEOPLE, primaryKey: key }
  const rows = planProjection({ ...settings, path: 'rows' })
  const table: StreamTable = {
    source: 'crm',
    stream,
    columns: rows.columns.map(({ name, type }) => ({ name, type })),
    key,
    keyed: options.keyed,
  }
  return {
    table,
    target: (position, loadId = newLoadId()) => ({
      table,
      position,
      origin: ORIGIN,
      loadId,
      rows,
      blocks: planProjection({ ...settings, path: 'blocks' }),
      exactBlocks: planProjection({ ...settings, path: 'blocks', exactTypes: true }),
      contract: 'evolve',
      keyFields: key,
      keepsUnknown: true,
      withheld: [],
    }),
  }
}

/** Writes records as one load and returns what the activity would: nothing of it is visible yet. */
export async function writeLoad(
  warehouse: Warehouse,
  target: LoadTarget,
  records: readonly Record<string, unknown>[],
) {
  const writer = new LoadWriter(warehouse, target, {
    signal: new AbortController().signal,
    localFileRoots: [],
  })
  await writer.appendRecords(records)
  const totals = await writer.finish()
  return { loadId: target.loadId, sequence: target.position.sequence + 1, ...totals }
}
