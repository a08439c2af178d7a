/** Everything that ran and ended, syncs, refreshes and activations in one list, as their reports were recorded. */
import type { Warehouse } from './client.js'
import { isoTime } from './iso-time.js'
import { selectRows } from './query.js'

export type RecordedKind = 'sync' | 'refresh' | 'activation'

export interface RecordedReport {
  readonly kind: RecordedKind
  /** Of a source or an activation; empty for refreshes. */
  readonly subject: string
  readonly workflowId: string
  readonly runId: string
  /** Names it among all of its kind. */
  readonly run: string
  readonly outcome: string
  /** As it was recorded, JSON. */
  readonly report: string
  /** ISO 8601. */
  readonly startedAt: string
  /** ISO 8601. */
  readonly endedAt: string
}

export interface RecordedRunsOptions {
  readonly kind?: RecordedKind
  /** Of one source or activation. */
  readonly subject?: string
  readonly outcome?: string
  /** One execution, or one run of an execution. */
  readonly workflowId?: string
  readonly run?: string
  /** The end of the page before: its last `endedAt` and `run`. */
  readonly after?: { readonly endedAt: string; readonly run: string }
  readonly limit: number
}

/** A workflow of refreshes makes many rounds: the moment that a round was for names it. */
const ALL = `
  SELECT 'sync' AS kind, source AS subject, argMax(workflow_id, runs.ended_at) AS workflow, run_id AS execution,
    run_id AS name, argMax(outcome, runs.ended_at) AS result, argMax(report, runs.ended_at) AS document,
    min(runs.started_at) AS started, max(runs.ended_at) AS ended
  FROM tributary.runs AS runs GROUP BY source, run_id
  UNION ALL
  SELECT 'refresh' AS kind, '' AS subject, argMax(workflow_id, rounds.ended_at) AS workflow, run_id AS execution,
    concat(run_id, '@', toString(toUnixTimestamp64Milli(rounds.now))) AS name,
    argMax(outcome, rounds.ended_at) AS result, argMax(report, rounds.ended_at) AS document,
    min(rounds.now) AS started, max(rounds.ended_at) AS ended
  FROM cdp.refreshes AS rounds GROUP BY workspace, rounds.now, run_id
  UNION ALL
  SELECT 'activation' AS kind, activation AS subject, concat('activate/', activation) AS workflow, run AS execution,
    run AS name, argMax(outcome, sent.ended_at) AS result, argMax(report, sent.ended_at) AS document,
    min(sent.started_at) AS started, max(sent.ended_at) AS ended
  FROM cdp.activation_runs AS sent GROUP BY activation, run`

/** Newest first, by when they ended. */
export async function recordedRuns(
  warehouse: Warehouse,
  options: RecordedRunsOptions,
): Promise<readonly RecordedReport[]> {
  const { subject = '', outcome = '', workflowId = '', run = '', after, limit } = options
  return selectRows<RecordedReport>(
    warehouse,
    `SELECT kind, subject, workflow AS workflowId, execution AS runId, name AS run, result AS outcome,
       document AS report, ${isoTime('started')} AS startedAt, ${isoTime('ended')} AS endedAt
     FROM (${ALL})
     WHERE ({kind:String} = '' OR kind = {kind:String}) AND ({subject:String} = '' OR subject = {subject:String})
       AND ({outcome:String} = '' OR result = {outcome:String})
       AND ({workflowId:String} = '' OR workflow = {workflowId:String}) AND ({run:String} = '' OR name = {run:String})
       AND ({after:String} = '' OR (ended, name) < (parseDateTime64BestEffortOrZero({after:String}, 3, 'UTC'), {afterRun:String}))
     ORDER BY ended DESC, name DESC LIMIT {limit:UInt32}`,
    {
      kind: options.kind ?? '',
      subject,
      outcome,
      workflowId,
      run,
      after: after?.endedAt ?? '',
      afterRun: after?.run ?? '',
      limit,
    },
  )
}
