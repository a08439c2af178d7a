/** Reads who is in which segment, for tests. */
import type { Warehouse } from '../../../warehouse/client.js'
import { selectRows } from '../../../warehouse/query.js'

/** Published members of every segment, by least node. */
export async function currentMembers(
  warehouse: Warehouse,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const rows = await selectRows<{ segment: string; members: number[] }>(
    warehouse,
    `SELECT segment, arraySort(bitmapToArray(argMax(members, version))) AS members
     FROM cdp.segment_versions WHERE carries GROUP BY segment ORDER BY segment`,
  )
  return Object.fromEntries(rows.map(({ segment, members }) => [segment, members]))
}
