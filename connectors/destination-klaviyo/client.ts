/**
 * Requests to Klaviyo's API. Rate limits and faults are the kit's to wait for and repeat: every request may be sent twice,
 * since profiles are found by their identifiers.
 */
import { apiKeyAuth, type ConnectorContext } from '@tributary/connector-sdk'
import { errorsOf, type KlaviyoError, requestError } from './errors.js'
import type { KlaviyoConfig } from './spec.js'

/** The revision whose description this was written from (https://github.com/klaviyo/openapi). */
const REVISION = '2026-07-15'

/** Below the 10 requests a second and 150 a minute of jobs, and the 75 and 750 of profiles, each by the second. */
const REQUESTS_PER_SECOND = 10

export type Answer<T> =
  | { readonly ok: true; readonly body: T }
  /** 400: what was sent is refused; `errors` tell the rows. */
  | { readonly ok: false; readonly errors: readonly KlaviyoError[] }
  | { readonly ok: false; readonly gone: true; readonly errors: readonly KlaviyoError[] }

export interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** What is done, for errors: `importing profiles`. */
  readonly doing: string
}

export interface Klaviyo {
  /** The body; every refusal is thrown. */
  ask<T>(request: Request): Promise<T>
  /** The body, or the errors of a 400 or 404. */
  attempt<T>(request: Request): Promise<Answer<T>>
  /** All items of a collection, page by page. */
  all<T>(request: Request): Promise<readonly T[]>
}

const clients = new WeakMap<object, Klaviyo>()

/** The client of a context. */
export function klaviyo(context: ConnectorContext<KlaviyoConfig>): Klaviyo {
  const known = clients.get(context)
  if (known) return known
  const client = createKlaviyo(context)
  clients.set(context, client)
  return client
}

function createKlaviyo(context: ConnectorContext<KlaviyoConfig>): Klaviyo {
  const { api_key, api_url } = context.config
  const media = 'application/vnd.api+json'
  const http = context.http({
    baseUrl: api_url ?? 'https://a.klaviyo.com',
    auth: apiKeyAuth({ header: 'Authorization', value: `Klaviyo-API-Key ${api_key}` }),
    headers: { revision: REVISION, accept: media },
    requestsPerSecond: REQUESTS_PER_SECOND,
    concurrency: 4,
  })
  const send = async ({ method, path, query, body }: Request): Promise<{ status: number; data: unknown }> =>
    http.request({
      method,
      url: path,
      idempotent: true,
      validateStatus: (status) => status < 500 && status !== 429,
      ...(query !== undefined && { params: query }),
      ...(body !== undefined && { data: body, headers: { 'content-type': media } }),
    })
  const attempt = async <T>(request: Request): Promise<Answer<T>> => {
    const { status, data } = await send(request)
    if (status < 300) return { ok: true, body: data as T }
    const errors = errorsOf(data)
    const thrown = requestError(status, errors, request.doing)
    if (thrown.kind === 'AuthExpired' || thrown.kind === 'PermissionDenied') throw thrown
    if (status === 404) return { ok: false, gone: true, errors }
    if (status === 400) return { ok: false, errors }
    throw thrown
  }
  const ask = async <T>(request: Request): Promise<T> => {
    const answer = await attempt<T>(request)
    if (answer.ok) return answer.body
    throw requestError('gone' in answer ? 404 : 400, answer.errors, request.doing)
  }
  return {
    ask,
    attempt,
    async all<T>(request: Request) {
      const items: T[] = []
      for (let cursor: string | undefined, more = true; more; ) {
        const query = { ...request.query, ...(cursor !== undefined && { 'page[cursor]': cursor }) }
        const body = await ask<Collection<T>>({ ...request, query })
        items.push(...body.data)
        cursor = cursorOf(body.links?.next)
        more = cursor !== undefined
      }
      return items
    },
  }
}

interface Collection<T> {
  readonly data: readonly T[]
  readonly links?: { readonly next?: string | null }
}

/** Only the cursor is taken from the address of the next page: it names Klaviyo's host, whatever is in between. */
function cursorOf(next: string | null | undefined): string | undefined {
  if (!next || !URL.canParse(next)) return undefined
  return new URL(next).searchParams.get('page[cursor]') ?? undefined
}
