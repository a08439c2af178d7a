/**
 * Reads a stream and holds the connector to its contract, cheaply: a check of each record's shape and key, of each
 * block's columns and of each checkpoint's size.
 */
import type { Block, ReadContext, SourceRecord, StreamDefinition, StreamMessage } from './contract.js'
import { ConnectorError, ConnectorErrorKind } from './errors.js'
import type { Redact } from './redaction.js'

/** Largest state of a checkpoint as JSON, bytes: it travels through workflow histories. */
export const MAX_STATE_BYTES = 8192

/**
 * The stream's messages. Ending the iteration early ends the connector's generator too.
 * @throws ConnectorError ContractViolation when a message breaks the contract; the signal's reason when it has aborted;
 * and what the connector throws, with the secrets that the context knows masked.
 */
export async function* readStream<Config>(
  stream: StreamDefinition<Config>,
  context: ReadContext<Config> & { readonly redact?: Redact },
): AsyncGenerator<StreamMessage> {
  const guard = messageGuard(stream, context.primaryKey)
  try {
    context.signal.throwIfAborted()
    for await (const message of stream.read(context)) {
      context.signal.throwIfAborted()
      guard(message)
      yield message
    }
    context.signal.throwIfAborted()
  } catch (error) {
    throw context.redact ? context.redact(error) : error
  }
}

function messageGuard<Config>(
  stream: StreamDefinition<Config>,
  primaryKey: readonly string[],
): (message: StreamMessage) => void {
  const violation = (text: string): ConnectorError =>
    new ConnectorError(
      ConnectorErrorKind.ContractViolation,
      `reading ${stream.name}: ${text}; report it to the connector's author`,
    )
  const fields = stream.schema.properties

  const checkRecord = (record: SourceRecord): void => {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      throw violation('a record is not a plain object')
    }
    for (const key of primaryKey) {
      if (record[key] === null || record[key] === undefined) {
        throw violation(`the primary key field ${key} of a record is null`)
      }
    }
  }

  const checkBlock = ({ columns, format }: Block): void => {
    const unknown = columns.find((column) => !Object.hasOwn(fields, column))
    if (unknown !== undefined)
      throw violation(`a block has the column ${unknown}, which is not in the schema`)
    if (columns.length === 0) throw violation(`a block of ${format} has no columns`)
    if (new Set(columns).size < columns.length) throw violation('a block names a column twice')
  }

  return (message) => {
    switch (message?.type) {
      case 'records':
        for (const record of message.records) checkRecord(record)
        return
      case 'block':
        checkBlock(message.block)
        return
      case 'checkpoint': {
        const size = stateBytes(message.state)
        if (size === undefined) throw violation('the state of a checkpoint is not a JSON object')
        if (size > MAX_STATE_BYTES) {
          throw violation(`the state of a checkpoint has ${size} bytes, more than ${MAX_STATE_BYTES}`)
        }
        return
      }
      case 'rejects':
        return
      default:
        throw violation('it yields something that is no message')
    }
  }
}

/** Size as JSON, or undefined when the value is no object that JSON brings back as it was. */
function stateBytes(state: unknown): number | undefined {
  return isJson(state) && typeof state === 'object' && state !== null && !Array.isArray(state)
    ? Buffer.byteLength(JSON.stringify(state))
    : undefined
}

/** True for what JSON holds exactly; undefined members are left out by JSON and do no harm. */
function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (Array.isArray(value)) return value.every(isJson)
  if (typeof value !== 'object') return false
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  return Object.values(value).every((member) => member === undefined || isJson(member))
}
