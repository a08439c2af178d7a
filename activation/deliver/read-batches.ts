/** Reads the batches of a frozen plan in their order, the next few while one is sent: memory does not grow with the plan. */
import type { DestinationRecord, JsonObject, Operation } from '@tributary/connector-sdk'
import { profileOf } from '../../profiles/people/dictionaries.js'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import { mayBeSent } from '../consent.js'
import type { Change } from '../types.js'
import type { Position } from './position.js'
import type { DeliverInput } from './types.js'

export interface PlannedBatch {
  readonly index: number
  readonly operation: Operation
  /** Not empty. */
  readonly records: readonly PlannedRecord[]
  /** Some of the batch was noted before, and is not among the records. */
  readonly remainder: boolean
  /** When it was asked who may be sent, epoch milliseconds. */
  readonly askedAt: number
}

export interface PlannedRecord {
  readonly ordinal: number
  /** There is no consent now. Never true of removes. */
  readonly withheld: boolean
  readonly record: DestinationRecord
}

export interface Reading {
  readonly warehouse: Warehouse
  readonly input: Pick<DeliverInput, 'plan' | 'consent' | 'object' | 'target'>
  readonly signal: AbortSignal
  now(): number
}

/** The records of a plan are kept for a while only. */
export class PlanGone extends Error {
  override readonly name = 'PlanGone'
}

const PAGE_RECORDS = 10_000
const PAGE_BYTES = 32 * 1024 * 1024
const DEFAULT_BATCH_BYTES = 4 * 1024 * 1024

/** All batches from a position on. @throws PlanGone where their records are not there any more */
export async function* readBatches(reading: Reading, position: Position): AsyncGenerator<PlannedBatch> {
  const ending = new AbortController()
  const signal = AbortSignal.any([reading.signal, ending.signal])
  const pages = pagesOf(reading.input, position)
  const read = (page: Page | undefined) => {
    const reads = page && readPage({ ...reading, signal }, position, page)
    // What is read ahead fails when it is asked for, not before.
    reads?.catch(() => undefined)
    return reads
  }
  let next = read(pages[0])
  try {
    for (let page = 0; next; page++) {
      const { batches, askedAt }: PageRead = await next
      next = read(pages[page + 1])
      for (const [index, lines] of batches) {
        yield parseBatch(lines, { index, askedAt, remainder: position.remainder && index === position.batch })
      }
    }
  } finally {
    ending.abort()
    await next?.catch(() => undefined)
  }
}

/** Which records of a batch may not be sent any more, by ordinal. */
export async function askWithheld(reading: Reading, index: number): Promise<ReadonlySet<number>> {
  const rows = await selectRows<{ ordinal: number }>(
    reading.warehouse,
    `SELECT ordinal FROM (${recordsSql(reading)}) WHERE withheld`,
    { plan: reading.input.plan.plan, from: index, to: index + 1 },
    reading.signal,
  )
  return new Set(rows.map(({ ordinal }) => ordinal))
}

/** Batches from, and up to without, these. */
interface Page {
  readonly from: number
  readonly to: number
}

/** What was begun is read alone, since some of it may be left out. */
function pagesOf({ plan, object }: Reading['input'], { batch, remainder }: Position): Page[] {
  const byRecords = (PAGE_RECORDS * plan.batches) / Math.max(1, plan.records)
  const byBytes = PAGE_BYTES / (object.batch.bytes ?? DEFAULT_BATCH_BYTES)
  const size = Math.max(1, Math.floor(Math.min(byRecords, byBytes)))
  const pages: Page[] = remainder ? [{ from: batch, to: batch + 1 }] : []
  for (let from = batch + pages.length; from < plan.batches; from += size) {
    pages.push({ from, to: Math.min(from + size, plan.batches) })
  }
  return pages
}

type Line = readonly [
  ordinal: number,
  withheld: 0 | 1,
  change: Change,
  operation: Operation,
  match: JsonObject,
  fields: JsonObject,
  compensates: string,
]

interface PageRead {
  readonly batches: ReadonlyMap<number, readonly string[]>
  readonly askedAt: number
}

async function readPage(
  reading: Reading,
  { version, ...position }: Position,
  { from, to }: Page,
): Promise<PageRead> {
  const { plan, target } = reading.input
  const askedAt = reading.now()
  const begun = position.remainder && from === position.batch
  // Key and fields are JSON already: the server joins them, and what is sent is parsed once.
  const result = await reading.warehouse.query({
    query: `SELECT batch, concat('[', toString(ordinal), ',', toString(toUInt8(withheld)), ',',
        toJSONString(toString(change)), ',', toJSONString(toString(operation)), ',', key, ',',
        if(fields = '', '{}', fields), ',', toJSONString(compensates), ']')
      FROM (${recordsSql(reading)})
      ${begun ? `WHERE key NOT IN (${NOTED_KEYS})` : ''}
      ORDER BY batch, ordinal`,
    query_params: { plan: plan.plan, activation: plan.activation, target, version, from, to },
    format: 'TabSeparatedRaw',
    abort_signal: reading.signal,
  })
  const batches = linesByBatch(await result.text())
  for (let index = from; index < to; index++) {
    if (!batches.has(index)) {
      throw new PlanGone(
        `delivering ${plan.activation}: batch ${index} of its plan is not there any more, plans are kept for 30 days; run the activation again`,
      )
    }
  }
  return { batches, askedAt }
}

const NOTED_KEYS = `SELECT key FROM cdp.activation_log
  WHERE activation = {activation:String} AND target = {target:String} AND version = {version:UInt64}
    AND plan = {plan:String} AND batch = {from:UInt32}`

function recordsSql({ input: { consent } }: Reading): string {
  const records = `SELECT *, ${profileOf('profile')} AS person FROM cdp.activation_plan_records
    WHERE plan = {plan:String} AND batch >= {from:UInt32} AND batch < {to:UInt32}`
  const allowed = mayBeSent('person', consent, `SELECT person FROM (${records})`)
  return `SELECT *, change != 'remove' AND NOT (${allowed}) AS withheld FROM (${records})`
}

/** Lines of `batch TAB record`, in the order of the batches. */
function linesByBatch(text: string): Map<number, string[]> {
  const batches = new Map<number, string[]>()
  for (const line of text.split('\n')) {
    const tab = line.indexOf('\t')
    if (tab === -1) continue
    const index = Number(line.slice(0, tab))
    const lines = batches.get(index)
    if (lines) lines.push(line.slice(tab + 1))
    else batches.set(index, [line.slice(tab + 1)])
  }
  return batches
}

function parseBatch(
  lines: readonly string[],
  batch: Pick<PlannedBatch, 'index' | 'remainder' | 'askedAt'>,
): PlannedBatch {
  const parsed = JSON.parse(`[${lines.join(',')}]`) as Line[]
  return { ...batch, operation: parsed[0]![3], records: parsed.map(recordOf) }
}

function recordOf([ordinal, withheld, change, operation, match, fields, compensates]: Line): PlannedRecord {
  return {
    ordinal,
    withheld: withheld === 1,
    record: {
      match,
      fields,
      ...(operation === 'append' && {
        event: change === 'remove' ? ('left' as const) : ('entered' as const),
      }),
      ...(compensates !== '' && { compensates }),
    },
  }
}
