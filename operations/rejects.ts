/** `tributary rejects`: what could not be loaded as it was, kept with the reason and where it stood. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { selectRows } from '../warehouse/query.js'
import type { ReplayRejectsReport } from '../workflows/command-contract.js'
import { streamWorkflowId, TASK_QUEUE } from '../workflows/contract.js'
import type { OperationContext } from './context.js'
import { taskFailure } from './follow-task.js'
import { assertPolling } from './polling.js'
import { sourceAttributes } from './search-attributes.js'
import { assertStreams, knownSource } from './sources.js'
import { type RunContext, SourceBusy } from './sync.js'

export interface RejectRow {
  readonly stream: string
  /** ISO 8601. */
  readonly at: string
  readonly reason: string
  /** Empty: the record as a whole. */
  readonly field: string
  /** Where it stands in the source; empty where the source has no places. */
  readonly location: string
  /** The input as it was. */
  readonly raw: string
  readonly loadId: string
  readonly ordinal: number
  /** It has been loaded since. */
  readonly replayed: boolean
}

export interface RejectsOptions {
  readonly stream?: string
  /** @default 20 */
  readonly limit?: number
}

/** What a reject holds, whatever its spaces and the order of its keys: a replay writes it anew. */
const CONTENT = 'cityHash64(arraySort(JSONExtractKeysAndValuesRaw(raw)))'

/** Newest first. One that was tried again in vain is listed once, as it was rejected last. */
export async function rejects(
  { warehouse }: Pick<OperationContext, 'warehouse'>,
  source: string,
  { stream = '', limit = 20 }: RejectsOptions = {},
): Promise<readonly RejectRow[]> {
  const rows = await selectRows<Omit<RejectRow, 'replayed'> & { replayed: number }>(
    await warehouse(),
    `WITH tried AS (
       SELECT reject_load_id, reject_ordinal, load_id FROM tributary.replays
       WHERE source = {source:String} AND load_id IN (
         SELECT load_id FROM tributary.loads WHERE source = {source:String} AND event = 'accepted')),
     again AS (
       SELECT load_id, ${CONTENT} AS content FROM tributary.rejects
       WHERE source = {source:String} AND load_id IN (SELECT load_id FROM tried))
     SELECT stream, formatDateTime(at, '%Y-%m-%dT%H:%i:%S.%fZ') AS at, reason, field, location, raw,
       toString(load_id) AS loadId, ordinal,
       (load_id, ordinal) IN (SELECT reject_load_id, reject_ordinal FROM tried) AS replayed
     FROM tributary.rejects AS rejected
     WHERE source = {source:String} AND ({stream:String} = '' OR stream = {stream:String})
       AND (load_id, ordinal, ${CONTENT}) NOT IN (
         SELECT reject_load_id, reject_ordinal, content FROM tried JOIN again USING (load_id))
     ORDER BY rejected.at DESC, load_id, ordinal LIMIT {limit:UInt32}`,
    { source, stream, limit },
  )
  return rows.map((row) => ({ ...row, replayed: row.replayed === 1 }))
}

/**
 * Tries a stream's rejects again under its present settings, and waits for the result.
 * @throws SourceUnknown, StreamUnknown, NothingPolling, SourceBusy where a run writes the stream
 */
export async function replayRejects(
  context: RunContext,
  source: string,
  stream: string,
): Promise<ReplayRejectsReport> {
  const client = await context.temporal()
  const [known] = await Promise.all([knownSource(context, source), assertPolling(client)])
  assertStreams(known, [stream])
  const workflowId = streamWorkflowId(source, stream)
  try {
    return (await client.workflow.execute('replayRejects', {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [{ source, stream }],
      staticSummary: `${source} · ${stream} · rejects again`.slice(0, 190),
      typedSearchAttributes: sourceAttributes(source),
    })) as ReplayRejectsReport
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw taskFailure(error)
    throw new SourceBusy(
      `replaying rejects of ${source}.${stream}: ${workflowId} is running; wait for it, or run tributary cancel ${source}`,
    )
  }
}
