/** Drops bitmaps of old versions: who was in a segment then can still be told, from an older one and the log. */
import type { Warehouse } from '../../../warehouse/client.js'
import { selectRow } from '../../../warehouse/query.js'
import { NOBODY } from './scratch.js'

/**
 * Keeps of each segment the bitmap of its first version (the log begins there), of the first one of each month, and the newest
 * ones. Rows and log stay. Idempotent.
 * @param options.keep how many of the newest bitmaps stay. @default 10
 * @returns how many bitmaps it dropped
 */
export async function sweepVersions(
  warehouse: Warehouse,
  { keep = 10 }: { readonly keep?: number } = {},
): Promise<number> {
  if (keep < 1) throw new Error('sweeping versions: keep at least 1, the members that are published now')
  const old = `SELECT segment, version FROM (
      SELECT segment, version,
        row_number() OVER (PARTITION BY segment ORDER BY version DESC) AS newest,
        row_number() OVER (PARTITION BY segment ORDER BY version) AS oldest,
        row_number() OVER (PARTITION BY segment, toYYYYMM(at) ORDER BY version) AS of_month
      FROM cdp.segment_versions WHERE carries)
    WHERE newest > ${Math.floor(keep)} AND oldest > 1 AND of_month > 1`
  const row = await selectRow<{ old: string }>(warehouse, `SELECT count() AS old FROM (${old})`)
  const count = Number(row!.old)
  if (count === 0) return 0
  await warehouse.command({
    query: `ALTER TABLE cdp.segment_versions__rows UPDATE members = ${NOBODY}, carries = 0
      WHERE carries AND (segment, version) IN (${old})`,
    clickhouse_settings: { mutations_sync: '1' },
  })
  return count
}
