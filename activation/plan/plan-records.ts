/** Reads the records of a frozen plan: a few of each kind to look at, or all of them to keep. */
import type { JsonObject, Operation } from '@tributary/connector-sdk'
import { canonicalJson } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import { type Change, IMPLIED_BATCH } from '../types.js'

/** Values are as they would be sent: normalised, and hashes where the destination takes hashes. JSON-safe. */
export interface PlanRecord {
  readonly change: Change
  readonly operation: Operation
  /** The public id of the profile that the record is about. */
  readonly profile: string
  readonly match: JsonObject
  /** As they would be; empty for removes. */
  readonly fields: JsonObject
  /** As they were last acknowledged; absent where there was no record. */
  readonly before?: JsonObject
  /** Names of the fields of which fields and before say different things, sorted. */
  readonly changed: readonly string[]
  /** False: nothing is sent about it, because a new whole is without it. */
  readonly sent: boolean
}

export interface PlanSample {
  /** Of the whole plan. */
  readonly counts: Readonly<Record<Change, number>>
  /** Some of each kind, those where values differ first. */
  readonly records: Readonly<Record<Change, readonly PlanRecord[]>>
}

export interface SampleOptions {
  /** Records of each kind. @default 5 */
  readonly limit?: number
  readonly signal?: AbortSignal
}

const CHANGES: readonly Change[] = ['add', 'change', 'remove']

/** A few records of each kind, the same ones whenever it is asked. @param plan its id */
export async function planSample(
  warehouse: Warehouse,
  plan: string,
  { limit = 5, signal }: SampleOptions = {},
): Promise<PlanSample> {
  const counted = await selectRows<{ change: Change; records: string }>(
    warehouse,
    'SELECT change, count() AS records FROM cdp.activation_plan_records WHERE plan = {plan:String} GROUP BY change',
    { plan },
    signal,
  )
  const counts = byChange((change) => Number(counted.find((row) => row.change === change)?.records ?? 0))
  const records = byChange((): readonly PlanRecord[] => [])
  for (const change of CHANGES) {
    const rows = await selectRows<RecordRow>(
      warehouse,
      `SELECT ${RECORD_COLUMNS} FROM cdp.activation_plan_records
       WHERE plan = {plan:String} AND change = {change:String}
       ORDER BY fields = before, batch, ordinal LIMIT {limit:UInt32}`,
      { plan, change, limit },
      signal,
    )
    records[change] = rows.map(recordOf)
  }
  return { counts, records }
}

const byChange = <Value>(value: (change: Change) => Value) =>
  Object.fromEntries(CHANGES.map((change) => [change, value(change)])) as Record<Change, Value>

/** Records that one query of {@link planRecords} reads. */
const PAGE_SIZE = 10_000

/** Every record of a plan in the order in which it would be sent, a page at a time. @param plan its id */
export async function* planRecords(
  warehouse: Warehouse,
  plan: string,
  signal?: AbortSignal,
): AsyncGenerator<readonly PlanRecord[]> {
  let after = { batch: 0, ordinal: -1 }
  while (true) {
    const rows = await selectRows<RecordRow>(
      warehouse,
      `SELECT ${RECORD_COLUMNS} FROM cdp.activation_plan_records
       WHERE plan = {plan:String} AND (batch, ordinal) > ({batch:UInt32}, {ordinal:Int64})
       ORDER BY batch, ordinal LIMIT ${PAGE_SIZE}`,
      { plan, ...after },
      signal,
    )
    if (rows.length > 0) yield rows.map(recordOf)
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE_SIZE) return
    after = { batch: last.batch, ordinal: last.ordinal }
  }
}

interface RecordRow {
  readonly change: Change
  readonly operation: Operation
  readonly profile: number
  readonly key: string
  readonly fields: string
  readonly before: string
  readonly batch: number
  readonly ordinal: number
}

const RECORD_COLUMNS = 'change, operation, profile, key, fields, before, batch, ordinal'

function recordOf({ change, operation, profile, key, batch, ...row }: RecordRow): PlanRecord {
  const fields = parsed(row.fields) ?? {}
  const before = parsed(row.before)
  return {
    change,
    operation,
    profile: `p${profile}`,
    match: parsed(key)!,
    fields,
    ...(before && { before }),
    changed: change === 'remove' ? [] : changedFields(fields, before ?? {}),
    sent: batch !== IMPLIED_BATCH,
  }
}

const parsed = (text: string): JsonObject | undefined =>
  text === '' ? undefined : (JSON.parse(text) as JsonObject)

/** A field that only one of both has counts as null in the other. */
function changedFields(fields: JsonObject, before: JsonObject): readonly string[] {
  return [...new Set([...Object.keys(fields), ...Object.keys(before)])]
    .filter((name) => canonicalJson(own(fields, name)) !== canonicalJson(own(before, name)))
    .sort()
}

const own = (fields: JsonObject, name: string) => (Object.hasOwn(fields, name) ? fields[name] : undefined)
