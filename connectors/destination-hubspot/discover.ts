/** The objects that a token may write: contacts, companies, custom objects, and the static lists of them. */
import {
  type ConnectorContext,
  ConnectorError,
  type DestinationField,
  isConnectorError,
  type ObjectDefinition,
} from '@tributary/connector-sdk'
import { type Hubspot, hubspot } from './client.js'
import { refusal } from './errors.js'
import { type HubspotList, listObject } from './list-object.js'
import { matchFields, RECORD_ID } from './match.js'
import { normaliserOf } from './normalise.js'
import { fieldOf, type HubspotProperty, isPersonal, isWritable } from './properties.js'
import { type RecordType, recordObject } from './record-object.js'
import type { HubspotConfig } from './spec.js'

/** Object type ids that every account has (https://developers.hubspot.com/docs/guides/crm/understanding-the-crm). */
const STANDARD = [
  { objectType: 'contacts', objectTypeId: '0-1', title: 'Contacts' },
  { objectType: 'companies', objectTypeId: '0-2', title: 'Companies' },
] as const

/** The most lists that a page of the search may hold. */
const LISTS_PER_PAGE = 500

/** @throws ConnectorError PermissionDenied when the token may read none of them */
export async function discover(
  context: ConnectorContext<HubspotConfig>,
): Promise<readonly ObjectDefinition<HubspotConfig>[]> {
  const client = hubspot(context)
  const denied: ConnectorError[] = []
  /** What the token may not see is left out, and said in the log. */
  const permitted = async <T>(what: string, ask: () => Promise<readonly T[]>): Promise<readonly T[]> => {
    try {
      return await ask()
    } catch (error) {
      if (!isConnectorError(error) || error.kind !== 'PermissionDenied') throw error
      context.log.warn('left out for lack of a scope', { what })
      denied.push(error)
      return []
    }
  }
  const types: RecordType[] = []
  for (const standard of STANDARD) {
    const found = await permitted(standard.objectType, () => readProperties(client, standard.objectType))
    if (found.length > 0) types.push(recordType(standard, found, context.config))
  }
  for (const schema of await permitted('custom objects', () => readSchemas(client))) {
    types.push(recordType(customObject(schema), schema.properties, context.config))
  }
  const [first] = denied
  if (types.length === 0 && first) throw first
  const lists = await permitted('lists', () => readLists(client))
  const allowArchive = context.config.allow_archive ?? false
  return [
    ...types.map((type) => recordObject(type, allowArchive)),
    ...lists.flatMap((list) => {
      const type = types.find(({ objectTypeId }) => objectTypeId === list.objectTypeId)
      return type ? [listObject(list, type)] : []
    }),
  ]
}

function recordType(
  object: { readonly objectType: string; readonly objectTypeId: string; readonly title: string },
  properties: readonly HubspotProperty[],
  config: HubspotConfig,
): RecordType {
  const isContact = object.objectTypeId === '0-1'
  const fields: Record<string, DestinationField> = {}
  for (const property of properties.filter(isWritable)) {
    const normalize = normaliserOf(property, config.phone_region)
    fields[property.name] = {
      ...fieldOf(property, isContact && isPersonal(property)),
      ...(normalize && { normalize }),
    }
  }
  fields[RECORD_ID] = {
    type: 'string',
    title: 'Record ID',
    description: "HubSpot's own id, to match by: records are then changed and never created.",
  }
  return {
    ...object,
    fields,
    matchKeys: matchFields(object.objectTypeId, properties).map((name) => [name]),
  }
}

async function readProperties(client: Hubspot, objectType: string): Promise<readonly HubspotProperty[]> {
  return listed<HubspotProperty>(client, `/crm/v3/properties/${objectType}`)
}

interface Schema {
  readonly objectTypeId: string
  readonly name: string
  readonly fullyQualifiedName?: string
  readonly labels?: { readonly plural?: string }
  readonly archived?: boolean
  readonly properties: readonly HubspotProperty[]
}

async function readSchemas(client: Hubspot): Promise<readonly Schema[]> {
  return (await listed<Schema>(client, '/crm-object-schemas/v3/schemas')).filter(({ archived }) => !archived)
}

const customObject = ({ objectTypeId, fullyQualifiedName, name, labels }: Schema) => ({
  objectType: fullyQualifiedName ?? objectTypeId,
  objectTypeId,
  title: labels?.plural ?? name,
})

async function listed<T>(client: Hubspot, path: string): Promise<readonly T[]> {
  const { status, body } = await client.send<{ readonly results?: readonly T[] }>('GET', path)
  if (status < 400) return body.results ?? []
  throw new ConnectorError(
    'ConfigInvalid',
    `requesting ${path}: ${refusal(body).reason}; check the API address`,
  )
}

/** Lists whose members are set by hand or by programs. */
async function readLists(client: Hubspot): Promise<readonly HubspotList[]> {
  const found: HubspotList[] = []
  for (let offset = 0, more = true; more; ) {
    const { status, body } = await client.send<{
      readonly lists?: readonly HubspotList[]
      readonly hasMore?: boolean
      readonly offset?: number
    }>('POST', '/crm/v3/lists/search', {
      offset,
      count: LISTS_PER_PAGE,
      processingTypes: ['MANUAL', 'SNAPSHOT'],
      additionalProperties: [],
    })
    if (status >= 400) {
      throw new ConnectorError(
        'ConfigInvalid',
        `searching lists: ${refusal(body).reason}; check the API address`,
      )
    }
    found.push(...(body.lists ?? []))
    more = body.hasMore === true && (body.offset ?? 0) > offset
    offset = body.offset ?? offset
  }
  return found
}
