/** What a vendor holds against what it should hold, whatever the order of records and fields. */
import assert from 'node:assert/strict'
import type { DestinationRecord, Operation } from '../../destination.js'
import type { JsonObject, JsonValue } from '../../json.js'
import type { ObjectCase, VendorHandle } from './options.js'

/** Fails unless the vendor holds exactly these records, or events after `append`. */
export async function assertHoldings<Config>(
  vendor: VendorHandle<Config>,
  object: ObjectCase,
  operation: Operation,
  expected: readonly DestinationRecord[],
): Promise<void> {
  assert.deepEqual(
    await readHoldings(vendor, object, operation),
    comparable(expected.map((record) => object.holds?.(record) ?? record)),
  )
}

/** What the vendor holds, as sorted texts. */
export async function readHoldings<Config>(
  vendor: VendorHandle<Config>,
  { name }: ObjectCase,
  operation: Operation,
): Promise<string[]> {
  return comparable(await vendor.holdings(vendor.objectName?.(name) ?? name, operation))
}

/** Records as sorted texts: equal for equal records in any order. An unset field is as one that never was. */
export function comparable(records: readonly DestinationRecord[]): string[] {
  return records
    .map(({ match, fields, event }) =>
      JSON.stringify({ match: sorted(match), fields: sorted(fields), ...(event && { event }) }),
    )
    .sort()
}

function sorted(object: JsonObject): JsonObject {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined && value !== null)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, value]) => [name, sortedValue(value!)]))
}

function sortedValue(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value) ? (value as JsonValue[]).map(sortedValue) : sorted(value as JsonObject)
}
