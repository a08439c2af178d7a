/** `tributary.runs`: what became of every run, for lists, and for pausing a source that only fails. */
import type { Warehouse } from './client.js'
import { isoTime } from './iso-time.js'
import { selectRows } from './query.js'

/** The part of a run's report that is stored in columns; the whole is kept as JSON. */
export interface RunRecord {
  readonly source: string
  readonly workflowId: string
  readonly runId: string
  readonly outcome: string
  readonly seconds: number
}

/** Keeps a run's report. Repeating it replaces the row. */
export async function recordRun(
  warehouse: Warehouse,
  report: RunRecord,
  endedAtMs: number = Date.now(),
): Promise<void> {
  await warehouse.insert({
    table: 'tributary.runs',
    values: [
      {
        source: report.source,
        workflow_id: report.workflowId,
        run_id: report.runId,
        outcome: report.outcome,
        report: JSON.stringify(report),
        started_at: timestamp(endedAtMs - report.seconds * 1000),
        ended_at: timestamp(endedAtMs),
      },
    ],
    format: 'JSONEachRow',
  })
}

/** As ClickHouse's own time format. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
}

/** How many of the newest runs of a source failed without one that did not, up to 20. */
export async function failuresInARow(warehouse: Warehouse, source: string): Promise<number> {
  const runs = await selectRows<{ outcome: string }>(
    warehouse,
    `SELECT argMax(outcome, ended_at) AS outcome FROM tributary.runs WHERE source = {source:String}
     GROUP BY run_id ORDER BY max(ended_at) DESC LIMIT 20`,
    { source },
  )
  const firstGood = runs.findIndex(({ outcome }) => outcome !== 'failed')
  return firstGood === -1 ? runs.length : firstGood
}

/** Reports of the newest runs, newest first, as they were recorded. */
export async function listRuns<Report>(
  warehouse: Warehouse,
  options: { readonly source?: string; readonly limit: number },
): Promise<(Report & { startedAt: string; endedAt: string })[]> {
  const rows = await selectRows<{ report: string; started: string; ended: string }>(
    warehouse,
    `SELECT argMax(report, ended_at) AS report,
       formatDateTime(min(started_at), '%Y-%m-%dT%H:%i:%S.%fZ') AS started,
       formatDateTime(max(ended_at), '%Y-%m-%dT%H:%i:%S.%fZ') AS ended
     FROM tributary.runs WHERE {source:String} = '' OR source = {source:String}
     GROUP BY run_id ORDER BY max(ended_at) DESC LIMIT {limit:UInt32}`,
    { source: options.source ?? '', limit: options.limit },
  )
  return rows.map((row) => ({
    ...(JSON.parse(row.report) as Report),
    startedAt: row.started,
    endedAt: row.ended,
  }))
}

/** The newest run of each source, and when data last came. */
export async function newestRuns<Report>(
  warehouse: Warehouse,
): Promise<(Report & { startedAt: string; endedAt: string; freshAt: string | null })[]> {
  const rows = await selectRows<{ report: string; started: string; ended: string; fresh: string }>(
    warehouse,
    `SELECT argMax(report, runs.ended_at) AS report, ${isoTime('argMax(runs.started_at, runs.ended_at)')} AS started,
       ${isoTime('max(runs.ended_at)')} AS ended,
       if(countIf(outcome IN ('succeeded', 'partial')) = 0, '',
         ${isoTime("maxIf(runs.ended_at, outcome IN ('succeeded', 'partial'))")}) AS fresh
     FROM tributary.runs AS runs GROUP BY source ORDER BY source`,
  )
  return rows.map((row) => ({
    ...(JSON.parse(row.report) as Report),
    startedAt: row.started,
    endedAt: row.ended,
    freshAt: row.fresh || null,
  }))
}
