/** Looks profiles up by the identifier that records are matched by, 100 at a time. */
import type { DestinationRecord } from '@tributary/connector-sdk'
import type { Klaviyo } from './client.js'
import { type FoundProfile, identifierKey, matchField } from './profile.js'

/** A page of profiles holds so many (https://developers.klaviyo.com/en/reference/get_profiles). */
const MOST_VALUES = 100
/** Characters of a filter, encoded: addresses may be long, and those of a request may not. */
const MOST_CHARACTERS = 6_000

/** The profile of each record that there is one for. `wanted`: the attributes to read, as sparse fields name them. */
export async function findProfiles(
  client: Klaviyo,
  records: readonly DestinationRecord[],
  wanted: readonly string[],
): Promise<ReadonlyMap<DestinationRecord, FoundProfile>> {
  const found = new Map<DestinationRecord, FoundProfile>()
  const [first] = records
  if (!first) return found
  const field = matchField(first)
  const byValue = new Map(records.map((record) => [identifierKey(field, record.match[field]), record]))
  for (const values of chunks(records.map((record) => String(record.match[field])))) {
    const profiles = await client.all<FoundProfile>({
      method: 'GET',
      path: '/api/profiles',
      query: {
        filter: filterOf(field, values),
        'fields[profile]': [...new Set([field, ...wanted])].join(','),
        'page[size]': String(MOST_VALUES),
      },
      doing: 'looking profiles up',
    })
    for (const profile of profiles) {
      const record = byValue.get(identifierKey(field, profile.attributes[field]))
      if (record) found.set(record, profile)
    }
  }
  return found
}

function filterOf(field: string, values: readonly string[]): string {
  return `any(${field},${JSON.stringify(values)})`
}

function* chunks(values: readonly string[]): Generator<readonly string[]> {
  let chunk: string[] = []
  let characters = 0
  for (const value of values) {
    const length = encodeURIComponent(JSON.stringify(value)).length + 3
    if (chunk.length === MOST_VALUES || (chunk.length > 0 && characters + length > MOST_CHARACTERS)) {
      yield chunk
      chunk = []
      characters = 0
    }
    chunk.push(value)
    characters += length
  }
  yield chunk
}
