/** How records are found: the ways in which an object can be matched, and the ids of records that were found by one of them. */
import type { DestinationRecord } from '@tributary/connector-sdk'
import { ConnectorError } from '@tributary/connector-sdk'
import type { Hubspot } from './client.js'
import { assertSchemaFits, refusal } from './errors.js'
import { type HubspotProperty, isWritable, textOf } from './properties.js'

/** HubSpot's own id of a record. Matched by it, records are changed and never created. */
export const RECORD_ID = 'hs_object_id'

const CONTACTS = '0-1'

/**
 * Fields by which an object's records can be matched: a contact's `email`, properties with unique values, and the record
 * id. A company's `domain` is not among them: upserts take e-mail addresses and unique properties only
 * (https://developers.hubspot.com/docs/api-reference/latest/crm/using-object-apis).
 */
export function matchFields(objectTypeId: string, properties: readonly HubspotProperty[]): readonly string[] {
  const unique = properties.filter((property) => property.hasUniqueValue && isWritable(property))
  const names = [
    ...(objectTypeId === CONTACTS ? ['email'] : []),
    ...unique.map(({ name }) => name),
    RECORD_ID,
  ]
  return [...new Set(names)]
}

/** The field by which a record is matched. */
export function matchField(record: DestinationRecord): string {
  return Object.keys(record.match)[0]!
}

interface ReadAnswer {
  readonly results?: readonly {
    readonly id: string
    readonly properties?: Readonly<Record<string, string | null>>
  }[]
}

/** The ids of those records that are there, undefined for the others; at most 100 records. */
export async function findIds(
  hubspot: Hubspot,
  objectType: string,
  matchBy: string,
  records: readonly DestinationRecord[],
): Promise<readonly (string | undefined)[]> {
  const values = records.map(({ match }) => textOf(match[matchBy]))
  if (matchBy === RECORD_ID || records.length === 0) return values
  // A contact answers to its additional addresses too; they are kept beside its main one, with semicolons between them.
  const properties = matchBy === 'email' ? ['email', 'hs_additional_emails'] : [matchBy]
  const path = `/crm/v3/objects/${encodeURIComponent(objectType)}/batch/read`
  const inputs = values.map((id) => ({ id }))
  const { status, body } = await hubspot.send<ReadAnswer>('POST', path, {
    idProperty: matchBy,
    inputs,
    properties,
    propertiesWithHistory: [],
  })
  if (status >= 400) {
    assertSchemaFits(body, objectType)
    throw new ConnectorError(
      'SchemaIncompatible',
      `looking records of ${objectType} up by ${matchBy}: ${refusal(body).reason}; discover the destination again`,
    )
  }
  const ids = new Map<string, string>()
  for (const { id, properties: found } of body.results ?? []) {
    for (const value of properties.flatMap((name) => valuesOf(name, found?.[name]))) {
      // Whether HubSpot tells unique values apart by case is not documented: the value as it is goes first.
      if (!ids.has(value.toLowerCase())) ids.set(value.toLowerCase(), id)
      ids.set(value, id)
    }
  }
  return values.map((value) => ids.get(value) ?? ids.get(value.toLowerCase()))
}

function valuesOf(name: string, value: string | null | undefined): readonly string[] {
  if (!value) return []
  return name === 'hs_additional_emails' ? value.split(';') : [value]
}
