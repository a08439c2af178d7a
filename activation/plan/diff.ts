/** Compares who should be at a target, and how, with what it acknowledged. */
import { selectRows } from '../../warehouse/query.js'
import { inRange, keyRanges } from './key-ranges.js'
import type { ModePlan } from './modes.js'
import type { PlanScratch } from './scratch.js'

/**
 * What became of a key, in the order in which it is sent: who goes makes room for who comes. `same`: sent although nothing
 * changed. From `rejected` on nothing is sent; `kept`: it left, and this mode lets it stay.
 */
export const RANKS = { remove: 0, change: 1, same: 2, add: 3, rejected: 4, unchanged: 5, kept: 6 } as const

/** SQL: true for the rows of a difference that belong to the plan. */
export const IS_PLANNED = `rank < ${RANKS.rejected}`

/** Stands for the operation of removes that are not sent. */
export const IMPLIED = 'implied'

export interface DiffCounts {
  readonly adds: number
  readonly changes: number
  readonly removes: number
  readonly unchanged: number
  readonly rejects: number
  /** Profiles beyond the first of a key. */
  readonly duplicates: number
  /** Keys that the target has now. */
  readonly held: number
  /** Keys that should be there, also those whose record cannot be sent. */
  readonly wanted: number
}

/** The empty table of a difference. `copies`: profiles with this key; `held`: the target has it. */
export function createDiff(scratch: PlanScratch): Promise<string> {
  return scratch.create(
    'diff',
    `rank UInt8, operation LowCardinality(String), key String, profile UInt32, fields String, before String,
     reason LowCardinality(String), held Bool, copies UInt32`,
    '(rank, key)',
  )
}

/**
 * Keeps the difference between candidates and state. Resolves to the table's name.
 * @param candidates table of key, profile, fields and reason; of several profiles the least speaks
 */
export async function keepDiff(
  scratch: PlanScratch,
  candidates: string,
  state: { readonly activation: string; readonly target: string },
  mode: ModePlan,
): Promise<string> {
  const table = await createDiff(scratch)
  const keys = `SELECT key FROM ${candidates} UNION ALL SELECT key FROM cdp.activation_log
    WHERE activation = {activation:String} AND target = {target:String}`
  for (const range of await keyRanges(scratch, keys, state)) {
    await scratch.run(`INSERT INTO ${table} ${COLUMNS} ${compared(candidates, mode, inRange(range))}`, {
      ...state,
      ...range,
    })
  }
  return table
}

const COLUMNS = '(rank, operation, key, profile, fields, before, reason, held, copies)'

/** Of what is not sent no more is kept than is counted or logged. */
const compared = (candidates: string, mode: ModePlan, among: string): string => `
  SELECT ${rankOf(mode)} AS rank, if(rank = ${RANKS.remove}, '${mode.leavers ?? ''}', '${mode.operation}'),
    multiIf(rank > ${RANKS.rejected}, '', copies > 0, wanted.key, had.key), if(copies > 0, wanted.profile, had.profile),
    multiIf(NOT (${IS_PLANNED}), '', rank = ${RANKS.remove}, ${mode.leavers === 'append' ? 'had.fields' : "''"}, wanted.fields),
    if(held AND ${IS_PLANNED}, had.fields, ''), wanted.reason, held, copies
  FROM (
    SELECT key, min(candidates.profile) AS profile, argMin(candidates.fields, candidates.profile) AS fields,
      argMin(candidates.reason, candidates.profile) AS reason, toUInt32(count()) AS copies
    FROM ${candidates} AS candidates WHERE ${among} GROUP BY key) AS wanted
  FULL JOIN (
    SELECT key, fields, profile, present AS held
    FROM cdp.activation_state(activation = {activation:String}, target = {target:String}) WHERE ${among}) AS had
    ON wanted.key = had.key
  WHERE copies > 0 OR held`

function rankOf({ leavers, sendsChanges, sendsUnchanged }: ModePlan): string {
  const unchanged = sendsUnchanged ? RANKS.same : RANKS.unchanged
  // What cannot be sent is not in the new whole either; elsewhere the record of before stays.
  const isGone = leavers === 'implied' ? "copies = 0 OR (held AND wanted.reason != '')" : 'copies = 0'
  return `toUInt8(multiIf(
    ${isGone}, ${leavers === undefined ? RANKS.kept : RANKS.remove},
    wanted.reason != '', ${RANKS.rejected},
    NOT held, ${RANKS.add},
    wanted.fields = had.fields, ${unchanged},
    ${sendsChanges ? RANKS.change : unchanged}))`
}

export async function countDiff({ warehouse, signal }: PlanScratch, table: string): Promise<DiffCounts> {
  const rows = await selectRows<{
    rank: number
    keys: string
    held: string
    wanted: string
    copies: string
    rejects: string
  }>(
    warehouse,
    `SELECT rank, count() AS keys, countIf(diff.held) AS held, countIf(diff.copies > 0) AS wanted,
       sum(diff.copies) AS copies, countIf(reason != '') AS rejects
     FROM ${table} AS diff GROUP BY rank`,
    {},
    signal,
  )
  const of = (rank: number) => Number(rows.find((row) => row.rank === rank)?.keys ?? 0)
  const sum = (column: 'held' | 'wanted' | 'copies' | 'rejects') =>
    rows.reduce((total, row) => total + Number(row[column]), 0)
  return {
    adds: of(RANKS.add),
    changes: of(RANKS.change),
    removes: of(RANKS.remove),
    unchanged: of(RANKS.same) + of(RANKS.unchanged),
    rejects: sum('rejects'),
    duplicates: sum('copies') - sum('wanted'),
    held: sum('held'),
    wanted: sum('wanted'),
  }
}
