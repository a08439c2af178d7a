/**
 * A local stand-in for HubSpot's CRM API, written from its documentation and OpenAPI descriptions
 * (https://github.com/HubSpot/HubSpot-public-api-spec-collection, PublicApiSpecs/CRM): shapes, limits, scopes, faults.
 */
import {
  createFaultServer,
  type FaultRequest,
  type FaultResponse,
  type FaultServer,
} from '@tributary/connector-sdk/testing'
import { failure, type ServerOptions } from './answers.js'
import { batchArchive, batchRead, batchWrite } from './batches.js'
import { createPortal, type Portal } from './portal.js'

export interface HubspotServer {
  readonly url: string
  readonly token: string
  readonly portal: Portal
  readonly server: FaultServer
  readonly options: ServerOptions
  /** Everything as it was at the start: records, faults, options. */
  reset(): void
  close(): Promise<void>
}

const ALL_SCOPES = [
  'crm.objects.contacts.read',
  'crm.objects.contacts.write',
  'crm.objects.companies.read',
  'crm.objects.companies.write',
  'crm.objects.custom.read',
  'crm.objects.custom.write',
  'crm.schemas.custom.read',
  'crm.lists.read',
  'crm.lists.write',
]
const defaults = (): ServerOptions => ({
  scopes: new Set(ALL_SCOPES),
  partialSuccess: true,
  traceResults: true,
  burst: 100,
  daily: 250_000,
})

export async function startHubspot(): Promise<HubspotServer> {
  const token = 'pat-na1-11111111-2222-3333-4444-555555555555'
  const portal = createPortal()
  const options = defaults()
  const served: number[] = []
  let today = 0
  const server = await createFaultServer({ '*': (request) => answer(request) })

  const answer = (request: FaultRequest): FaultResponse => {
    if (request.headers.authorization !== `Bearer ${token}`) return unauthorized()
    const now = Date.now()
    const recent = served.filter((time) => time > now - 10_000)
    const headers = {
      'X-HubSpot-RateLimit-Daily': String(options.daily),
      'X-HubSpot-RateLimit-Daily-Remaining': String(Math.max(0, options.daily - today - 1)),
      'X-HubSpot-RateLimit-Interval-Milliseconds': '10000',
      'X-HubSpot-RateLimit-Max': String(options.burst),
      'X-HubSpot-RateLimit-Remaining': String(Math.max(0, options.burst - recent.length - 1)),
    }
    if (today >= options.daily) return { ...limited('DAILY', 'daily'), headers }
    if (recent.length >= options.burst) {
      return { ...limited('TEN_SECONDLY_ROLLING', 'ten_secondly_rolling'), headers }
    }
    today++
    served.push(now)
    const missing = missingScope(request, portal, options.scopes)
    if (missing !== undefined) return { ...forbidden(missing), headers }
    return { ...route(request, portal, options), headers }
  }

  return {
    url: server.url,
    token,
    portal,
    server,
    options,
    reset() {
      portal.clear()
      server.reset()
      served.length = 0
      today = 0
      Object.assign(options, defaults())
    },
    close: () => server.close(),
  }
}

function route(request: FaultRequest, portal: Portal, options: ServerOptions): FaultResponse {
  const { method, path } = request
  const body = request.body === '' ? undefined : (JSON.parse(request.body) as unknown)
  if (method === 'GET' && path === '/account-info/v3/details') {
    return { body: { portalId: 123456, accountType: 'STANDARD', timeZone: 'Europe/Paris' } }
  }
  const [, properties] = /^\/crm\/v3\/properties\/([^/]+)$/.exec(path) ?? []
  if (method === 'GET' && properties !== undefined) {
    const object = portal.object(properties)
    return object ? { body: { results: [...object.properties.values()] } } : unknownType(properties)
  }
  const [, objectType, verb] = /^\/crm\/v3\/objects\/([^/]+)\/batch\/(\w+)$/.exec(path) ?? []
  if (method === 'POST' && objectType !== undefined) {
    const object = portal.object(objectType)
    if (!object) return unknownType(objectType)
    if (verb === 'read') return batchRead(portal, object, body)
    if (verb === 'archive') return batchArchive(portal, object, body)
    if (verb === 'upsert' || verb === 'update') return batchWrite(portal, object, body, verb, options)
  }
  if (method === 'GET' && path === '/crm-object-schemas/v3/schemas') return schemas(portal)
  if (method === 'POST' && path === '/crm/v3/lists/search') return searchLists(portal, body)
  const [, listId, change] = /^\/crm\/v3\/lists\/([^/]+)\/memberships\/(add|remove)$/.exec(path) ?? []
  if (method === 'PUT' && listId !== undefined) return changeMembers(portal, listId, change!, body)
  return notFound(`resource ${path}`)
}

