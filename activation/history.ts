/** `cdp.activation_runs` and what the log says of a destination: the runs, and who is where. */
import type { JsonObject } from '@tributary/connector-sdk'
import type { Warehouse } from '../warehouse/client.js'
import { isoTime } from '../warehouse/iso-time.js'
import { selectRow, selectRows } from '../warehouse/query.js'

/** The part of a run's report that is stored in columns; the whole is kept as JSON. */
export interface RunRecord {
  readonly run: string
  readonly activation: string
  readonly outcome: string
  /** ISO 8601. */
  readonly startedAt: string
}

/** Keeps a run's report. Repeating it replaces the row. */
export async function recordRun(warehouse: Warehouse, report: RunRecord): Promise<void> {
  await warehouse.insert({
    table: 'cdp.activation_runs',
    columns: ['activation', 'run', 'outcome', 'report', 'started_at'],
    values: [
      {
        activation: report.activation,
        run: report.run,
        outcome: report.outcome,
        report: JSON.stringify(report),
        started_at: report.startedAt,
      },
    ],
    format: 'JSONEachRow',
    clickhouse_settings: { date_time_input_format: 'best_effort' },
  })
}

/** Reports of the newest runs, newest first, as they were recorded: of one activation, or of all. */
export async function listRuns<Report>(
  warehouse: Warehouse,
  options: { readonly activation?: string; readonly limit: number },
): Promise<(Report & { endedAt: string })[]> {
  return readRuns(
    warehouse,
    `{activation:String} = '' OR activation = {activation:String}`,
    { activation: options.activation ?? '' },
    options.limit,
  )
}

/** Several ids of runs begin so. */
export class RunAmbiguous extends Error {
  override readonly name = 'RunAmbiguous'
}

/**
 * The report of a run by its id, or by the beginning of it; undefined where there is none.
 * @throws RunAmbiguous
 */
export async function findRun<Report>(
  warehouse: Warehouse,
  idOrPrefix: string,
): Promise<(Report & { endedAt: string }) | undefined> {
  const found = await readRuns<Report & { run: string }>(
    warehouse,
    'startsWith(run, {id:String})',
    { id: idOrPrefix },
    100,
  )
  const exact = found.find(({ run }) => run === idOrPrefix)
  if (!exact && found.length > 1) {
    throw new RunAmbiguous(
      `finding run ${idOrPrefix}: ${found.length === 100 ? 'many' : found.length} ids begin so; give more of it`,
    )
  }
  return exact ?? found[0]
}

export interface StateCounts {
  /** Records that the destination holds, as far as it acknowledged. */
  readonly records: number
  /** When it last acknowledged one, ISO 8601; null where it never did. */
  readonly acknowledgedAt: string | null
}

/** What a target holds of an activation. */
export async function stateCounts(
  warehouse: Warehouse,
  activation: string,
  target: string,
): Promise<StateCounts> {
  const row = await selectRow<{ records: string; acknowledgedAt: string }>(
    warehouse,
    `SELECT countIf(present) AS records,
       (SELECT if(count() = 0, '', ${isoTime('max(at)')}) FROM cdp.activation_log
         WHERE activation = {activation:String} AND target = {target:String} AND outcome = 'acknowledged') AS acknowledgedAt
     FROM cdp.activation_state(activation = {activation:String}, target = {target:String})`,
    { activation, target },
  )
  return { records: Number(row!.records), acknowledgedAt: row!.acknowledgedAt || null }
}

/** One record of a person at a destination. Times are ISO 8601. */
export interface SentRecord {
  readonly activation: string
  readonly destination: string
  readonly object: string
  /** False: it was taken away. */
  readonly present: boolean
  /** By what the destination finds it; hashed where it is sent so. */
  readonly match: JsonObject
  /** The fields as they were last acknowledged. */
  readonly fields: JsonObject
  readonly firstAt: string
  readonly lastAt: string
  /** The run that sent it last. */
  readonly run: string
}

/**
 * Where a person was sent, whichever of their profiles it was then: by activation and destination.
 * @param profile the number of the profile today
 */
export async function personInDestinations(warehouse: Warehouse, profile: number): Promise<SentRecord[]> {
  const nodes = `SELECT toUInt32(node) FROM dictionary('cdp.profile_of') WHERE profile = {profile:UInt32}
    UNION ALL SELECT {profile:UInt32}`
  const rows = await selectRows<
    Omit<SentRecord, 'present' | 'match' | 'fields' | 'destination' | 'object'> & {
      target: string
      key: string
      fields: string
      present: number
    }
  >(
    warehouse,
    `SELECT activation, target, key, toUInt8(argMax(change, version) != 'remove') AS present,
       argMax(fields, version) AS fields, argMax(run, version) AS run,
       ${isoTime('min(log.at)')} AS firstAt, ${isoTime('max(log.at)')} AS lastAt
     FROM cdp.activation_log AS log
     WHERE outcome = 'acknowledged' AND (activation, target, key) IN (
       SELECT activation, target, key FROM cdp.activation_log WHERE profile IN (${nodes}) AND outcome = 'acknowledged')
     GROUP BY activation, target, key
     HAVING argMax(profile, version) IN (${nodes})
     ORDER BY activation, target, key`,
    { profile },
  )
  return rows.map(({ target, key, fields, present, ...row }) => ({
    ...row,
    ...partsOf(target),
    present: present === 1,
    match: JSON.parse(key) as JsonObject,
    fields: fields === '' ? {} : (JSON.parse(fields) as JsonObject),
  }))
}

/** `<destination>/<object>/<match fields>`, where an object's name may have slashes of its own. */
function partsOf(target: string): Pick<SentRecord, 'destination' | 'object'> {
  const [destination = '', ...rest] = target.split('/')
  return { destination, object: rest.slice(0, -1).join('/') }
}

async function readRuns<Report>(
  warehouse: Warehouse,
  condition: string,
  params: Readonly<Record<string, unknown>>,
  limit: number,
): Promise<(Report & { endedAt: string })[]> {
  const rows = await selectRows<{ report: string; ended: string }>(
    warehouse,
    `SELECT argMax(report, ended_at) AS report, ${isoTime('max(ended_at)')} AS ended
     FROM cdp.activation_runs WHERE ${condition}
     GROUP BY activation, run ORDER BY max(ended_at) DESC, run LIMIT {limit:UInt32}`,
    { ...params, limit },
  )
  return rows.map(({ report, ended }) => ({ ...(JSON.parse(report) as Report), endedAt: ended }))
}
