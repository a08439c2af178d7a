/** Freezes a difference as the records of a plan: in batches, in an order that never changes, under a hash of all of it. */
import { createHash } from 'node:crypto'
import { insertRows, scanRows } from '../../profiles/identity/binary-rows.js'
import { RowBuffer } from '../../warehouse/rows/row-buffer.js'
import { type AnyObject, IMPLIED_BATCH } from '../types.js'
import { batchCutter } from './batches.js'
import { IMPLIED, IS_PLANNED, RANKS } from './diff.js'
import { batchBytes, RECORD_OVERHEAD } from './record-size.js'
import type { PlanScratch } from './scratch.js'

export interface FrozenTarget {
  readonly plan: string
  readonly activation: string
  readonly target: string
  /** The run whose events are taken back; empty: none. */
  readonly compensates: string
}

export interface Frozen {
  readonly batches: number
  /** Records in them; those that a new whole implies are not. */
  readonly records: number
  /** SHA-256, hex. */
  readonly hash: string
}

/** Of a plan that sends nothing. */
export const NOTHING_FROZEN: Frozen = { batches: 0, records: 0, hash: createHash('sha256').digest('hex') }

const COLUMNS =
  '(plan, batch, ordinal, activation, target, key, change, operation, fields, before, profile, compensates)'
const IS_SENT = `${IS_PLANNED} AND operation != '${IMPLIED}'`

/** Writes what is sent and what is implied. @param diff as `keepDiff` makes it */
export async function freezeRecords(
  scratch: PlanScratch,
  diff: string,
  object: AnyObject,
  target: FrozenTarget,
): Promise<Frozen> {
  const { starts, records } = await cutBatches(scratch, diff, object)
  const startsTable = await keepStarts(scratch, starts)
  await scratch.run(
    `INSERT INTO cdp.activation_plan_records ${COLUMNS}
     SELECT ${recordOf('batch', 'position - start', 'operation')}
     FROM (SELECT *, 1 AS one, toUInt64(row_number() OVER (ORDER BY rank, key) - 1) AS position FROM ${diff} WHERE ${IS_SENT}) AS records
     ASOF INNER JOIN (SELECT 1 AS one, batch, start FROM ${startsTable}) AS starts
       ON records.one = starts.one AND records.position >= starts.start`,
    { ...target },
  )
  await scratch.run(
    `INSERT INTO cdp.activation_plan_records ${COLUMNS}
     SELECT ${recordOf(String(IMPLIED_BATCH), 'row_number() OVER (ORDER BY key) - 1', "'replace'")}
     FROM ${diff} WHERE operation = '${IMPLIED}'`,
    { ...target },
  )
  return { batches: starts.length, records, hash: await hashOf(scratch, target.plan) }
}

const recordOf = (batch: string, ordinal: string, operation: string): string =>
  `{plan:String}, ${batch}, toUInt32(${ordinal}), {activation:String}, {target:String}, key,
   multiIf(rank = ${RANKS.remove}, 'remove', rank = ${RANKS.add}, 'add', 'change'), ${operation}, fields, before, profile,
   {compensates:String}`

/** group: 1; bytes: 4. */
const SIZE_BYTES = 5

async function cutBatches(
  { warehouse, signal }: PlanScratch,
  diff: string,
  object: AnyObject,
): Promise<{ readonly starts: readonly number[]; readonly records: number }> {
  const cutter = batchCutter({ records: object.batch.records, bytes: batchBytes(object) })
  let records = 0
  await scanRows(
    warehouse,
    `SELECT toUInt8(indexOf(['upsert', 'remove', 'append', 'replace'], operation)),
       toUInt32(length(key) + length(fields) + ${RECORD_OVERHEAD})
     FROM ${diff} WHERE ${IS_SENT} ORDER BY rank, key`,
    SIZE_BYTES,
    (view, offset) => {
      cutter.take(view.getUint8(offset), view.getUint32(offset + 1, true))
      records += 1
    },
    signal,
  )
  return { starts: cutter.starts, records }
}

/** Keeps where each batch begins: a million batches would be too many for a statement. */
async function keepStarts(scratch: PlanScratch, starts: readonly number[]): Promise<string> {
  const table = await scratch.create('starts', 'start UInt64, batch UInt32', 'start')
  if (starts.length === 0) return table
  const rows = new RowBuffer()
  starts.forEach((start, batch) => {
    rows.writeSafeInteger(64, start)
    rows.writeInt(32, batch)
  })
  await insertRows(scratch.warehouse, table, rows.take(), scratch.signal)
  return table
}

/** Of the records' own hashes in their order: the engine makes those, and none is kept. */
async function hashOf({ warehouse, signal }: PlanScratch, plan: string): Promise<string> {
  const { stream } = await warehouse.exec({
    query: `SELECT SHA256(concat(toString(batch), '\n', operation, '\n', change, '\n', compensates, '\n',
        toJSONString(key), '\n', toJSONString(fields)))
      FROM cdp.activation_plan_records WHERE plan = {plan:String} ORDER BY batch, ordinal FORMAT RowBinary`,
    query_params: { plan },
    abort_signal: signal,
  })
  const hash = createHash('sha256')
  for await (const chunk of stream as AsyncIterable<Buffer>) hash.update(chunk)
  return hash.digest('hex')
}
