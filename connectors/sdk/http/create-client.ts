/** Builds the HTTP client: every try goes through the rate budget, the slots, the credentials and the transport. */
import type { AxiosResponse } from 'axios'
import type { ConnectorLog } from '../contract.js'
import { ConnectorError, ConnectorErrorKind, isConnectorError } from '../errors.js'
import { listPages } from '../paging/pages.js'
import type { Redact } from '../redaction.js'
import { sleep } from './abort.js'
import { type AllowedAddresses, createAddressGuard } from './address-guard.js'
import type { HttpClient, HttpOptions, HttpRequest } from './client.js'
import { connectionFailure, describeRequest, type Failure, kindError, statusFailure } from './failures.js'
import { createRateBudget, createSlots } from './limits.js'
import { backoffMs, isIdempotent, quotaUsedUp, serverWaitMs } from './retry.js'
import { createTransport, discard } from './transport.js'

/** What the runtime adds to a connector's options. */
export interface HttpRuntime {
  /** Ends every request and every wait. */
  readonly signal: AbortSignal
  readonly log: ConnectorLog
  /** Private addresses that may be reached. @default false */
  readonly allowPrivateAddresses?: AllowedAddresses
  /** Takes secrets out of messages and logs. @default nothing is known to be secret */
  readonly redact?: Redact
  /** Called after each try, e.g. to count requests by status. `status` is undefined when no answer came. */
  readonly onRequest?: (request: HttpRequestMetric) => void
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number
  /** A number in [0, 1) for the backoff's jitter. @default Math.random */
  readonly random?: () => number
}

export interface HttpRequestMetric {
  readonly method: string
  readonly host: string
  readonly status: number | undefined
  readonly durationMs: number
}

/** An HTTP client, and how to let go of its connections. */
export interface OwnedHttpClient extends HttpClient {
  /** Ends idle connections. The client must not be used afterwards. */
  close(): void
}

/** A rate limit whose end the source does not say is taken to last this long. */
const UNKNOWN_LIMIT_MS = 60_000

