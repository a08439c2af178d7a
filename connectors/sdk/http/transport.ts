/** One try of a request: the connection, its redirects, its time limit and its body. No retries, no credentials. */
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Readable } from 'node:stream'
import axios, { AxiosHeaders, type AxiosRequestConfig, type AxiosResponse } from 'axios'
import { ConnectorError, ConnectorErrorKind } from '../errors.js'
import type { AddressGuard } from './address-guard.js'
import { describeRequest, MALFORMED_BODY, TIMED_OUT } from './failures.js'

export interface Transport {
  /**
   * Sends one request (its URL is absolute) and follows its redirects; `authorize` is asked before each hop for the
   * credentials that this hop may carry. Rejects with the error of the connection, unmapped, or a ConnectorError.
   */
  send(
    request: AxiosRequestConfig & { readonly url: string },
    authorize: (request: AxiosRequestConfig, url: URL) => Promise<AxiosRequestConfig>,
  ): Promise<AxiosResponse>
  /** Ends idle connections; requests under way are cut. */
  close(): void
}

const MAX_REDIRECTS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])
/** Headers that may follow a redirect to another origin: they name nobody. */
const HARMLESS_HEADERS = new Set(['accept', 'accept-language', 'content-type', 'user-agent'])

export function createTransport(options: {
  readonly guard: AddressGuard
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly maxResponseBytes: number
}): Transport {
  const { guard, signal } = options
  const agentOptions = { keepAlive: true, lookup: proxyAware(guard) }
  const httpAgent = new HttpAgent(agentOptions)
  const httpsAgent = new HttpsAgent(agentOptions)

  const hop = async (request: AxiosRequestConfig): Promise<AxiosResponse> => {
    const streamed = request.responseType === 'stream'
    const limit = timeLimit(signal, options.timeoutMs)
    try {
      const response = await axios.request({
        ...pick(request),
        responseType: bodyType(request),
        transformResponse: [(body: unknown) => body],
        validateStatus: () => true,
        maxRedirects: 0,
        maxContentLength: streamed ? -1 : options.maxResponseBytes,
        maxBodyLength: -1,
        signal: limit.signal,
        httpAgent,
        httpsAgent,
      })
      if (streamed) endWithSignal(response.data as Readable, signal)
      return response
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (limit.signal.aborted) throw Object.assign(new Error('timed out'), { code: TIMED_OUT })
      throw error
    } finally {
      limit.clear()
    }
  }

  return {
    async send(first, authorize) {
      let request: AxiosRequestConfig = first
      let url = new URL(axios.getUri(first))
      for (let redirects = 0; ; redirects++) {
        assertHttp(url)
        guard.checkUrl(url)
        const response = await hop(await authorize(request, url))
        const location = response.headers.location as unknown
        if (!REDIRECTS.has(response.status) || typeof location !== 'string') {
          return decode(response, first, url)
        }
        discard(response)
        if (redirects === MAX_REDIRECTS) throw badRedirect(request, url, 'redirects without end')
        const target = redirectTarget(location, url)
        if (!target) throw badRedirect(request, url, 'redirects to something that is no web address')
        request = redirected(request, response.status, url, target)
        url = target
      }
    },
    close() {
      httpAgent.destroy()
      httpsAgent.destroy()
    },
  }
}

/** Reads the body of an error or an unwanted answer to nowhere, so that its connection is free again. */
export function discard(response: AxiosResponse): void {
  const body: unknown = response.data
  if (typeof body === 'object' && body !== null && 'destroy' in body) (body as Readable).destroy()
}

function redirected(request: AxiosRequestConfig, status: number, from: URL, to: URL): AxiosRequestConfig {
  const { params: _, ...rest } = request
  const method = (request.method ?? 'GET').toUpperCase()
  const becomesGet = status === 303 ? method !== 'HEAD' : status < 303 && method === 'POST'
  const sameOrigin = from.origin === to.origin
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw badRedirect(request, from, 'redirects to an address without TLS')
  }
  if (!sameOrigin && !becomesGet && request.data !== undefined) {
    throw badRedirect(request, from, 'redirects a request with a body to another origin')
  }
  const headers = Object.entries(AxiosHeaders.from(request.headers as AxiosHeaders).toJSON()).filter(
    ([name]) =>
      (sameOrigin || HARMLESS_HEADERS.has(name.toLowerCase())) &&
      !(becomesGet && name.toLowerCase().startsWith('content-')),
  )
  const next: AxiosRequestConfig = { ...rest, url: to.href, headers: Object.fromEntries(headers) as never }
  if (becomesGet) {
    next.method = 'GET'
    delete next.data
  }
  return next
}

