/** How much was loaded, by source: for a look at whether data flows. */
import type { Warehouse } from '../client.js'
import { selectRows } from '../query.js'

export interface AcceptedRows {
  /** As far back as the ledger goes, also what later loads replaced. */
  readonly rows: number
  /** Within the last 24 hours. */
  readonly rowsDay: number
}

/** One look over the ledger. Slices that a later run made void count as well: what flowed, not what is there. */
export async function acceptedRows(warehouse: Warehouse): Promise<ReadonlyMap<string, AcceptedRows>> {
  const found = await selectRows<{ source: string; total: string; day: string }>(
    warehouse,
    `SELECT source, sum(rows) AS total, sumIf(rows, loads.at > now64(3) - INTERVAL 1 DAY) AS day
     FROM tributary.loads AS loads WHERE event = 'accepted' GROUP BY source`,
  )
  return new Map(
    found.map(({ source, total, day }) => [source, { rows: Number(total), rowsDay: Number(day) }]),
  )
}
