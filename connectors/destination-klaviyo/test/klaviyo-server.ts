/**
 * A local stand-in for Klaviyo's API, written from its OpenAPI description of revision 2026-07-15
 * (https://github.com/klaviyo/openapi/blob/main/openapi/stable.json) and its guides: shapes, limits, scopes, faults.
 */
import {
  createFaultServer,
  type FaultRequest,
  type FaultResponse,
  type FaultServer,
} from '@tributary/connector-sdk/testing'
import { type Account, createAccount, type ProfileInput } from './account.js'
import { document, type JsonApiError, problem, refusal } from './documents.js'
import { getProfiles, patchProfile, resource } from './profile-routes.js'
import { problemsOf } from './validate.js'

export interface KlaviyoServer {
  readonly url: string
  readonly key: string
  readonly account: Account
  readonly server: FaultServer
  readonly options: ServerOptions
  reset(): void
  close(): Promise<void>
}

export interface ServerOptions {
  /** Scopes of the private key. */
  scopes: Set<string>
  /** Rows that a refusal of an import names at most. */
  namedProblems: number
  /** False: the errors of an import do not say which rows they are about. */
  originalPayloads: boolean
}

const SCOPES = ['lists:read', 'lists:write', 'profiles:read', 'profiles:write']
const defaults = (): ServerOptions => ({
  scopes: new Set(SCOPES),
  namedProblems: Number.POSITIVE_INFINITY,
  originalPayloads: true,
})
/** https://developers.klaviyo.com/en/reference/bulk_import_profiles: 5 MB, 100 KB a profile, 10,000 profiles. */
const MOST_BYTES = 5_000_000
const MOST_PROFILES = 10_000
const MOST_MEMBERS = 1_000

