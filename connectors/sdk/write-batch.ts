/**
 * Writes through a destination's object and holds both sides to the contract: the batch is within the object's limits
 * and names known fields only, and every record has its answer.
 */
import type { Batch, DestinationRecord, ObjectDefinition, WriteContext, WriteResult } from './destination.js'
import { ConnectorError, ConnectorErrorKind } from './errors.js'
import type { JsonObject } from './json.js'

/** A job's description is kept in workflow histories: JSON, no longer than this. */
export const MAX_JOB_BYTES = 2048

/**
 * `object.write`, checked.
 * @throws ConnectorError SchemaIncompatible for a field that the object does not name, before anything is sent;
 * ContractViolation for a batch beyond the object's operations and limits, and for an answer that breaks the contract;
 * and what the object throws.
 */
export async function writeBatch<Config>(
  object: ObjectDefinition<Config>,
  context: WriteContext<Config>,
  batch: Batch,
): Promise<WriteResult> {
  checkBatch(object, batch)
  return checkedResult(object, batch, await object.write(context, batch))
}

/**
 * `object.poll`, checked as {@link writeBatch} is.
 * @throws ConnectorError ContractViolation, also where the object has no `poll`; and what the object throws.
 */
export async function pollBatch<Config>(
  object: ObjectDefinition<Config>,
  context: WriteContext<Config>,
  batch: Batch,
  job: JsonObject,
): Promise<WriteResult> {
  if (!object.poll) throw violation(object, 'it began a job and has no poll to ask after it')
  return checkedResult(object, batch, await object.poll(context, batch, job))
}

function checkBatch<Config>(object: ObjectDefinition<Config>, batch: Batch): void {
  const { operation, records } = batch
  if (!object.operations.includes(operation)) throw violation(object, `it has no ${operation}`)
  if (records.length === 0 || records.length > object.batch.records) {
    throw violation(
      object,
      `a batch of ${records.length} records, where 1 to ${object.batch.records} are allowed`,
    )
  }
  if (object.openFields) return
  const unknown = new Set<string>()
  for (const record of records) collectUnknown(object, record, unknown)
  if (unknown.size === 0) return
  throw new ConnectorError(
    ConnectorErrorKind.SchemaIncompatible,
    `writing ${object.name}: it has no field ${[...unknown].join(', ')}; discover the destination again and correct the activation`,
  )
}

function collectUnknown<Config>(
  { fields }: ObjectDefinition<Config>,
  record: DestinationRecord,
  unknown: Set<string>,
): void {
  for (const name in record.match) if (!Object.hasOwn(fields, name)) unknown.add(name)
  for (const name in record.fields) if (!Object.hasOwn(fields, name)) unknown.add(name)
}

function checkedResult<Config>(
  object: ObjectDefinition<Config>,
  batch: Batch,
  result: WriteResult,
): WriteResult {
  if (typeof result !== 'object' || result === null) throw violation(object, 'it answers with nothing')
  if ('job' in result) {
    if (!object.poll) throw violation(object, 'it answers with a job and has no poll to ask after it')
    const bytes = Buffer.byteLength(JSON.stringify(result.job))
    if (bytes > MAX_JOB_BYTES)
      throw violation(object, `its job is ${bytes} bytes, more than ${MAX_JOB_BYTES}`)
    if (!(result.pollAfterMs >= 0 && result.pollAfterMs < Number.POSITIVE_INFINITY)) {
      throw violation(object, 'its job says no time after which to ask')
    }
    return result
  }
  if (!Array.isArray(result.results) || result.results.length !== batch.records.length) {
    const answers = Array.isArray(result.results) ? result.results.length : 0
    throw violation(object, `${answers} answers for ${batch.records.length} records`)
  }
  for (const answer of result.results) {
    const ok = answer?.status === 'ok'
    const reasoned = answer?.status === 'rejected' || answer?.status === 'retry'
    if (!ok && !(reasoned && typeof answer.reason === 'string' && answer.reason !== '')) {
      throw violation(object, 'an answer is neither ok nor a rejection or retry with its reason')
    }
  }
  return result
}

function violation(object: { readonly name: string }, text: string): ConnectorError {
  return new ConnectorError(
    ConnectorErrorKind.ContractViolation,
    `writing ${object.name}: ${text}; report it to the connector's author`,
  )
}