export function createHttpClient(options: HttpOptions & HttpRuntime): OwnedHttpClient {
  const { signal, log, auth } = options
  const now = options.now ?? Date.now
  const random = options.random ?? Math.random
  const redact: Redact = options.redact ?? ((value) => value)
  const maxAttempts = options.maxAttempts ?? 5
  const maxWaitMs = options.maxWaitMs ?? 5000
  const base = options.baseUrl === undefined ? undefined : parseBaseUrl(options.baseUrl)
  const slots = createSlots(options.concurrency ?? 8)
  const budget = options.requestsPerSecond ? createRateBudget(options.requestsPerSecond, now) : undefined
  const transport = createTransport({
    guard: createAddressGuard(options.allowPrivateAddresses ?? false),
    signal,
    timeoutMs: options.timeoutMs ?? 60_000,
    maxResponseBytes: options.maxResponseBytes ?? 128 * 1024 * 1024,
  })

  /** One try: resolves to the answer, or to what went wrong and how long the source asks to wait. */
  const attempt = async (request: HttpRequest & { url: string }, number: number): Promise<Attempt> => {
    await budget?.take(signal)
    const release = await slots.take(signal)
    const url = new URL(request.url)
    const method = (request.method ?? 'GET').toUpperCase()
    const described = describeRequest(method, url)
    const trusted = base?.origin ?? url.origin
    const started = performance.now()
    let status: number | undefined
    try {
      const response = await transport.send(request, async (hop, hopUrl) =>
        auth && hopUrl.origin === trusted ? auth.apply(hop) : hop,
      )
      status = response.status
      return judge(response, request, described)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (isConnectorError(error)) throw redact(error)
      return { failure: redactFailure(connectionFailure(error, described, url.host)) }
    } finally {
      release()
      const durationMs = Math.round(performance.now() - started)
      const fields = { method, host: url.host, path: url.pathname, status, durationMs, attempt: number }
      log.debug('http request', redact(fields))
      options.onRequest?.({ method, host: url.host, status, durationMs })
    }
  }

  const redactFailure = (failure: Failure): Failure => ({ ...failure, error: redact(failure.error) })

  const judge = (response: AxiosResponse, request: HttpRequest, described: string): Attempt => {
    const { status } = response
    const headers = response.headers as Record<string, unknown>
    const kind = options.classify?.({ status, headers, body: response.data as unknown })
    if (kind === undefined && (request.validateStatus?.(status) ?? (status >= 200 && status < 300))) {
      return { response }
    }
    discard(response)
    const waitMs = serverWaitMs(headers, now())
    const limited =
      kind === 'RateLimited' ||
      (kind === undefined &&
        (status === 429 ||
          (status === 403 && (quotaUsedUp(headers) || headers['retry-after'] !== undefined))))
    if (limited) {
      const error = kindError('RateLimited', status, headers, described, {
        until: now() + (waitMs ?? UNKNOWN_LIMIT_MS),
      })
      return { failure: redactFailure({ error, retry: 'safe' }), waitMs }
    }
    const failure: Failure =
      kind === undefined
        ? statusFailure(status, headers, described)
        : {
            error: kindError(kind, status, headers, described),
            retry: kind === 'SourceUnavailable' ? 'idempotent' : 'never',
          }
    return {
      failure: redactFailure(failure),
      waitMs: status === 503 ? waitMs : undefined,
      unauthorized: status === 401,
    }
  }

  const request = async <T>(given: HttpRequest): Promise<AxiosResponse<T>> => {
    const headers = { ...options.headers, ...(given.headers as Record<string, string> | undefined) }
    const prepared = { ...given, url: resolveUrl(given.url ?? '', base), headers }
    const idempotent = isIdempotent(given)
    let refreshed = false
    for (let number = 1; ; number++) {
      const { response, failure, waitMs, unauthorized } = await attempt(prepared, number)
      if (!failure) return response as AxiosResponse<T>
      if (unauthorized && !refreshed && auth?.refresh) {
        refreshed = true
        if (await auth.refresh()) continue
      }
      if (waitMs !== undefined && waitMs > maxWaitMs) throw withUntil(failure.error, now() + waitMs)
      const mayRetry = failure.retry === 'safe' || (failure.retry === 'idempotent' && idempotent)
      if (!mayRetry || number >= maxAttempts) throw failure.error
      const jitterMs = backoffMs(number, random(), { maxMs: maxWaitMs })
      await sleep(
        waitMs === undefined ? jitterMs : Math.min(maxWaitMs, waitMs + Math.min(jitterMs, 250)),
        signal,
      )
    }
  }

  return {
    request,
    async get<T>(url: string, query?: Readonly<Record<string, unknown>>) {
      return (await request<T>(query === undefined ? { url } : { url, params: query })).data
    },
    async post<T>(url: string, body: unknown) {
      return (await request<T>({ method: 'POST', url, data: body })).data
    },
    pages: (url, listing) => listPages((page) => request(page), resolveUrl(url, base), listing),
    close: () => transport.close(),
  }
}

interface Attempt {
  readonly response?: AxiosResponse
  readonly failure?: Failure
  /** How long the source asks to wait, milliseconds. */
  readonly waitMs?: number | undefined
  readonly unauthorized?: boolean
}

/** A wait that a durable timer must do: whatever the status was, the slice ends early and goes on at `until`. */
function withUntil(error: ConnectorError, until: number): ConnectorError {
  return new ConnectorError(ConnectorErrorKind.RateLimited, error.message, {
    until,
    ...(error.code ? { code: error.code } : {}),
    ...(error.requestId ? { requestId: error.requestId } : {}),
  })
}

function parseBaseUrl(text: string): URL {
  if (URL.canParse(text)) return new URL(text)
  throw new ConnectorError(
    ConnectorErrorKind.ConfigInvalid,
    'opening the HTTP client: the base URL is no URL; write it as https://host/path',
  )
}

/** `orders` and `/orders` are below the base URL's path; an absolute URL stays as it is. */
function resolveUrl(url: string, base: URL | undefined): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url) && URL.canParse(url)) return new URL(url).href
  if (!base || url.startsWith('//')) {
    throw new ConnectorError(
      ConnectorErrorKind.ContractViolation,
      'requesting a relative address: the client has no base URL for it; report it to the connector’s author',
    )
  }
  if (url === '') return base.href
  const joined = new URL(base)
  const [, path = '', search = '', hash = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/.exec(url) ?? []
  joined.pathname =
    path === '' ? base.pathname : `${base.pathname.replace(/\/$/, '')}/${path.replace(/^\//, '')}`
  joined.search = search
  joined.hash = hash
  return joined.href
}
