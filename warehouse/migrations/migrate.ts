/**
 * Brings the `tributary` database to the newest step this program knows, and refuses one that is newer. Safe to run from
 * several processes at once: every statement repeats harmlessly, and a step is recorded after it has taken effect.
 */
import type { Warehouse } from '../client.js'
import { selectRow } from '../query.js'
import type { Migration } from './migration.js'
import { migrations } from './migrations.js'

export class SchemaTooNew extends Error {
  override readonly name = 'SchemaTooNew'
}

export interface MigrationResult {
  readonly from: number
  readonly to: number
}

/** Idempotent. Throws SchemaTooNew where the warehouse was migrated by a newer release. */
export async function migrate(
  warehouse: Warehouse,
  steps: readonly Migration[] = migrations,
): Promise<MigrationResult> {
  await warehouse.command({ query: 'CREATE DATABASE IF NOT EXISTS tributary ENGINE = Atomic' })
  await warehouse.command({
    query: `CREATE TABLE IF NOT EXISTS tributary.migrations (
      number UInt32, name String, at DateTime64(3, 'UTC') DEFAULT now64(3)
    ) ENGINE = MergeTree ORDER BY number SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
  })
  const from = await schemaNumber(warehouse)
  const to = steps.at(-1)?.number ?? 0
  if (from > to) {
    throw new SchemaTooNew(
      `migrating the warehouse: it is at step ${from}, this release knows ${to}; run the release that migrated it, or a newer one`,
    )
  }
  for (const step of steps.filter((step) => step.number > from)) {
    for (const query of step.statements) await warehouse.command({ query })
    await warehouse.insert({
      table: 'tributary.migrations',
      values: [{ number: step.number, name: step.name }],
      columns: ['number', 'name'],
      format: 'JSONEachRow',
    })
  }
  return { from, to }
}

/** The newest step that was recorded; 0 for a new warehouse. */
async function schemaNumber(warehouse: Warehouse): Promise<number> {
  const row = await selectRow<{ number: number }>(
    warehouse,
    'SELECT max(number) AS number FROM tributary.migrations',
  )
  return row?.number ?? 0
}
