/** Notes what became of a batch by one durable insert. What was sent is copied from the plan by the server: it does not travel. */
import { ClickHouseError } from '@clickhouse/client'
import { sleep } from '@tributary/connector-sdk'
import { isRefusedStatement } from '../../warehouse/refused-statement.js'
import { quoteString } from '../../warehouse/types/identifiers.js'
import { type Answer, WITHHELD_LATE } from './answers.js'
import type { DeliverContext } from './types.js'

export interface Note {
  readonly plan: string
  readonly version: string
  readonly run: string
  readonly batch: number
  /** By ordinal; the other records of the batch are not noted now. */
  readonly answers: ReadonlyMap<number, Answer>
  /** These are all records of the batch. */
  readonly whole: boolean
}

/** An answer that is not noted is a batch that is sent again: an outage of some seconds is waited for. */
const WAITS_MS = [200, 1000, 3000, 6000]

/** What was sent is noted also where the attempt was given up meanwhile. */
const NEVER = new AbortController().signal

/** Repeating it changes nothing that can be seen. @throws what the server says, when it does not take it for ten seconds */
export async function noteBatch(context: DeliverContext, note: Note): Promise<void> {
  if (note.answers.size === 0) return
  const { plan, version, run, batch } = note
  const query = insertSql(note)
  for (const waitMs of [...WAITS_MS, undefined]) {
    try {
      await context.warehouse.command({
        query,
        query_params: { plan, version, run, batch },
        clickhouse_settings: ONE_PART,
      })
      return
    } catch (error) {
      if (waitMs === undefined || isRefused(error)) throw error
      await (context.sleep ?? sleep)(waitMs, NEVER)
    }
  }
}

const isRefused = (error: unknown) => error instanceof ClickHouseError && isRefusedStatement(error)

/** All rows of a statement are one block, so one part: they are there or they are not. */
const ONE_PART = {
  max_threads: 1,
  max_insert_threads: '1',
  min_insert_block_size_rows: '1000000000',
  min_insert_block_size_bytes: '0',
} as const

function insertSql({ answers, whole }: Note): string {
  const { kinds, numbers } = numbered(answers)
  const isUniform = whole && kinds.length === 1
  // Where all are noted, those that are named are the few that were not simply acknowledged.
  const common = whole ? Math.max(1, kinds.findIndex(({ outcome }) => outcome === 'acknowledged') + 1) : 0
  const named = [...answers].filter(([, answer]) => numbers.get(answer)! !== common)
  const said = isUniform
    ? '1'
    : `transform(ordinal, ${array(named.map(([ordinal]) => ordinal))},
        ${array(named.map(([, answer]) => numbers.get(answer)!))}, toUInt32(${common}))`
  const text = (of: (answer: Answer) => string) =>
    `[${kinds.map((kind) => quoteString(of(kind))).join(', ')}][said]`
  return `INSERT INTO cdp.activation_log
      (activation, target, key, change, operation, fields, before, profile, outcome, reason, code, run, plan, version, batch)
    SELECT activation, target, key, change, operation,
      if(outcome = '${WITHHELD_LATE.outcome}' AND code = '${WITHHELD_LATE.code}', '', fields), before, profile,
      ${text(({ outcome }) => outcome)} AS outcome, ${text(({ reason }) => reason)} AS reason,
      ${text(({ code }) => code)} AS code, {run:String}, plan, {version:UInt64}, batch
    FROM (SELECT *, ${said} AS said FROM cdp.activation_plan_records
      WHERE plan = {plan:String} AND batch = {batch:UInt32})
    WHERE said > 0`
}

/** The different answers, and from 1 the number of each among them. */
function numbered(answers: Note['answers']) {
  const objects = [...new Set(answers.values())]
  const kinds = [...new Map(objects.map((answer) => [JSON.stringify(answer), answer])).values()]
  const byText = new Map(kinds.map((kind, index) => [JSON.stringify(kind), index + 1]))
  return { kinds, numbers: new Map(objects.map((answer) => [answer, byText.get(JSON.stringify(answer))!])) }
}

const array = (numbers: readonly number[]): string => `CAST([${numbers.join(',')}] AS Array(UInt32))`
