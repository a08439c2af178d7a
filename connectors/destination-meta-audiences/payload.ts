/**
 * Records as Meta takes them: a schema of keys, and a row of values for each.
 * https://developers.facebook.com/documentation/ads-commerce/marketing-api/reference/custom-audience/users
 */
import { createHash } from 'node:crypto'
import type { DestinationRecord, JsonValue } from '@tributary/connector-sdk'
import { SCHEMA_KEYS } from './columns.js'

export interface Payload {
  readonly schema: readonly string[]
  readonly data: readonly (readonly (string | readonly string[])[])[]
}

/** Marks a row for Limited Data Use, where Meta finds out whom it applies to. */
const LIMITED = { key: 'DATA_PROCESSING_OPTIONS', value: ['LDU'] } as const

/** The columns that any of the records has; what one lacks is left blank. The same records give the same payload. */
export function payloadOf(records: readonly DestinationRecord[], limitedDataUse = false): Payload {
  const used = Object.keys(SCHEMA_KEYS).filter((field) =>
    records.some((record) => fieldText(record, field) !== ''),
  )
  return {
    schema: [...used.map((field) => SCHEMA_KEYS[field]!), ...(limitedDataUse ? [LIMITED.key] : [])],
    data: records.map((record) => [
      ...used.map((field) => fieldText(record, field)),
      ...(limitedDataUse ? [LIMITED.value] : []),
    ]),
  }
}

/** The text of a record's field; empty where it has none. */
export function fieldText({ match, fields }: DestinationRecord, field: string): string {
  const value: JsonValue | undefined = match[field] ?? fields[field]
  return typeof value === 'string' ? value : ''
}

/**
 * A member who is nobody: `.invalid` is no domain (RFC 2606), so no account has this address. It stands where a batch must
 * have a row and nobody is left to send.
 */
export const NOBODY: Payload = {
  schema: ['EMAIL'],
  data: [[createHash('sha256').update('nobody@tributary.invalid').digest('hex')]],
}