export async function startKlaviyo(): Promise<KlaviyoServer> {
  const key = 'pk_0123456789abcdef0123456789abcdef01'
  const account = createAccount()
  const options = defaults()
  const server = await createFaultServer({
    '*': (request) => {
      const answered = answer(request)
      const headers = {
        'content-type': 'application/vnd.api+json',
        'RateLimit-Limit': '10, 10;w=1, 150;w=60',
        'RateLimit-Remaining': '149',
        'RateLimit-Reset': '60',
      }
      return { ...answered, headers: { ...headers, ...answered.headers } }
    },
  })

  const answer = (request: FaultRequest): FaultResponse => {
    const { headers, method } = request
    if (headers.authorization !== `Klaviyo-API-Key ${key}`) {
      return refusal(401, [problem('not_authenticated', 'Authentication credentials were not provided.')])
    }
    if (!/^\d{4}-\d\d-\d\d$/.test(String(headers.revision ?? ''))) {
      return refusal(400, [problem('invalid', 'The revision header is missing.')])
    }
    const json = String(headers['content-type'] ?? '').includes('json')
    if (method !== 'GET' && !json) return refusal(415, [problem('unsupported_media_type', 'Send JSON.')])
    const route = routeOf(request)
    if (!route) return refusal(404, [problem('not_found', 'The requested resource does not exist.')])
    const missing = route.scopes.filter((scope) => !options.scopes.has(scope))
    if (missing.length > 0) {
      const detail = `The API key is missing required scopes: ${missing.join(', ')}`
      return refusal(403, [problem('permission_denied', detail)])
    }
    return route.answer()
  }

  const routeOf = (
    request: FaultRequest,
  ): { readonly scopes: readonly string[]; answer(): FaultResponse } | undefined => {
    const { method, path } = request
    const parts = path.replace(/^\/api\//, '').split('/')
    const where = `${method} ${parts.map((part, index) => (index % 2 === 1 && parts[index - 1] !== 'relationships' ? '*' : part)).join('/')}`
    const [, id = ''] = parts
    switch (where) {
      case 'GET lists':
        return { scopes: ['lists:read'], answer: () => getLists(account, request) }
      case 'GET accounts':
        return { scopes: ['accounts:read'], answer: getAccount }
      case 'GET profiles':
        return { scopes: ['profiles:read'], answer: () => getProfiles(account, request) }
      case 'PATCH profiles/*':
        return { scopes: ['profiles:write'], answer: () => patchProfile(account, id, request) }
      case 'POST profile-bulk-import-jobs':
        return { scopes: ['lists:write', 'profiles:write'], answer: () => postJob(account, request, options) }
      case 'GET profile-bulk-import-jobs/*':
        return { scopes: ['lists:read', 'profiles:read'], answer: () => getJob(account, id) }
      case 'GET profile-bulk-import-jobs/*/import-errors':
        return { scopes: ['profiles:read'], answer: () => getErrors(account, id, request, options) }
      case 'GET profile-bulk-import-jobs/*/profiles':
        return { scopes: ['profiles:read'], answer: () => getImported(account, id, request) }
      case 'DELETE lists/*/relationships/profiles':
        return {
          scopes: ['lists:write', 'profiles:write'],
          answer: () => deleteMembers(account, id, request),
        }
      default:
        return undefined
    }
  }

  return {
    url: server.url,
    key,
    account,
    server,
    options,
    reset() {
      account.clear()
      server.reset()
      Object.assign(options, defaults())
    },
    close: () => server.close(),
  }
}

/** https://developers.klaviyo.com/en/reference/get_accounts */
function getAccount(): FaultResponse {
  const attributes = { contact_information: { organization_name: 'Acme Shop' } }
  return { body: document([{ type: 'account', id: 'AbC123', attributes }]) }
}

function getLists(account: Account, { query }: FaultRequest): FaultResponse {
  const lists = [...account.lists.values()].map(({ id, name }) => ({
    type: 'list',
    id,
    attributes: { name, created: '2024-01-01T00:00:00+00:00', opt_in_process: 'double_opt_in' },
    links: { self: `https://a.klaviyo.com/api/lists/${id}/` },
  }))
  return page(lists, query, '/api/lists', 10)
}

function postJob(account: Account, request: FaultRequest, options: ServerOptions): FaultResponse {
  if (Buffer.byteLength(request.body) > MOST_BYTES) {
    return refusal(413, [problem('payload_too_large', 'The payload is larger than 5MB.')])
  }
  const { data } = JSON.parse(request.body) as {
    data: {
      type: string
      attributes: { profiles: { data: readonly ProfileInput[] } }
      relationships?: { lists?: { data: readonly { type: string; id: string }[] } }
    }
  }
  const profiles = data.attributes.profiles.data
  const listId = data.relationships?.lists?.data[0]?.id
  const problems: JsonApiError[] = [
    ...(data.type === 'profile-bulk-import-job' ? [] : [problem('invalid', 'Wrong type.', '/data/type')]),
    ...(profiles.length > 0 && profiles.length <= MOST_PROFILES
      ? []
      : [problem('invalid', 'Between 1 and 10000 profiles are taken.', '/data/attributes/profiles/data')]),
    ...(listId === undefined || account.lists.has(listId)
      ? []
      : [problem('invalid', `List ID ${listId} does not exist.`, '/data')]),
    ...profiles.flatMap(problemsOf).slice(0, options.namedProblems),
  ]
  if (problems.length > 0) return refusal(400, problems)
  return { status: 202, body: document(jobResource(account, account.submit(profiles, listId).id)) }
}

function jobResource(account: Account, id: string): object {
  const { status, profiles, errors, done } = account.jobs.get(id)!
  const attributes = {
    status,
    created_at: '2026-11-29T10:00:00.000000+00:00',
    total_count: profiles.length,
    completed_count: done.size,
    failed_count: errors.length,
    completed_at: status === 'complete' ? '2026-11-29T10:01:00.000000+00:00' : null,
    expires_at: '2026-12-06T10:00:00.000000+00:00',
  }
  const self = `https://a.klaviyo.com/api/profile-bulk-import-jobs/${id}/`
  return { type: 'profile-bulk-import-job', id, attributes, links: { self } }
}

function getJob(account: Account, id: string): FaultResponse {
  if (account.jobs.has(id)) return { body: document(jobResource(account, id)) }
  return refusal(404, [problem('not_found', 'The job does not exist.')])
}

function getErrors(
  account: Account,
  id: string,
  { query }: FaultRequest,
  options: ServerOptions,
): FaultResponse {
  const job = account.jobs.get(id)
  if (!job) return refusal(404, [problem('not_found', 'The job does not exist.')])
  const errors = job.errors.map(({ id: errorId, code, title, detail, pointer, original }) => ({
    type: 'import-error',
    id: errorId,
    attributes: {
      code,
      title,
      detail,
      source: { pointer },
      original_payload: options.originalPayloads ? original : null,
    },
    links: { self: `https://a.klaviyo.com/api/import-errors/${errorId}/` },
  }))
  return page(errors, query, `/api/profile-bulk-import-jobs/${id}/import-errors`, 100)
}

function getImported(account: Account, id: string, { query }: FaultRequest): FaultResponse {
  const job = account.jobs.get(id)
  if (!job) return refusal(404, [problem('not_found', 'The job does not exist.')])
  const profiles = [...job.done].map((profileId) => resource(account.profiles.get(profileId)!))
  return page(profiles, query, `/api/profile-bulk-import-jobs/${id}/profiles`, 100)
}

function deleteMembers(account: Account, id: string, request: FaultRequest): FaultResponse {
  const list = account.lists.get(id)
  if (!list) return refusal(404, [problem('not_found', `A list with id ${id} does not exist.`)])
  const { data } = JSON.parse(request.body) as { data: readonly { type: string; id: string }[] }
  if (data.length === 0 || data.length > MOST_MEMBERS || data.some(({ type }) => type !== 'profile')) {
    return refusal(400, [problem('invalid', 'Between 1 and 1000 profiles are taken.', '/data')])
  }
  for (const member of data) list.members.delete(member.id)
  return { status: 204 }
}

/** A page of a collection, with the cursor of the next one in its links. */
function page(items: readonly object[], query: URLSearchParams, path: string, most: number): FaultResponse {
  const size = Number(query.get('page[size]') ?? Math.min(20, most))
  if (!(size >= 1 && size <= most)) {
    return refusal(400, [problem('invalid', `The page size must be between 1 and ${most}.`, '/page[size]')])
  }
  const start = Number(Buffer.from(query.get('page[cursor]') ?? '', 'base64url').toString() || 0)
  const end = start + size
  const cursor = Buffer.from(String(end)).toString('base64url')
  const base = `https://a.klaviyo.com${path}`
  const next = end < items.length ? `${base}?page%5Bcursor%5D=${cursor}&page%5Bsize%5D=${size}` : null
  return { body: { data: items.slice(start, end), links: { self: base, next, prev: null } } }
}
