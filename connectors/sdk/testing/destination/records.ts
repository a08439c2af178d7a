/** Sample records as each operation takes them, and what their answers should be. */
import assert from 'node:assert/strict'
import { type DestinationRecord, Operation, type RecordResult } from '../../destination.js'
import type { JsonObject } from '../../json.js'
import type { ObjectCase } from './options.js'

/** Samples from here on are never sent: they lend their values to other records. */
export const UNSENT = 1_000_000

/** Operations that bring something, in the order in which the suite prefers them for tests of no operation in particular. */
const BRINGING: readonly Operation[] = [Operation.upsert, Operation.append, Operation.replace]

/** The operation by which tests of no operation in particular write; undefined for an object that only removes. */
export function mainOperation({ operations }: ObjectCase): Operation | undefined {
  return BRINGING.find((operation) => operations.includes(operation))
}

/** So many samples, as the operation takes them. */
export function samples(
  object: ObjectCase,
  operation: Operation,
  count: number,
  from = 0,
): DestinationRecord[] {
  return Array.from({ length: count }, (_, index) => recordFor(operation, object.sample(from + index)))
}

/** A record as the operation takes it: removes have no fields, appends say what happened. */
export function recordFor(operation: Operation, { match, fields }: DestinationRecord): DestinationRecord {
  if (operation === 'remove') return { match, fields: {} }
  return { match, fields, ...(operation === 'append' && { event: 'entered' as const }) }
}

/** The record with other fields. */
export function withFields(record: DestinationRecord, fields: JsonObject): DestinationRecord {
  return { ...record, fields }
}

/** Texts of records that must be seen nowhere: who they are, not what kind of person they are. */
export function tellingTexts(records: readonly DestinationRecord[]): string[] {
  const texts = records.flatMap(({ match }) => Object.values(match))
  return texts.filter((text): text is string => typeof text === 'string' && text.length >= 6)
}

export function assertAllOk(results: readonly RecordResult[], count: number): void {
  assert.deepEqual(
    results.map((result) => (result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`)),
    Array.from({ length: count }, () => 'ok'),
  )
}
