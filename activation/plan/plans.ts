/** Plans as rows: their ids, their order, and the summary that says one is complete. */

import { randomUUID } from 'node:crypto'
import type { PlanSummary } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow } from '../../warehouse/query.js'

/** Letters, digits and `-`, with room for a batch's number within 64 characters. */
export const newPlanId = (): string => randomUUID()

/** Higher than that of every plan of this activation before. */
export async function nextVersion(warehouse: Warehouse, activation: string): Promise<number> {
  const row = await selectRow<{ version: string }>(
    warehouse,
    'SELECT max(version) AS version FROM cdp.activation_plans WHERE activation = {activation:String}',
    { activation },
  )
  return Number(row!.version) + 1
}

/** Writes the row that makes a plan exist; its records stand already. */
export async function writeSummary(
  warehouse: Warehouse,
  summary: PlanSummary,
  { run, version }: { readonly run: string; readonly version: number },
): Promise<void> {
  const { plan, activation, hash } = summary
  await warehouse.insert({
    table: 'cdp.activation_plans',
    values: [{ plan, activation, run, version, hash, summary: JSON.stringify(summary) }],
    format: 'JSONEachRow',
  })
}
