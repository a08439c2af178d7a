/**
 * A static list as an audience: who enters the segment is upserted and put on it, who leaves is taken off it and stays in
 * HubSpot. Lists whose members HubSpot decides itself (`DYNAMIC`) cannot be written.
 */
import {
  type Batch,
  ConnectorError,
  defineObject,
  type ObjectDefinition,
  OK,
  type RecordResult,
} from '@tributary/connector-sdk'
import { type Hubspot, hubspot } from './client.js'
import { findIds, matchField } from './match.js'
import { BATCH, type RecordType } from './record-object.js'
import type { HubspotConfig } from './spec.js'
import { type Written, writeRecords } from './write-records.js'

/** A record that was just written and that its list does not find: it may not have come there yet. */
const NOT_KNOWN_YET: RecordResult = {
  status: 'retry',
  reason: 'HubSpot does not find the record that was written, so it is not on the list',
  afterMs: 2_000,
}

/** A list, as far as it is used (components/schemas/PublicObjectListSearchResult of the lists API). */
export interface HubspotList {
  readonly listId: string
  readonly name: string
  readonly objectTypeId: string
  readonly processingType: string
}

export function listObject(list: HubspotList, type: RecordType): ObjectDefinition<HubspotConfig> {
  return defineObject({
    name: `list:${list.listId}`,
    title: `List: ${list.name}`,
    description: `${type.title} are created or changed and put on the static list; removing takes them off it and keeps them.`,
    operations: ['upsert', 'remove'],
    fields: type.fields,
    matchKeys: type.matchKeys,
    batch: { ...BATCH, expectedMs: 1_000 },
    idempotency: 'natural',
    undo: 'inverse',
    write: async (context, batch) => {
      const client = hubspot(context)
      const results =
        batch.operation === 'remove'
          ? await takeOff(client, list, type, batch)
          : await putOn(client, list, type, batch)
      return { results }
    },
  })
}

async function putOn(
  client: Hubspot,
  list: HubspotList,
  type: RecordType,
  batch: Batch,
): Promise<readonly RecordResult[]> {
  const matchBy = matchField(batch.records[0]!)
  const written = await withIds(
    client,
    type,
    matchBy,
    batch,
    await writeRecords(client, type.objectType, matchBy, batch),
  )
  const ids = written.flatMap(({ id }) => id ?? [])
  const missing = new Set(await changeMembers(client, list, 'add', ids))
  return written.map(({ result, id }) => {
    if (result.status !== 'ok') return result
    if (id !== undefined && !missing.has(id)) return OK
    return NOT_KNOWN_YET
  })
}

/** Not every answer tells the ids of what was written: the others are looked up. */
async function withIds(
  client: Hubspot,
  { objectType }: RecordType,
  matchBy: string,
  { records }: Batch,
  written: readonly Written[],
): Promise<readonly Written[]> {
  const open = written.flatMap(({ result, id }, index) =>
    result.status === 'ok' && id === undefined ? [index] : [],
  )
  const found = await findIds(
    client,
    objectType,
    matchBy,
    open.map((index) => records[index]!),
  )
  return written.map((one, index) => {
    const id = found[open.indexOf(index)]
    return id === undefined ? one : { ...one, id }
  })
}

async function takeOff(
  client: Hubspot,
  list: HubspotList,
  { objectType }: RecordType,
  { records }: Batch,
): Promise<readonly RecordResult[]> {
  const ids = await findIds(client, objectType, matchField(records[0]!), records)
  await changeMembers(
    client,
    list,
    'remove',
    ids.filter((id) => id !== undefined),
  )
  return records.map(() => OK)
}

interface MembersAnswer {
  readonly recordIdsMissing?: readonly string[]
}

/** Members that are on (or off) the list already are passed over; tells which ids HubSpot does not know. */
async function changeMembers(
  client: Hubspot,
  list: HubspotList,
  change: 'add' | 'remove',
  ids: readonly string[],
): Promise<readonly string[]> {
  if (ids.length === 0) return []
  const path = `/crm/v3/lists/${encodeURIComponent(list.listId)}/memberships/${change}`
  const { status, body } = await client.send<MembersAnswer>('PUT', path, [...new Set(ids)])
  if (status < 400) return body.recordIdsMissing ?? []
  throw new ConnectorError(
    'SchemaIncompatible',
    status === 404
      ? `changing the list ${list.name}: it is no longer there; choose another object for the activation`
      : `changing the list ${list.name}: HubSpot refuses it; check that the list is static`,
    { code: String(status) },
  )
}
