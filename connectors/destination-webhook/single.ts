/** A batch as one message for each record, several under way at once. */
import {
  type Batch,
  ConnectorErrorKind,
  type DestinationRecord,
  isConnectorError,
  type RecordResult,
  type WriteContext,
} from '@tributary/connector-sdk'
import { recordId, recordMessage } from './message.js'
import { post } from './receiver.js'
import { endsBatch, later, refused } from './results.js'
import type { WebhookConfig } from './spec.js'

/** Faults of the receiver after which the rest of the batch waits; fewer may be the fault of their records. */
const MOST_FAULTS = 5

type Context = WriteContext<WebhookConfig>

/** @throws ConnectorError when the whole may be written again: nothing was taken, or it is known again */
export async function writeEach(context: Context, batch: Batch): Promise<readonly RecordResult[]> {
  const results: RecordResult[] = new Array(batch.records.length)
  const queue = batch.records.entries()
  let failure: unknown
  let faults = 0
  const work = async (): Promise<void> => {
    // one iterator for all workers: each record is taken once
    for (const [index, record] of queue) {
      if (faults >= MOST_FAULTS) {
        results[index] = later(failure)
        continue
      }
      try {
        results[index] = await postRecord(context, batch, record)
      } catch (error) {
        failure = error
        faults += isFaultOfOne(error) ? 1 : MOST_FAULTS
        results[index] = later(error)
      }
    }
  }
  await Promise.all(Array.from({ length: context.config.concurrency ?? 8 }, work))
  const taken = results.some(({ status }) => status !== 'retry')
  if (failure !== undefined && endsBatch(failure, taken, context.config)) throw failure
  return results
}

async function postRecord(context: Context, batch: Batch, record: DestinationRecord): Promise<RecordResult> {
  const message = recordMessage(context, batch.operation, recordId(batch, record), record)
  const answer = await post(context, message, [record])
  return answer.kind === 'results' ? answer.results[0]! : refused(answer.status)
}

function isFaultOfOne(error: unknown): boolean {
  return (
    isConnectorError(error) &&
    (error.kind === ConnectorErrorKind.SourceUnavailable || error.kind === ConnectorErrorKind.NetworkError)
  )
}
