/**
 * Says how many people a definition has, and shows some of them, before anybody saves it. Asks the facts as they are now, within
 * bounds of time and memory; ends with its caller.
 */
import { randomUUID } from 'node:crypto'
import type { Warehouse } from '../../warehouse/client.js'
import { readSnapshot } from '../facts/snapshot.js'
import { type MembersQuestion, membersSql } from './members-sql.js'
import { type ExportedMember, readMembers } from './refresh/export-members.js'

export interface PreviewQuestion extends MembersQuestion {
  /** Ends the query, on the server, too. */
  readonly signal?: AbortSignal
  /** @default 10 */
  readonly sample?: number
  /** @default 10 */
  readonly maxSeconds?: number
  /** @default 4 GiB */
  readonly maxMemoryBytes?: number
}

/** JSON-safe. */
export interface SegmentPreview {
  readonly size: number
  readonly seconds: number
  /** Some of the members: those with the least ids. */
  readonly sample: readonly ExportedMember[]
}

/**
 * Asks {@link membersSql}.
 * @throws Error when the definition is one that `checkSegments` refuses, or a bound is reached
 */
export async function previewSegment(
  warehouse: Warehouse,
  question: PreviewQuestion,
): Promise<SegmentPreview> {
  question.signal?.throwIfAborted()
  const start = performance.now()
  const snapshot = await readSnapshot(warehouse)
  const members = await membersSql(warehouse, question, snapshot)
  const [found] = await ask(
    warehouse,
    `SELECT bitmapCardinality(members) AS size, bitmapToArray(bitmapSubsetLimit(members, 0, ${question.sample ?? 10})) AS sample
     FROM (SELECT ${members} AS members)`,
    question,
  )
  const sample = await readMembers(warehouse, found!.sample, undefined, question.signal)
  return { size: Number(found!.size), seconds: (performance.now() - start) / 1000, sample }
}

async function ask(
  warehouse: Warehouse,
  query: string,
  { signal, maxSeconds = 10, maxMemoryBytes = 4 * 1024 ** 3 }: PreviewQuestion,
): Promise<{ size: string; sample: number[] }[]> {
  const query_id = `preview-${randomUUID()}`
  try {
    const result = await warehouse.query({
      query,
      query_id,
      format: 'JSONEachRow',
      ...(signal && { abort_signal: signal }),
      clickhouse_settings: {
        max_execution_time: maxSeconds,
        max_memory_usage: String(maxMemoryBytes),
        cancel_http_readonly_queries_on_client_close: 1,
      },
    })
    return await result.json()
  } catch (error) {
    // A server that has not seen the connection close would go on for nobody.
    if (signal?.aborted) await kill(warehouse, query_id)
    throw error
  }
}

async function kill(warehouse: Warehouse, queryId: string): Promise<void> {
  const query = 'KILL QUERY WHERE query_id = {id:String} ASYNC'
  await warehouse.command({ query, query_params: { id: queryId } }).catch(() => undefined)
}
