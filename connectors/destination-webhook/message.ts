/**
 * The messages that a receiver gets (schemas/message.schema.json). A message is the same at every attempt, byte for byte:
 * the time of the attempt is in its header, so that receivers may compare what came under one id.
 */
import { createHash } from 'node:crypto'
import type { Batch, DestinationRecord, Operation } from '@tributary/connector-sdk'

/** Whose messages they are. */
export interface Origin {
  readonly activation: string
  readonly run: string
}

export interface Message {
  /** Its `webhook-id`: letters, digits, `-` and `_`. */
  readonly id: string
  readonly body: Buffer
}

/** A message of many records. */
export function batchMessage(
  origin: Origin,
  operation: Operation,
  id: string,
  records: readonly DestinationRecord[],
): Message {
  return message({ type: `records.${operation}`, id, ...names(origin), operation, records })
}

/** A message of one record. */
export function recordMessage(
  origin: Origin,
  operation: Operation,
  id: string,
  record: DestinationRecord,
): Message {
  return message({ type: `record.${operation}`, id, ...names(origin), operation, record })
}

/** A message of no records, by which a receiver shows that it is there and knows the secret. */
export function pingMessage(id: string): Message {
  return message({ type: 'ping', id })
}

/** The id of a part of a batch: the same for the same part, another one than that of its whole. */
export function partId(batch: Batch, records: readonly DestinationRecord[]): string {
  if (records.length === batch.records.length) return batch.idempotencyKey
  const part = JSON.stringify(records.map(({ match }) => match))
  return `${batch.idempotencyKey}_${createHash('sha256').update(part).digest('hex').slice(0, 16)}`
}

/** The id of one record of a batch, wherever in the batch it stands. */
export function recordId(batch: Batch, record: DestinationRecord): string {
  const match = createHash('sha256').update(JSON.stringify(record.match)).digest('hex')
  return `${batch.idempotencyKey}_${match.slice(0, 32)}`
}

function names({ activation, run }: Origin): Origin {
  return { activation, run }
}

function message(content: {
  readonly type: string
  readonly id: string
  readonly [name: string]: unknown
}): Message {
  return { id: content.id, body: Buffer.from(JSON.stringify(content)) }
}
