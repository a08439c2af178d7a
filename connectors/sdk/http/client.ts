/** The HTTP client that connectors use: axios with retry, rate budget, redaction and a guard on addresses. */
import type { AxiosRequestConfig, AxiosResponse } from 'axios'
import type { Auth } from '../auth/auth.js'
import type { ConnectorErrorKind } from '../errors.js'
import type { Page, Paging } from '../paging/paging.js'

export interface HttpOptions {
  readonly baseUrl?: string
  /** Added to requests to the base URL's origin only (without a base URL: to every URL that the connector names). */
  readonly auth?: Auth
  readonly headers?: Readonly<Record<string, string>>
  /** Requests a second, averaged; requests wait for their turn. @default no limit */
  readonly requestsPerSecond?: number
  /** Requests under way at once. @default 8 */
  readonly concurrency?: number
  /** Time for one try of a request, milliseconds. A streamed answer's body may take longer. @default 60000 */
  readonly timeoutMs?: number
  /** Tries of a request on 429, 5xx and broken connections. @default 5 */
  readonly maxAttempts?: number
  /** Waits longer than this are thrown as RateLimited so that a durable timer does the waiting, milliseconds. @default 5000 */
  readonly maxWaitMs?: number
  /** Largest body of an answer, decompressed, bytes; a streamed answer has no limit. @default 134217728 (128 MiB) */
  readonly maxResponseBytes?: number
  /**
   * What a vendor's answer means where its status does not say it (`200 {"ok": false}`): a kind makes it an error of
   * that kind, undefined leaves the judgement to the status. SourceUnavailable and RateLimited are tried again.
   */
  readonly classify?: (response: {
    readonly status: number
    readonly headers: Readonly<Record<string, unknown>>
    readonly body: unknown
  }) => ConnectorErrorKind | undefined
}

/** axios's own request, and whether repeating it is safe. */
export interface HttpRequest extends AxiosRequestConfig {
  /**
   * True: may be sent again after a failure that does not say whether it was carried out.
   * @default true for GET, HEAD, OPTIONS, PUT, DELETE and requests with an Idempotency-Key header
   */
  readonly idempotent?: boolean
}

export interface PagesOptions {
  readonly query?: Readonly<Record<string, unknown>>
  readonly paging: Paging
  /** Where the items are in the body: `data.items`. Absent: the body is the list. */
  readonly itemsPath?: string
  /** True: a body without the list is an empty page. False: it is SchemaIncompatible. @default false */
  readonly optionalItems?: boolean
  /** Further parts of the request: method, body, headers. Listing is taken to be idempotent, POST too. */
  readonly request?: HttpRequest
}

export interface HttpClient {
  /**
   * Any request. Throws ConnectorError; retries as the options say. Non-2xx answers are errors, unless the request's
   * `validateStatus` accepts them. `responseType` json (malformed is retried), text, arraybuffer or stream; without
   * one the body is JSON where the answer says so, or reads as such.
   */
  request<T = unknown>(request: HttpRequest): Promise<AxiosResponse<T>>
  /** The body of a GET. */
  get<T = unknown>(url: string, query?: Readonly<Record<string, unknown>>): Promise<T>
  /** The body of a POST of JSON. */
  post<T = unknown>(url: string, body: unknown): Promise<T>
  /** Pages of a listing, one request at a time, until the paging says that there is no more. */
  pages<T = Record<string, unknown>>(url: string, options: PagesOptions): AsyncGenerator<Page<T>>
}