function schemas(portal: Portal): FaultResponse {
  const cars = portal.objects.get('p7_cars')
  if (!cars) return { body: { results: [] } }
  const schema = {
    id: cars.objectTypeId,
    objectTypeId: cars.objectTypeId,
    name: 'cars',
    fullyQualifiedName: 'p7_cars',
    labels: { singular: 'Car', plural: 'Cars' },
    requiredProperties: ['vin'],
    properties: [...cars.properties.values()],
    associations: [],
  }
  return { body: { results: [schema] } }
}

function searchLists(portal: Portal, body: unknown): FaultResponse {
  const search = body as { offset?: number; count?: number; processingTypes?: string[] }
  const matching = [...portal.lists.values()].filter(
    ({ processingType }) => search.processingTypes?.includes(processingType) ?? true,
  )
  const offset = search.offset ?? 0
  const page = matching.slice(offset, offset + Math.min(500, search.count ?? 20))
  const lists = page.map(({ members, ...list }) => ({
    ...list,
    listVersion: 1,
    processingStatus: 'COMPLETE',
    additionalProperties: { hs_list_size: String(members.size) },
  }))
  const end = offset + page.length
  return { body: { lists, offset: end, hasMore: end < matching.length, total: matching.length } }
}

function changeMembers(portal: Portal, listId: string, change: string, body: unknown): FaultResponse {
  const list = portal.lists.get(listId)
  if (!list) return notFound(`list ${listId}`)
  if (list.processingType === 'DYNAMIC') {
    return failure(400, 'VALIDATION_ERROR', 'The list is dynamic; its memberships cannot be changed.')
  }
  const ids = body as string[]
  const records = portal.object(list.objectTypeId)?.records
  const missing = ids.filter((id) => !records?.has(id))
  const changed = ids.filter((id) => records?.has(id) && list.members.has(id) !== (change === 'add'))
  for (const id of changed) {
    if (change === 'add') list.members.add(id)
    else list.members.delete(id)
  }
  return {
    body: {
      recordsIdsAdded: change === 'add' ? changed : [],
      recordIdsRemoved: change === 'remove' ? changed : [],
      recordIdsMissing: missing,
    },
  }
}

function missingScope(
  { method, path }: FaultRequest,
  portal: Portal,
  scopes: ReadonlySet<string>,
): string | undefined {
  const [, objectType, verb] =
    /^\/crm\/v3\/(?:objects|properties)\/([^/]+)(?:\/batch\/(\w+))?/.exec(path) ?? []
  const need = (scope: string): string | undefined => (scopes.has(scope) ? undefined : scope)
  if (path.startsWith('/crm/v3/lists')) return need(method === 'PUT' ? 'crm.lists.write' : 'crm.lists.read')
  if (path.startsWith('/crm-object-schemas')) return need('crm.schemas.custom.read')
  if (objectType === undefined) return undefined
  const id = portal.object(objectType)?.objectTypeId
  const kind = id === '0-1' ? 'contacts' : id === '0-2' ? 'companies' : 'custom'
  return need(`crm.objects.${kind}.${verb === undefined || verb === 'read' ? 'read' : 'write'}`)
}

function notFound(what: string): FaultResponse {
  return failure(404, 'OBJECT_NOT_FOUND', `Unable to find the ${what}.`)
}

function unknownType(objectType: string): FaultResponse {
  return failure(400, 'VALIDATION_ERROR', `Unable to infer object type from: ${objectType}`)
}

function unauthorized(): FaultResponse {
  return failure(
    401,
    'INVALID_AUTHENTICATION',
    'Authentication credentials not found. This API supports OAuth 2.0 authentication.',
  )
}

function forbidden(scope: string): FaultResponse {
  return failure(
    403,
    'MISSING_SCOPES',
    "This app hasn't been granted all required scopes to make this call. Read more: https://developers.hubspot.com/scopes.",
    {
      errors: [
        {
          message: 'One or more of the following scopes are required.',
          context: { requiredGranularScopes: [scope] },
        },
      ],
      links: { scopes: 'https://developers.hubspot.com/scopes' },
    },
  )
}

/** https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines: no Retry-After, the policy by name. */
function limited(policyName: string, limit: string): FaultResponse {
  const message = `You have reached your ${limit} limit.`
  const ids = { correlationId: 'c033cdaa-2c40-4a64-ae48-b4cec88dad24', requestId: '3d3e35b7-0dae-4b9f-a6e3' }
  return { status: 429, body: { status: 'error', message, errorType: 'RATE_LIMIT', policyName, ...ids } }
}