function redirectTarget(location: string, from: URL): URL | undefined {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  return target && (target.protocol === 'http:' || target.protocol === 'https:') ? target : undefined
}

function badRedirect(request: AxiosRequestConfig, url: URL, text: string): ConnectorError {
  const described = describeRequest((request.method ?? 'GET').toUpperCase(), url)
  return new ConnectorError(
    ConnectorErrorKind.ConfigInvalid,
    `requesting ${described}: the server ${text}; check the base URL in the config`,
  )
}

function assertHttp(url: URL): void {
  if (url.protocol === 'http:' || url.protocol === 'https:') return
  throw new ConnectorError(
    ConnectorErrorKind.ConfigInvalid,
    `requesting a ${url.protocol} address: only http and https are spoken; check the base URL in the config`,
  )
}

/** Parses JSON bodies; a body that should be JSON and is not counts as cut on the way. */
function decode(response: AxiosResponse, request: AxiosRequestConfig, url: URL): AxiosResponse {
  const { status, statusText, headers } = response
  // A copy without axios's own config and request, which hold the credentials.
  const answer = { status, statusText, headers, config: { url: url.href, headers: new AxiosHeaders() } }
  if (typeof response.data !== 'string' || request.responseType === 'text') {
    return { ...answer, data: response.data }
  }
  if (response.data === '') return { ...answer, data: undefined }
  const claimed = request.responseType === 'json' || /[/+]json\b/i.test(String(headers['content-type'] ?? ''))
  try {
    return { ...answer, data: JSON.parse(response.data) as unknown }
  } catch {
    // The body of an error is read by no one but `classify`; only its status counts.
    if (!claimed || status >= 300) return { ...answer, data: response.data }
    throw Object.assign(new Error('malformed body'), { code: MALFORMED_BODY })
  }
}

/** The parts of a request that a connector may set; sockets, adapters, agents and interceptors are not among them. */
function pick(request: AxiosRequestConfig): AxiosRequestConfig {
  const { url, method, headers, data, params, paramsSerializer, responseEncoding, decompress } = request
  const picked = { url, method, headers, data, params, paramsSerializer, responseEncoding, decompress }
  return Object.fromEntries(Object.entries(picked).filter(([, value]) => value !== undefined))
}

/** The run's signal and a time limit in one. AbortSignal.any would keep every try alive as long as the run. */
function timeLimit(signal: AbortSignal, ms: number): { signal: AbortSignal; clear(): void } {
  const controller = new AbortController()
  const abort = (): void => controller.abort(signal.reason)
  const timer = setTimeout(() => controller.abort(), ms)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    },
  }
}

/** axios hands text over unparsed: whether it must be JSON is decided once it is complete. */
function bodyType(request: AxiosRequestConfig): 'stream' | 'arraybuffer' | 'text' {
  return request.responseType === 'stream' || request.responseType === 'arraybuffer'
    ? request.responseType
    : 'text'
}

function endWithSignal(body: Readable, signal: AbortSignal): void {
  const abort = (): void => {
    body.destroy(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
  }
  signal.addEventListener('abort', abort, { once: true })
  body.once('close', () => signal.removeEventListener('abort', abort))
}

/** With a proxy in the environment the connection goes to the proxy, which the operator chose: its name is let through. */
function proxyAware(guard: AddressGuard): AddressGuard['lookup'] {
  const proxies = new Set(
    ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => {
      const value = process.env[name] ?? process.env[name.toUpperCase()]
      return value && URL.canParse(value) ? [new URL(value).hostname] : []
    }),
  )
  if (proxies.size === 0) return guard.lookup
  return (hostname, options, callback) =>
    (proxies.has(hostname) ? guard.unguardedLookup : guard.lookup)(hostname, options, callback)
}
