/**
 * What a mapping would make of a stream's real rows, before anybody applies it. Looks at a bounded sample, in bounded time
 * and memory; writes no facts.
 */
import type { IdentityFile, MappingFile } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { newLoadId } from '../../warehouse/ledger/ids.js'
import { quoteIdentifier } from '../../warehouse/types/identifiers.js'
import { checkMapping, type MappingProblem } from './check-mapping.js'
import { streamRows } from './gather-rows.js'
import { describeStreams } from './lookups.js'
import { type MappingPlan, planMapping, ROW } from './plan-mapping.js'
import { type PreviewRow, previewRows } from './preview-rows.js'
import { identified, identifierColumn, learnPhonesOf } from './resolve-nodes.js'
import { WorkTables } from './work-tables.js'

export interface PreviewOptions {
  readonly mapping: MappingFile
  readonly identity: IdentityFile
  /** Rows to show. @default 20 */
  readonly rows?: number
  /** Rows to count over. @default 100000 */
  readonly sample?: number
  /** Seconds for each statement. @default 10 */
  readonly timeLimit?: number
  readonly signal?: AbortSignal
}

export interface PreviewCounts {
  readonly rows: number
  /** The rows are all that the stream has. */
  readonly isWhole: boolean
  /** Rows that repeat the key of another one: only the newest of these counts. */
  readonly repeated: number
  readonly withoutIdentifier: number
  /** Values that identify nobody, by identifier type. */
  readonly blocked: Readonly<Record<string, number>>
  /** By event name. */
  readonly events: Readonly<Record<string, number>>
}

export type MappingPreview =
  | { readonly problems: readonly MappingProblem[] }
  | { readonly problems: readonly []; readonly rows: readonly PreviewRow[]; readonly counts: PreviewCounts }

const MAX_MEMORY_BYTES = 2_000_000_000

/** Problems instead of rows where the mapping does not fit the stream. */
export async function previewMapping(
  warehouse: Warehouse,
  { mapping, identity, rows = 20, sample = 100_000, timeLimit = 10, signal }: PreviewOptions,
): Promise<MappingPreview> {
  const { stream, lookups } = await describeStreams(warehouse, mapping)
  if (stream === undefined) {
    const message = `the warehouse has no stream ${mapping.stream}`
    return { problems: [{ path: ['stream'], message, remedy: 'load it first, or correct its name' }] }
  }
  const source = { mapping, identity, stream, lookups }
  const problems = checkMapping(source)
  if (problems.length > 0) return { problems }
  const plan = planMapping('preview', source)
  const work = new WorkTables(warehouse, newLoadId(), signal ?? new AbortController().signal, {
    max_execution_time: timeLimit,
    max_memory_usage: String(MAX_MEMORY_BYTES),
  })
  try {
    const table = await work.create('sample', streamRows(plan, undefined, ` LIMIT ${Math.floor(sample)}`))
    const sampled = `SELECT * FROM ${table}`
    await learnPhonesOf(work, plan, sampled)
    return {
      problems: [],
      rows: await previewRows(work, plan, sampled, rows),
      counts: await countSample(work, plan, sampled, sample),
    }
  } finally {
    await work.drop()
  }
}

async function countSample(
  work: WorkTables,
  plan: MappingPlan,
  sampled: string,
  limit: number,
): Promise<PreviewCounts> {
  const values = plan.identifiers.map((_, index) => identifierColumn(index))
  const isSomebody = values.map((value) => `${value} != ''`).join(' OR ')
  const numbers = (expressions: readonly string[]) => `CAST([${expressions.join(', ')}], 'Array(UInt32)')`
  const [row] = await work.select<{ ':counts': readonly number[] }>(
    `SELECT ${numbers([
      'count()',
      `count() - uniqExact(${ROW})`,
      `countIf(NOT (${isSomebody}))`,
      ...plan.identifiers.map(({ text }, index) => `countIf(${text} != '' AND ${values[index]} = '')`),
      ...plan.events.map(({ when }) => `countIf(${when} AND (${isSomebody}))`),
    ])} AS ${quoteIdentifier(':counts')}
     FROM (${identified(plan, sampled)})`,
  )
  const [rows = 0, repeated = 0, without = 0, ...others] = row?.[':counts'] ?? []
  const blocked = others.slice(0, plan.identifiers.length)
  const events = others.slice(plan.identifiers.length)
  const byName: Record<string, number> = {}
  for (const [index, { name }] of plan.events.entries()) {
    byName[name] = (byName[name] ?? 0) + events[index]!
  }
  return {
    rows,
    isWhole: rows < limit,
    repeated,
    withoutIdentifier: without,
    blocked: Object.fromEntries(plan.identifiers.map(({ type }, index) => [type, blocked[index]!])),
    events: byName,
  }
}
