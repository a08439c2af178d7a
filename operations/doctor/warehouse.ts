/** ClickHouse: reachable, and at the step of migrations that this release knows. */

import type { Warehouse } from '../../warehouse/client.js'
import { migrations } from '../../warehouse/migrations/migrations.js'
import { selectRow } from '../../warehouse/query.js'
import type { OperationContext } from '../context.js'
import { type Check, failed, failedBy, passed } from './check.js'

export async function checkWarehouse(
  context: Pick<OperationContext, 'warehouse' | 'warehouseConfig'>,
): Promise<readonly Check[]> {
  try {
    const { url } = await context.warehouseConfig()
    const warehouse = await context.warehouse()
    const row = await selectRow<{ version: string }>(warehouse, 'SELECT version() AS version')
    return [passed('clickhouse', `${url}, version ${row?.version}`), await checkMigrations(warehouse)]
  } catch (error) {
    const remedy =
      'start the local stack with tributary up, or check CLICKHOUSE_URL, CLICKHOUSE_USER and CLICKHOUSE_PASSWORD'
    return [failedBy('clickhouse', error, remedy)]
  }
}

async function checkMigrations(warehouse: Warehouse): Promise<Check> {
  const newest = Math.max(...migrations.map(({ number }) => number))
  const table = await selectRow<{ found: number }>(
    warehouse,
    "SELECT 1 AS found FROM system.tables WHERE database = 'tributary' AND name = 'migrations'",
  )
  const row =
    table &&
    (await selectRow<{ step: number }>(warehouse, 'SELECT max(number) AS step FROM tributary.migrations'))
  const step = row?.step ?? 0
  if (step === newest) return passed('migrations', `step ${step}`)
  return step < newest
    ? failed('migrations', `step ${step} of ${newest}`, 'run tributary setup')
    : failed(
        'migrations',
        `step ${step}, this release knows ${newest}`,
        'install the release that the workers have',
      )
}
