/** Contacts, companies and custom objects: created and changed in batches of 100; archived only where the config allows it. */
import {
  type Batch,
  ConnectorError,
  type DestinationField,
  defineObject,
  type ObjectDefinition,
  OK,
  type RecordResult,
} from '@tributary/connector-sdk'
import { type Hubspot, hubspot } from './client.js'
import { refusal } from './errors.js'
import { findIds, matchField } from './match.js'
import type { HubspotConfig } from './spec.js'
import { writeRecords } from './write-records.js'

/** https://developers.hubspot.com/docs/api-reference/latest/crm/using-object-apis: at most 100 inputs a request. */
export const BATCH = { records: 100, expectedMs: 500 }

/** An object of HubSpot with what its records take. */
export interface RecordType {
  /** As paths name it: `contacts`, `p7_cars`. */
  readonly objectType: string
  readonly objectTypeId: string
  readonly title: string
  readonly fields: Readonly<Record<string, DestinationField>>
  readonly matchKeys: readonly (readonly string[])[]
}

export function recordObject(type: RecordType, allowArchive: boolean): ObjectDefinition<HubspotConfig> {
  const { objectType, title, fields, matchKeys } = type
  return defineObject({
    name: objectType,
    title,
    description: allowArchive
      ? `${title} are created and changed; removing archives them.`
      : `${title} are created and changed, never removed.`,
    operations: allowArchive ? ['upsert', 'remove'] : ['upsert'],
    fields,
    matchKeys,
    batch: BATCH,
    idempotency: 'natural',
    undo: 'inverse',
    write: async (context, batch) => {
      const client = hubspot(context)
      const matchBy = matchField(batch.records[0]!)
      if (batch.operation === 'remove') return { results: await archive(client, objectType, matchBy, batch) }
      const written = await writeRecords(client, objectType, matchBy, batch)
      return { results: written.map(({ result }) => result) }
    },
  })
}

/** Who is not there counts as archived. */
async function archive(
  client: Hubspot,
  objectType: string,
  matchBy: string,
  { records }: Batch,
): Promise<readonly RecordResult[]> {
  const ids = await findIds(client, objectType, matchBy, records)
  const found = [...new Set(ids.filter((id) => id !== undefined))]
  if (found.length > 0) {
    const { status, body } = await client.send(
      'POST',
      `/crm/v3/objects/${encodeURIComponent(objectType)}/batch/archive`,
      { inputs: found.map((id) => ({ id })) },
    )
    if (status >= 400) {
      throw new ConnectorError(
        'SchemaIncompatible',
        `archiving ${objectType}: ${refusal(body).reason}; discover the destination again`,
      )
    }
  }
  return records.map(() => OK)
}
