/** What takes a run back: the inverse of what it had acknowledged, for the keys that are still as it left them. */
import { profileOf } from '../../profiles/people/dictionaries.js'
import { selectRow } from '../../warehouse/query.js'
import { mayBeSent } from '../consent.js'
import { createDiff, IMPLIED, RANKS } from './diff.js'
import { inRange, keyRanges } from './key-ranges.js'
import type { PlanScratch } from './scratch.js'

/** How a run sent its records: one by one, as events, or as a new whole. */
export type UndoneKind = 'records' | 'events' | 'whole'

export interface UndoneRun {
  readonly activation: string
  readonly target: string
  /** The run that is taken back. */
  readonly undoes: string
  /** Purposes to which a person must have consented who is sent again. */
  readonly purposes: readonly string[]
}

export interface UndoCounts {
  readonly adds: number
  readonly changes: number
  readonly removes: number
  readonly unchanged: number
  readonly withheld: number
}

/** Every key of a range with what was last acknowledged of it, and who that is today. */
const lastOfKeys = (purposes: readonly string[], among: string): string => `
  SELECT *, ${mayBeSent('person', purposes)} AS allowed, run = {undoes:String} AS mine FROM (
    SELECT key, argMax(log.run, log.version) AS run, argMax(log.change, log.version) AS change,
      argMax(log.fields, log.version) AS fields, argMax(log.before, log.version) AS before,
      argMax(log.profile, log.version) AS profile, ${profileOf('profile')} AS person
    FROM cdp.activation_log AS log
    WHERE activation = {activation:String} AND target = {target:String} AND outcome = 'acknowledged' AND ${among}
    GROUP BY key)`

const COLUMNS = '(rank, operation, key, profile, fields, before, held, copies)'

/**
 * Keeps the records that take a run back. Resolves to the table's name, as `keepDiff` makes it.
 * @param canRemove whether the object can take records away; where it cannot, what the run added stays
 */
export async function keepUndo(
  scratch: PlanScratch,
  kind: UndoneKind,
  run: UndoneRun,
  canRemove: boolean,
): Promise<string> {
  const table = await createDiff(scratch)
  const { activation, target, undoes, purposes } = run
  const params = { activation, target, undoes }
  const keys =
    'SELECT key FROM cdp.activation_log WHERE activation = {activation:String} AND target = {target:String}'
  for (const range of await keyRanges(scratch, keys, params)) {
    const last = lastOfKeys(purposes, inRange(range))
    const rows = kind === 'records' ? inverseRows(last, canRemove) : ROWS[kind](last)
    await scratch.run(
      `INSERT INTO ${table} ${COLUMNS} ${rows} SETTINGS output_format_json_escape_forward_slashes = 0`,
      { ...params, ...range },
    )
  }
  return table
}

/** Removes what was added, and puts back what was changed or removed. */
const inverseRows = (last: string, canRemove: boolean): string => `
  SELECT multiIf(
      change = 'add', ${canRemove ? RANKS.remove : RANKS.kept},
      NOT allowed, ${WITHHELD},
      change = 'remove', ${RANKS.add},
      restored = fields, ${RANKS.unchanged}, ${RANKS.change}) AS rank,
    if(rank = ${RANKS.remove}, 'remove', 'upsert'), key, profile, if(change = 'add', '', restored),
    if(change = 'remove', '', fields), change != 'remove', 1
  FROM (SELECT *, if(change = 'change', ${RESTORED}, before) AS restored FROM (${last}) WHERE mine)`

/** Says the opposite of every event. */
const oppositeRows = (last: string): string => `
  SELECT multiIf(change != 'remove', ${RANKS.remove}, NOT allowed, ${WITHHELD}, ${RANKS.add}) AS rank, 'append', key, profile,
    if(change = 'remove', if(before = '', fields, before), fields), if(change = 'remove', '', fields), change != 'remove', 1
  FROM (${last}) WHERE mine`

/** The whole as it was before the run, with what other runs did since. */
const wholeRows = (last: string): string => `
  SELECT multiIf(
      NOT wanted AND held, ${RANKS.remove},
      NOT allowed, ${WITHHELD},
      NOT held, ${RANKS.add},
      whole != fields, ${RANKS.change}, ${RANKS.same}) AS rank,
    if(rank = ${RANKS.remove}, '${IMPLIED}', 'replace'), key, profile, if(rank = ${RANKS.remove}, '', whole),
    if(held, fields, ''), held, toUInt32(was)
  FROM (
    SELECT *, change != 'remove' AS held, if(mine, change != 'add', held) AS was, was AND allowed AS wanted,
      if(mine, before, fields) AS whole
    FROM (${last}))
  WHERE was OR held`

const ROWS = { events: oppositeRows, whole: wholeRows } as const

/** Not sent, and counted: the person has not consented. */
const WITHHELD = RANKS.rejected

/** SQL: the fields of before, and null for those that it had not. */
const RESTORED = `if(arraySort(JSONExtractKeys(fields)) = arraySort(JSONExtractKeys(before)), before,
  concat('{', arrayStringConcat(arrayMap(
    field -> concat(toJSONString(field.1), ':', field.2),
    arraySort(field -> field.1, arrayConcat(
      JSONExtractKeysAndValuesRaw(before),
      arrayMap(name -> (name, 'null'), arrayFilter(name -> NOT has(JSONExtractKeys(before), name), JSONExtractKeys(fields)))))), ','), '}'))`

export async function countUndo({ warehouse }: PlanScratch, table: string): Promise<UndoCounts> {
  const of = (name: string, ranks: readonly number[]) => `countIf(rank IN (${ranks.join(', ')})) AS ${name}`
  const row = await selectRow<Record<keyof UndoCounts, string>>(
    warehouse,
    `SELECT ${of('adds', [RANKS.add])}, ${of('changes', [RANKS.change])}, ${of('removes', [RANKS.remove])},
       ${of('unchanged', [RANKS.same, RANKS.unchanged, RANKS.kept])}, ${of('withheld', [WITHHELD])} FROM ${table}`,
  )
  const { adds, changes, removes, unchanged, withheld } = row!
  return {
    adds: Number(adds),
    changes: Number(changes),
    removes: Number(removes),
    unchanged: Number(unchanged),
    withheld: Number(withheld),
  }
}
