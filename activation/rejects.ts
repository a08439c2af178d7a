/** Records that a destination, or a plan, did not take: each until a run that came to its end did not refuse it again. */
import type { JsonObject } from '@tributary/connector-sdk'
import type { Warehouse } from '../warehouse/client.js'
import { isoTime } from '../warehouse/iso-time.js'
import { selectRow, selectRows } from '../warehouse/query.js'
import { type Change, PLANNING_BATCH } from './types.js'

export interface RejectedRecord {
  /** By what the destination would find it; hashed where it is sent so. */
  readonly match: JsonObject
  readonly change: Change
  /** Why, without values. */
  readonly reason: string
  /** The vendor's own code. */
  readonly code?: string
  /** Whether the plan refused it, or the destination. */
  readonly when: 'planned' | 'sent'
  readonly run: string
  /** The public id of the profile. */
  readonly profile: string
  /** ISO 8601. */
  readonly at: string
}

export interface RejectOptions {
  /** @default the target to which the newest records of the activation went */
  readonly target?: string
}

/** The newest rejected records, newest first. */
export async function listRejects(
  warehouse: Warehouse,
  activation: string,
  options: RejectOptions & { readonly limit: number },
): Promise<RejectedRecord[]> {
  const question = await questionOf(warehouse, activation, options)
  const rows = await selectRows<RejectRow>(
    warehouse,
    `${REJECTS} ORDER BY at DESC, key LIMIT {limit:UInt32}`,
    { ...question, limit: options.limit },
  )
  return rows.map(recordOf)
}

/** How many there are. */
export async function countRejects(
  warehouse: Warehouse,
  activation: string,
  options: RejectOptions = {},
): Promise<number> {
  const row = await selectRow<{ rejects: string }>(
    warehouse,
    `SELECT count() AS rejects FROM (${REJECTS})`,
    await questionOf(warehouse, activation, options),
  )
  return Number(row!.rejects)
}

/** All rejected records by their key, however many, as they are while the export begins. */
export async function* exportRejects(
  warehouse: Warehouse,
  activation: string,
  options: RejectOptions & { readonly signal?: AbortSignal } = {},
): AsyncGenerator<RejectedRecord> {
  const result = await warehouse.query({
    query: `${REJECTS} ORDER BY key`,
    query_params: await questionOf(warehouse, activation, options),
    format: 'JSONEachRow',
    ...(options.signal && { abort_signal: options.signal }),
  })
  for await (const rows of result.stream<RejectRow>()) {
    for (const row of rows) yield recordOf(row.json())
  }
}

interface RejectRow {
  readonly key: string
  readonly change: Change
  readonly reason: string
  readonly code: string
  readonly batch: number
  readonly run: string
  readonly profile: number
  readonly at: string
}

/** SQL: keys of which the newest that is known is that they were rejected, by no plan older than `since`. */
const REJECTS = `SELECT key, last.1 AS change, last.2 AS reason, last.3 AS code, last.4 AS batch, last.5 AS run,
    last.6 AS profile, ${isoTime('last.7')} AS at
  FROM (
    SELECT key, max(version) AS newest,
      argMaxIf((toString(change), reason, code, batch, run, profile, log.at), (version, log.at), outcome = 'rejected') AS last
    FROM cdp.activation_log AS log
    WHERE activation = {activation:String} AND target = {target:String} AND version >= {since:UInt64}
    GROUP BY key HAVING maxIf(version, outcome = 'rejected') = newest)`

/** Every run tries again what was rejected, so what is older than the newest run that came to its end is not wanted any more. */
async function questionOf(
  warehouse: Warehouse,
  activation: string,
  { target }: RejectOptions,
): Promise<Record<string, string>> {
  const row = await selectRow<{ target: string; since: string }>(
    warehouse,
    `SELECT (SELECT argMax(target, (version, at)) FROM cdp.activation_log WHERE activation = {activation:String}) AS target,
       (SELECT max(version) FROM cdp.activation_plans WHERE activation = {activation:String} AND run IN (
         SELECT run FROM cdp.activation_runs
         WHERE activation = {activation:String} AND outcome IN ('succeeded', 'partial')
           AND JSONExtractString(report, 'undoes') = '')) AS since`,
    { activation },
  )
  return { activation, target: target ?? row!.target, since: row!.since }
}

function recordOf({ key, code, batch, profile, ...row }: RejectRow): RejectedRecord {
  return {
    match: JSON.parse(key) as JsonObject,
    change: row.change,
    reason: row.reason,
    ...(code !== '' && { code }),
    when: batch === PLANNING_BATCH ? 'planned' : 'sent',
    run: row.run,
    profile: `p${profile}`,
    at: row.at,
  }
}
