/**
 * Requests to HubSpot's CRM API, and what its answers mean for a run: limits become RateLimited with the time to go on,
 * a false token AuthExpired, a lacking scope PermissionDenied. Every request may be repeated: records are found by their key.
 */
import { bearerAuth, type ConnectorContext, ConnectorError, type HttpClient } from '@tributary/connector-sdk'
import { asError, type HubspotError } from './errors.js'
import type { HubspotConfig } from './spec.js'

export interface Answer<T> {
  /** 200, 201, 204, 207, or a refusal of what was sent: 400, 404, 409. */
  readonly status: number
  readonly body: T & HubspotError
}

export interface Hubspot {
  /** @throws ConnectorError for every answer that is not in {@link Answer.status} */
  send<T>(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<Answer<T>>
}

/** A lock lasts two seconds (https://developers.hubspot.com/docs/api-reference/error-handling). */
const LOCK_MS = 2_000
const HOUR_MS = 3_600_000
const LIMITS_URL = 'https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines'
const clients = new WeakMap<object, Hubspot>()

/** The client of a context; calls of one context share its rate. */
export function hubspot(context: ConnectorContext<HubspotConfig>): Hubspot {
  const known = clients.get(context)
  if (known) return known
  const { access_token, api_url, requests_per_second } = context.config
  const http = context.http({
    baseUrl: api_url ?? 'https://api.hubapi.com',
    auth: bearerAuth(access_token),
    requestsPerSecond: requests_per_second ?? 9,
    concurrency: 1,
  })
  const client: Hubspot = { send: (method, path, body) => send(http, method, path, body) }
  clients.set(context, client)
  return client
}

async function send<T>(
  http: HttpClient,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body: unknown,
): Promise<Answer<T>> {
  const response = await http.request({
    method,
    url: path,
    idempotent: true,
    // Faults of the server are the kit's to repeat; all else says in its body what it means.
    validateStatus: (status) => status < 500,
    ...(body !== undefined && { data: body }),
  })
  const { status, headers, data } = response
  const error = asError(data)
  if (status === 401 || status === 403) throw refused(status, error, path)
  if (status === 423 || status === 429 || status === 477) {
    throw limited(status, error, headers as Readonly<Record<string, unknown>>, path)
  }
  if (![200, 201, 204, 207, 400, 404, 409].includes(status)) {
    throw new ConnectorError(
      'ContractViolation',
      `requesting ${path}: HubSpot answered ${status}, which is not documented; report it to the connector's author`,
      { code: String(status), ...requestId(error) },
    )
  }
  return { status, body: (data ?? {}) as T & HubspotError }
}

function refused(status: 401 | 403, error: HubspotError, path: string): ConnectorError {
  const details = { code: error.category ?? String(status), ...requestId(error) }
  if (status === 401) {
    return new ConnectorError(
      'AuthExpired',
      `requesting ${path}: HubSpot does not know the access token; copy it from HubSpot again and resume`,
      details,
    )
  }
  const scopes = (error.errors ?? []).flatMap(
    ({ context }) => context?.requiredGranularScopes ?? context?.missingScopes ?? [],
  )
  const wanted = scopes.length === 0 ? 'the scopes that the README lists' : `one of ${scopes.join(', ')}`
  return new ConnectorError(
    'PermissionDenied',
    `requesting ${path}: the access token may not do this; give the key or app ${wanted} and resume`,
    details,
  )
}

/**
 * HubSpot sends no Retry-After with 429. A burst is over when its interval is; the day ends at midnight of the account's
 * time zone, which an answer does not tell: the next full hour is the first moment that can be it.
 */
function limited(
  status: number,
  error: HubspotError,
  headers: Readonly<Record<string, unknown>>,
  path: string,
): ConnectorError {
  const now = Date.now()
  const seconds = Number(headers['retry-after'])
  const interval = Number(headers['x-hubspot-ratelimit-interval-milliseconds'])
  const until =
    Number.isFinite(seconds) && seconds > 0
      ? now + seconds * 1000
      : error.policyName === 'DAILY'
        ? (Math.floor(now / HOUR_MS) + 1) * HOUR_MS
        : now + (status === 423 ? LOCK_MS : Number.isFinite(interval) && interval > 0 ? interval : 10_000)
  const what =
    error.policyName === 'DAILY'
      ? "the account's requests of this day are used up"
      : status === 429
        ? 'too many requests for now'
        : status === 423
          ? 'the records are locked for a moment'
          : 'the account is being moved'
  return new ConnectorError('RateLimited', `requesting ${path}: ${what}; it goes on by itself`, {
    until,
    code: error.policyName ?? String(status),
    docsUrl: LIMITS_URL,
    ...requestId(error),
  })
}

function requestId({ correlationId }: HubspotError): { readonly requestId?: string } {
  return typeof correlationId === 'string' && /^[\w-]{1,64}$/.test(correlationId)
    ? { requestId: correlationId }
    : {}
}
