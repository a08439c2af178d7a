/**
 * Says how many people a definition has, and shows some of them, before anybody saves it. Asks the facts as they are now, within
 * bounds of time and memory; ends with its caller.
 */
import { randomUUID } from 'node:crypto'
import type { SegmentFile } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { readSnapshot } from '../facts/snapshot.js'
import { compileSegment } from './compile/compile.js'
import { allSources, readPropertyKinds } from './compile/sources.js'
import type { CompiledSegment } from './compile/types.js'
import { type ExportedMember, readMembers } from './refresh/export-members.js'
import { publishedAt } from './refresh/published.js'
import { EVERYONE } from './refresh/sources.js'

export interface PreviewQuestion {
  /** The segment's id, also of one that is not saved yet: the default seed of random shares. */
  readonly id: string
  readonly definition: SegmentFile
  /** Definitions of the segments that it names, and so on. */
  segment(id: string): SegmentFile | undefined
  readonly now: Date
  /** Zone of definitions that name none. */
  readonly timeZone: string
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
 * Everyone is whom the newest refresh knew; without one they are counted from the facts.
 * @throws Error when the definition is one that `checkSegments` refuses, or a bound is reached
 */
export async function previewSegment(
  warehouse: Warehouse,
  question: PreviewQuestion,
): Promise<SegmentPreview> {
  question.signal?.throwIfAborted()
  const start = performance.now()
  const [snapshot, propertyKinds, everyone] = await Promise.all([
    readSnapshot(warehouse),
    readPropertyKinds(warehouse),
    publishedAt(warehouse, EVERYONE),
  ])
  const options = { now: question.now, timeZone: question.timeZone, propertyKinds }
  const sources = allSources(snapshot)
  const bitmap = (sql: string) => `(SELECT groupBitmapState(profile) FROM (${sql}))`
  const known = everyone
    ? `(SELECT members FROM ${everyone.members})`
    : bitmap(`SELECT profile FROM ${sources.everyone}`)
  const membersOf = (compiled: CompiledSegment): string =>
    compiled.members({
      leaf: (hash) => bitmap(compiled.leaves.find((leaf) => leaf.hash === hash)!.sql(sources)),
      segment: (id) => {
        const definition = question.segment(id)
        if (!definition) throw new Error(`previewing segment ${question.id}: there is no segment ${id}`)
        return membersOf(compileSegment(id, definition, options))
      },
      everyone: known,
    })
  const members = membersOf(compileSegment(question.id, question.definition, options))
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
