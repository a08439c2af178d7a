/** Where a plan's delivery stands: what the log says of it, whoever wrote it. */
import { selectRow } from '../../warehouse/query.js'
import { REPEATED, UNANSWERED, WITHHELD, WITHHELD_LATE } from './answers.js'
import type { BegunBatch, DeliverContext, DeliverInput, DeliveryProgress } from './types.js'

export interface Position {
  /** Version of the plan, decimal text. */
  readonly version: string
  /** The batch to go on with. */
  readonly batch: number
  /** Some of it was noted, the rest is to be written. */
  readonly remainder: boolean
  /** How many of its records were noted. */
  readonly notedOfBatch: number
  /** Some of it was answered by the destination; otherwise it was never told what became of it. */
  readonly answered: boolean
  /** What was begun with this batch, unless an attempt since has noted more of it. */
  readonly begun?: BegunBatch
  /** Of the batches before, and of what was noted of this one. */
  readonly totals: DeliveryProgress
}

/**
 * The log is the truth: the slice's own progress may be older, where an attempt before noted more and did not live to say so.
 * @throws where there is no such plan
 */
export async function readPosition(
  { warehouse }: Pick<DeliverContext, 'warehouse'>,
  { plan, target, progress }: Pick<DeliverInput, 'plan' | 'target' | 'progress'>,
): Promise<Position> {
  const found = await selectRow<{ version: string }>(
    warehouse,
    `SELECT version FROM cdp.activation_plans WHERE activation = {activation:String} AND plan = {plan:String} LIMIT 1`,
    { activation: plan.activation, plan: plan.plan },
  )
  if (!found) {
    throw new Error(`delivering ${plan.activation}: there is no plan ${plan.plan}; run the activation again`)
  }
  const params = { activation: plan.activation, target, plan: plan.plan, version: found.version }
  const noted = await selectRow<
    Record<'records' | 'acknowledged' | 'withheld' | 'repeated' | 'last', string>
  >(
    warehouse,
    `SELECT uniqExact(sipHash64(key)) AS records,
       uniqExactIf(sipHash64(key), outcome = 'acknowledged' AND NOT ${IS_WITHHELD}) AS acknowledged,
       uniqExactIf(sipHash64(key), ${IS_WITHHELD}) AS withheld,
       uniqExactIf(batch, outcome = 'acknowledged' AND code = '${REPEATED.code}') AS repeated,
       if(records = 0, -1, toInt64(max(batch))) AS last
     FROM (${NOTED}) WHERE batch < {batches:UInt32}`,
    { ...params, batches: plan.batches },
  )
  const last = Number(noted!.last)
  const rest = last < 0 ? undefined : await readRest(warehouse, { ...params, batch: last })
  const remainder = rest !== undefined && rest.noted < rest.planned
  const batch = remainder ? last : last + 1
  const notedOfBatch = remainder ? rest.noted : 0
  const begun = begunOf(progress)
  const [all, acknowledged, withheld] = [noted!.records, noted!.acknowledged, noted!.withheld].map(Number)
  return {
    version: found.version,
    batch,
    remainder,
    notedOfBatch,
    answered: remainder && rest.answered,
    ...(begun?.batch === batch && begun.noted === notedOfBatch && { begun }),
    totals: {
      batches: batch,
      acknowledged: acknowledged!,
      withheld: withheld!,
      rejected: all! - acknowledged! - withheld!,
      repeated: Number(noted!.repeated),
    },
  }
}

export const NOTHING_SENT: DeliveryProgress = {
  batches: 0,
  acknowledged: 0,
  rejected: 0,
  withheld: 0,
  repeated: 0,
}

/** SQL: true for rows of records that were not sent, as far as is known: nothing of them was answered. */
const IS_WITHHELD = `(outcome = '${WITHHELD.outcome}' OR (outcome = '${WITHHELD_LATE.outcome}' AND code = '${WITHHELD_LATE.code}'))`

/** SQL: the rows of a plan in the log, but for those of records that nobody answered. */
const NOTED = `SELECT * FROM cdp.activation_log WHERE activation = {activation:String} AND target = {target:String}
  AND version = {version:UInt64} AND plan = {plan:String}
  AND NOT (outcome = '${UNANSWERED.outcome}' AND code = '${UNANSWERED.code}')`

async function readRest(
  warehouse: DeliverContext['warehouse'],
  params: Readonly<Record<string, unknown>>,
): Promise<{ readonly noted: number; readonly planned: number; readonly answered: boolean }> {
  const row = await selectRow<{ noted: string; planned: string; answered: number }>(
    warehouse,
    `SELECT uniqExact(key) AS noted, max(NOT ${IS_WITHHELD}) AS answered,
       (SELECT count() FROM cdp.activation_plan_records WHERE plan = {plan:String} AND batch = {batch:UInt32}) AS planned
     FROM (${NOTED}) WHERE batch = {batch:UInt32}`,
    params,
  )
  return { noted: Number(row!.noted), planned: Number(row!.planned), answered: row!.answered === 1 }
}

function begunOf({ job }: DeliveryProgress): BegunBatch | undefined {
  return job === undefined ? undefined : (JSON.parse(job) as BegunBatch)
}
