/**
 * A batch as one message. Where the receiver refuses it and does not say for which records, its halves are sent, and so on:
 * breadth first, so that `n` records with a few bad ones cost about `2 log2 n` messages for each, and a receiver that
 * refuses everything is found out soon.
 */
import {
  type Batch,
  ConnectorError,
  ConnectorErrorKind,
  type DestinationRecord,
  type RecordResult,
  type WriteContext,
} from '@tributary/connector-sdk'
import type { Answer } from './answer.js'
import { batchMessage, partId } from './message.js'
import { post } from './receiver.js'
import { endsBatch, later, refused, refusedWithOthers } from './results.js'
import type { WebhookConfig } from './spec.js'

/** Messages that one batch may cost; what is undecided then is tried again with the next run. */
const MOST_MESSAGES = 200

/** Consecutive records of the batch. */
interface Part {
  readonly from: number
  readonly records: readonly DestinationRecord[]
}

/** @throws ConnectorError when the whole may be written again: nothing was taken, or it is known again */
export async function writeHalving(
  context: WriteContext<WebhookConfig>,
  batch: Batch,
): Promise<readonly RecordResult[]> {
  const results: RecordResult[] = new Array(batch.records.length)
  const settle = ({ from, records }: Part, result: RecordResult): unknown =>
    results.fill(result, from, from + records.length)
  let parts: readonly Part[] = [{ from: 0, records: batch.records }]
  let taken = false
  let status = 0
  for (let messages = 0; parts.length > 0 && messages < MOST_MESSAGES; messages++) {
    const [part, ...others] = parts as [Part, ...Part[]]
    parts = others
    let answer: Answer
    try {
      answer = await postPart(context, batch, part)
    } catch (error) {
      if (endsBatch(error, taken, context.config)) throw error
      for (const waiting of [part, ...others]) settle(waiting, later(error))
      return results
    }
    if (answer.kind === 'results') {
      taken = true
      results.splice(part.from, part.records.length, ...answer.results)
    } else {
      status = answer.status
      if (part.records.length === 1) settle(part, refused(status))
      else parts = [...others, ...halvesOf(part)]
    }
  }
  if (parts.length > 0 && !taken) throw refusesEverything(status)
  for (const undecided of parts) settle(undecided, refusedWithOthers(status))
  return results
}

function postPart(context: WriteContext<WebhookConfig>, batch: Batch, { records }: Part): Promise<Answer> {
  return post(context, batchMessage(context, batch.operation, partId(batch, records), records), records)
}

function halvesOf({ from, records }: Part): readonly Part[] {
  const middle = Math.ceil(records.length / 2)
  return [
    { from, records: records.slice(0, middle) },
    { from: from + middle, records: records.slice(middle) },
  ]
}

function refusesEverything(status: number): ConnectorError {
  return new ConnectorError(
    ConnectorErrorKind.ConfigInvalid,
    `posting records: the receiver answers ${status} to every part of a batch; correct the mapping or the receiver`,
    { code: String(status) },
  )
}
