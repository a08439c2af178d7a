/**
 * Reads what ClickHouse's HTTP interface lets a client say in the URL and the headers: who it is, the session,
 * the settings of the query and its parameters.
 */
import { randomUUID, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { ClickHouseException } from './errors.js'

/** The one user of a local engine. */
export interface Credentials {
  readonly user: string
  readonly password: string
}

/** A request for a query, before its body is read. */
export interface QueryRequest {
  readonly queryId: string
  /** The URL's part of the statement. */
  readonly query: string
  readonly database: string | undefined
  readonly defaultFormat: string
  readonly session: { id: string; timeoutSeconds: number; mustExist: boolean } | undefined
  readonly settings: ReadonlyMap<string, string>
  readonly params: ReadonlyMap<string, string>
  readonly logComment: string
  readonly readonly: boolean
  readonly waitEndOfQuery: boolean
  /** The encoding of the response: gzip, deflate, br or none. */
  readonly encoding: 'gzip' | 'deflate' | 'br' | undefined
  readonly compressionLevel: number
  /** The encoding of the body as an engine name. */
  readonly bodyCompression: string
  /** A file on this machine that stands in for the body. */
  readonly infile: string | undefined
}

const NOT_SETTINGS = new Set([
  'query',
  'database',
  'default_format',
  'user',
  'password',
  'query_id',
  'session_id',
  'session_timeout',
  'session_check',
  'quota_key',
  'stacktrace',
  'buffer_size',
  'wait_end_of_query',
  'client_protocol_version',
  'compress',
  'decompress',
  'log_comment',
  // An insert here is always done when it is answered, which is what waiting for an asynchronous one means.
  'async_insert',
  'wait_for_async_insert',
])

const BODY_COMPRESSION: Readonly<Record<string, string>> = {
  '': 'none',
  identity: 'none',
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'br',
  zstd: 'zstd',
  lz4: 'lz4',
  xz: 'xz',
  bz2: 'bz2',
  snappy: 'snappy',
  // ClickHouse reads the header as it reads COMPRESSION; some clients (dlt) send its names instead of HTTP's.
  gz: 'gzip',
  auto: 'none',
}

const notImplemented = (message: string) => new ClickHouseException(48, 'NOT_IMPLEMENTED', message)

const header = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

const isTrue = (value: string | null | undefined): boolean => value === '1' || value === 'true'

/** The URL of a request. @throws ClickHouseException BAD_ARGUMENTS when it is none */
export const requestUrl = (request: IncomingMessage): URL => {
  try {
    return new URL(request.url ?? '/', 'http://local')
  } catch {
    throw new ClickHouseException(36, 'BAD_ARGUMENTS', 'The request target is not a URL')
  }
}

const credentialsOf = (request: IncomingMessage, url: URL): Credentials => {
  const authorization = header(request, 'authorization')
  if (authorization?.startsWith('Basic ')) {
    const pair = Buffer.from(authorization.slice(6), 'base64').toString()
    const colon = pair.indexOf(':')
    return { user: colon < 0 ? pair : pair.slice(0, colon), password: colon < 0 ? '' : pair.slice(colon + 1) }
  }
  const user = header(request, 'x-clickhouse-user')
  const key = header(request, 'x-clickhouse-key')
  if (user !== undefined || key !== undefined) return { user: user ?? 'default', password: key ?? '' }
  return { user: url.searchParams.get('user') ?? 'default', password: url.searchParams.get('password') ?? '' }
}

const sameText = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Lets a request pass that names the engine's user. @throws ClickHouseException AUTHENTICATION_FAILED */
export const authenticate = (request: IncomingMessage, url: URL, expected: Credentials): void => {
  const given = credentialsOf(request, url)
  const user = sameText(given.user, expected.user)
  if (sameText(given.password, expected.password) && user) return
  throw new ClickHouseException(
    516,
    'AUTHENTICATION_FAILED',
    `${given.user}: Authentication failed: password is incorrect, or there is no user with such name.`,
  )
}

const encodingOf = (request: IncomingMessage, params: URLSearchParams): QueryRequest['encoding'] => {
  if (!isTrue(params.get('enable_http_compression'))) return undefined
  const accepted = (header(request, 'accept-encoding') ?? '')
    .split(',')
    .map((part) => part.split(';')[0]?.trim())
  return (['gzip', 'br', 'deflate'] as const).find((encoding) => accepted.includes(encoding))
}

const sessionOf = (params: URLSearchParams): QueryRequest['session'] => {
  const id = params.get('session_id')
  if (id === null || id === '') return undefined
  const timeoutSeconds = Number(params.get('session_timeout') ?? 60)
  if (!(timeoutSeconds >= 0 && timeoutSeconds <= 3600)) {
    throw new ClickHouseException(374, 'INVALID_SESSION_TIMEOUT', 'session_timeout must be 0 to 3600 seconds')
  }
  return { id, timeoutSeconds, mustExist: isTrue(params.get('session_check')) }
}

/** Reads a request's URL and headers. @throws ClickHouseException for what this server does not do */
export const readQueryRequest = (request: IncomingMessage, url: URL): QueryRequest => {
  const given = url.searchParams
  if (isTrue(given.get('compress')) || isTrue(given.get('decompress'))) {
    throw notImplemented(
      "compress and decompress (ClickHouse's own framing) are not supported: use Content-Encoding",
    )
  }
  if (given.has('role')) throw notImplemented('A local engine has one user and no roles: leave role out')
  const contentEncoding = (header(request, 'content-encoding') ?? '').trim().toLowerCase()
  const bodyCompression = BODY_COMPRESSION[contentEncoding]
  if (bodyCompression === undefined) throw notImplemented(`Unknown http content encoding: ${contentEncoding}`)
  const settings = new Map<string, string>()
  const params = new Map<string, string>()
  for (const [name, value] of given) {
    if (name.startsWith('param_')) params.set(name.slice(6), value)
    else if (!NOT_SETTINGS.has(name) && name !== '') settings.set(name, value)
  }
  const readonly = request.method !== 'POST' && request.method !== 'PUT'
  return {
    queryId: (given.get('query_id') || header(request, 'x-clickhouse-query-id') || randomUUID()).replace(
      /\p{Cc}/gu,
      '?',
    ),
    query: given.get('query') ?? '',
    database: given.get('database') || header(request, 'x-clickhouse-database') || undefined,
    defaultFormat: formatName(
      given.get('default_format') || header(request, 'x-clickhouse-format') || 'TabSeparated',
    ),
    session: sessionOf(given),
    settings,
    params,
    logComment: given.get('log_comment') ?? '',
    readonly,
    waitEndOfQuery: isTrue(given.get('wait_end_of_query')),
    encoding: encodingOf(request, given),
    compressionLevel: Number(given.get('http_zlib_compression_level') ?? 3),
    bodyCompression,
    infile: header(request, 'x-tributary-infile'),
  }
}

const formatName = (name: string): string => {
  if (/^\w+$/.test(name)) return name
  throw new ClickHouseException(73, 'UNKNOWN_FORMAT', `Unknown format ${name}`)
}
