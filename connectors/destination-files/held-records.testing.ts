/** For the tests: what files say that their readers hold, as a reader of them would find it out. */
import { gunzipSync } from 'node:zlib'
import type { DestinationRecord, JsonObject, JsonValue, Operation } from '@tributary/connector-sdk'
import { parquetReadObjects } from 'hyparquet'

/** A file by its name below the location. */
export interface NamedFile {
  readonly name: string
  readonly bytes: Buffer
}

/** The rows of an NDJSON or a Parquet file, read without the destination's code. */
export async function rowsOfFile({ name, bytes }: NamedFile): Promise<JsonObject[]> {
  if (name.endsWith('.parquet')) {
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
    return (await parquetReadObjects({ file })).map(plainRow)
  }
  const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as JsonObject]))
}

/**
 * What the files of all runs amount to: events, or the newest whole with what changed since. Their names end with the
 * number of their run.
 * @param match fields by which records are found
 */
export async function heldRecords(
  files: readonly NamedFile[],
  operation: Operation,
  match: readonly string[],
): Promise<DestinationRecord[]> {
  const events: DestinationRecord[] = []
  let held = new Map<string, DestinationRecord>()
  for (const file of [...files].sort((a, b) => runOf(a) - runOf(b))) {
    const rows = await rowsOfFile(file)
    if (!rows.some((row) => 'change' in row || 'event' in row)) held = new Map()
    for (const row of rows) {
      const { change, event, ...values } = row
      const record = recordOf(values, match)
      const key = JSON.stringify(record.match)
      if (event !== undefined) events.push({ ...record, event: event as 'entered' | 'left' })
      else if (change === 'remove') held.delete(key)
      else held.set(key, { ...record, fields: { ...held.get(key)?.fields, ...record.fields } })
    }
  }
  return operation === 'append' ? events : [...held.values()]
}

function runOf({ name }: NamedFile): number {
  return Number(/(\d+)(?:\.[a-z]+)+$/.exec(name)?.[1] ?? 0)
}

function recordOf(values: JsonObject, match: readonly string[]): DestinationRecord {
  const split = (own: boolean): JsonObject =>
    Object.fromEntries(Object.entries(values).filter(([name]) => match.includes(name) === own))
  return { match: split(true), fields: split(false) }
}

/** Whole numbers as JSON has them; the others are what JSON has already. */
function plainRow(row: Readonly<Record<string, unknown>>): JsonObject {
  const plain = (value: unknown): JsonValue => {
    if (typeof value === 'bigint') return Number(value)
    if (Array.isArray(value)) return value.map(plain)
    return (value ?? null) as JsonValue
  }
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]))
}
