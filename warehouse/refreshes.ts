/** `cdp.refreshes`: what became of every round of a refresh, for lists and for saying how fresh people and segments are. */
import type { Warehouse } from './client.js'
import { selectRows } from './query.js'

/** The part of a round's report that is stored in columns; the whole is kept as JSON. */
export interface RefreshRecord {
  readonly workspace: string
  readonly workflowId: string
  readonly runId: string
  /** ISO 8601. */
  readonly now: string
  readonly outcome: string
}

/** Keeps a round's report. Repeating it replaces the row. */
export async function recordRefresh(warehouse: Warehouse, report: RefreshRecord): Promise<void> {
  await warehouse.insert({
    table: 'cdp.refreshes',
    columns: ['workspace', 'workflow_id', 'run_id', 'now', 'outcome', 'report'],
    values: [
      {
        workspace: report.workspace,
        workflow_id: report.workflowId,
        run_id: report.runId,
        now: report.now,
        outcome: report.outcome,
        report: JSON.stringify(report),
      },
    ],
    format: 'JSONEachRow',
    clickhouse_settings: { date_time_input_format: 'best_effort' },
  })
}

/** Reports of the newest rounds, newest first, as they were recorded. */
export async function listRefreshes<Report>(warehouse: Warehouse, limit: number): Promise<Report[]> {
  const rows = await selectRows<{ report: string }>(
    warehouse,
    `SELECT argMax(report, ended_at) AS report FROM cdp.refreshes
     GROUP BY workspace, now, run_id ORDER BY max(ended_at) DESC LIMIT {limit:UInt32}`,
    { limit },
  )
  return rows.map((row) => JSON.parse(row.report) as Report)
}
