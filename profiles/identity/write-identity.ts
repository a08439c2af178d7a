/** Writes what changed in identity as rows of one load: `cdp.node_profiles__rows` and `cdp.identity_log__rows`. */
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import type { StepContext, StepTarget } from '../steps/derived-load.js'
import { insertRows } from './binary-rows.js'
import type { Partition, PersonChange } from './changes.js'
import type { NodeIndex } from './node-index.js'
import type { ResolvedGraph } from './read-graph.js'
import type { IdentityRules } from './rules.js'

/** node, profile, raw, version: 4 bytes each; load: 8; generation: 4. */
const ROW_BYTES = 28
/** Rows of one insert: one part, 28 MB. */
const ROWS_PER_INSERT = 1_000_000
const LOG_ROWS_PER_INSERT = 50_000

export async function writeNodeProfiles(
  { warehouse, signal }: StepContext,
  target: StepTarget,
  { nodeAt }: NodeIndex,
  { profile, raw }: Partition,
  indices: Uint32Array,
): Promise<void> {
  const loadId = BigInt(target.loadId)
  for (let from = 0; from < indices.length; from += ROWS_PER_INSERT) {
    const part = indices.subarray(from, from + ROWS_PER_INSERT)
    const bytes = Buffer.allocUnsafe(part.length * ROW_BYTES)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let offset = 0
    for (const index of part) {
      view.setUint32(offset, nodeAt(index), true)
      view.setUint32(offset + 4, nodeAt(profile[index]!), true)
      view.setUint32(offset + 8, nodeAt(raw[index]!), true)
      view.setUint32(offset + 12, target.version, true)
      view.setBigUint64(offset + 16, loadId, true)
      view.setUint32(offset + 24, target.generation, true)
      offset += ROW_BYTES
    }
    await insertRows(warehouse, 'cdp.node_profiles__rows', bytes, signal)
  }
}

export interface LogRow {
  readonly kind: PersonChange['kind'] | 'conflict'
  readonly profile: number
  readonly other: number
  readonly detail: string
}

export async function writeLog(
  { warehouse, now, signal }: StepContext,
  target: StepTarget,
  rows: readonly LogRow[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += LOG_ROWS_PER_INSERT) {
    await warehouse.insert({
      table: 'cdp.identity_log__rows',
      values: rows.slice(from, from + LOG_ROWS_PER_INSERT).map((row) => ({
        ...row,
        at: now.toISOString(),
        _load_id: target.loadId,
        _generation: target.generation,
      })),
      format: 'JSONEachRow',
      abort_signal: signal,
      clickhouse_settings: { date_time_input_format: 'best_effort' },
    })
  }
}

/** Conflicts that the log does not tell of yet. A link that stays out is told of once. */
export async function newConflicts(
  warehouse: Warehouse,
  identity: string,
  { index, graph, profile, conflicts }: ResolvedGraph,
  rules: IdentityRules,
): Promise<LogRow[]> {
  if (conflicts.length === 0) return []
  const told = await selectRows<{ detail: string }>(
    warehouse,
    `SELECT DISTINCT detail FROM cdp.identity_log__rows WHERE kind = 'conflict' AND ${identity}`,
  )
  const isTold = new Set(told.map(({ detail }) => detail))
  return conflicts
    .map(({ a, b, type }) => ({
      kind: 'conflict' as const,
      profile: index.nodeAt(profile[a]!),
      other: index.nodeAt(profile[b]!),
      detail: JSON.stringify({
        a: index.nodeAt(a),
        b: index.nodeAt(b),
        type: rules.types[type],
        ...graph.limits[type],
      }),
    }))
    .filter(({ detail }) => !isTold.has(detail))
}
