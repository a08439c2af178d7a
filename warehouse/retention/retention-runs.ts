/** `tributary.retention_runs`: what became of every removal of old data. */
import type { Warehouse } from '../client.js'
import { selectRows } from '../query.js'

/** The part of a report that is stored in columns; the whole is kept as JSON. */
export interface RetentionRecord {
  readonly workspace: string
  readonly workflowId: string
  readonly runId: string
  readonly outcome: string
}

/** Keeps a run's report. Repeating it replaces the row. */
export async function recordRetention(warehouse: Warehouse, report: RetentionRecord): Promise<void> {
  await warehouse.insert({
    table: 'tributary.retention_runs',
    columns: ['workspace', 'workflow_id', 'run_id', 'outcome', 'report'],
    values: [
      {
        workspace: report.workspace,
        workflow_id: report.workflowId,
        run_id: report.runId,
        outcome: report.outcome,
        report: JSON.stringify(report),
      },
    ],
    format: 'JSONEachRow',
  })
}

/** Reports of the newest runs, newest first. */
export async function listRetentions<Report>(warehouse: Warehouse, limit: number): Promise<Report[]> {
  const rows = await selectRows<{ report: string }>(
    warehouse,
    `SELECT argMax(report, ended_at) AS report FROM tributary.retention_runs
     GROUP BY workspace, run_id ORDER BY max(ended_at) DESC LIMIT {limit:UInt32}`,
    { limit },
  )
  return rows.map((row) => JSON.parse(row.report) as Report)
}
