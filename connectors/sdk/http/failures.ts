/**
 * Turns what happens on the wire into ConnectorErrors. Nothing of a request or an answer but its method, host, path,
 * status and request id gets into a message, and no error of axios survives as a cause: it holds headers and bodies.
 */
import { ConnectorError, type ConnectorErrorDetails, ConnectorErrorKind } from '../errors.js'
import { ADDRESS_REFUSED, addressRefused } from './address-guard.js'

/** What messages and logs call a request: `GET api.example.com/orders`. Its query is left out. */
export function describeRequest(method: string, url: URL): string {
  return `${method} ${url.host}${url.pathname}`
}

/** A failed try: the error that it becomes, and whether another try may help. */
export interface Failure {
  readonly error: ConnectorError
  /**
   * `safe`: the request was not carried out, or said to come again; any request may be repeated.
   * `idempotent`: nobody knows; only idempotent requests may be repeated. `never`: it would fail again.
   */
  readonly retry: 'safe' | 'idempotent' | 'never'
}

const TLS_CODE =
  /CERT|ERR_TLS|ERR_SSL|^EPROTO$|UNABLE_TO_(GET|VERIFY|DECRYPT)|SELF_SIGNED|^HOSTNAME_MISMATCH$/

/** Code of a try that took longer than its timeout. */
export const TIMED_OUT = 'ERR_TIMED_OUT'
/** Code of an answer that is said to be JSON and is not. */
export const MALFORMED_BODY = 'ERR_MALFORMED_BODY'

/** The failure of a request that got no complete answer, from the connection's error code. */
export function connectionFailure(error: unknown, request: string, host: string): Failure {
  const code = errorCode(error)
  const fail = (kind: ConnectorErrorKind, text: string, retry: Failure['retry']): Failure => ({
    error: new ConnectorError(kind, `requesting ${request}: ${text}`, code ? { code } : {}),
    retry,
  })
  const { ConfigInvalid, ContractViolation, NetworkError, SourceUnavailable } = ConnectorErrorKind
  if (code === ADDRESS_REFUSED) return { error: addressRefused(host), retry: 'never' }
  if (code !== undefined && TLS_CODE.test(code)) {
    return fail(
      ConfigInvalid,
      `the server's TLS certificate was not accepted (${code}); check the host, ` +
        'and name a private certificate authority in NODE_EXTRA_CA_CERTS',
      'never',
    )
  }
  switch (code) {
    case 'ENOTFOUND':
      return fail(NetworkError, 'the host name does not resolve; check the host in the config', 'never')
    case 'EAI_AGAIN':
      return fail(NetworkError, 'the name server does not answer; check the network', 'safe')
    case 'ECONNREFUSED':
      return fail(SourceUnavailable, 'the connection was refused; check host and port', 'safe')
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return fail(NetworkError, 'there is no route to the host; check the network', 'safe')
    case TIMED_OUT:
    case 'ETIMEDOUT':
    case 'ECONNABORTED':
      return fail(SourceUnavailable, 'no answer in time; it is tried again', 'idempotent')
    case MALFORMED_BODY:
      return fail(SourceUnavailable, 'the answer is not the JSON that it claims to be', 'idempotent')
  }
  if (isTooLarge(error)) {
    return fail(
      ContractViolation,
      'the answer is larger than maxResponseBytes; ask for smaller pages',
      'never',
    )
  }
  if (error instanceof Error && 'response' in error && error.response !== undefined) {
    return fail(SourceUnavailable, 'the answer was cut off; it is tried again', 'idempotent')
  }
  return fail(NetworkError, 'the connection broke; it is tried again', 'idempotent')
}

/** The failure that an answer's status stands for; 401 and 429 are the caller's. */
export function statusFailure(
  status: number,
  headers: Readonly<Record<string, unknown>>,
  request: string,
): Failure {
  const kind = STATUS_KINDS[status] ?? (status >= 500 ? 'SourceUnavailable' : 'ContractViolation')
  return {
    error: kindError(kind, status, headers, request),
    retry: kind !== 'SourceUnavailable' || status === 501 ? 'never' : status === 503 ? 'safe' : 'idempotent',
  }
}

/** The error of an answer that means `kind`, with its remedy. */
export function kindError(
  kind: ConnectorErrorKind,
  status: number,
  headers: Readonly<Record<string, unknown>>,
  request: string,
  details: ConnectorErrorDetails = {},
): ConnectorError {
  const requestId = requestIdOf(headers)
  return new ConnectorError(
    kind,
    `requesting ${request}: answered ${status}; ${STATUS_REMEDIES[status] ?? REMEDIES[kind]}`,
    { code: String(status), ...(requestId ? { requestId } : {}), ...details },
  )
}

const STATUS_KINDS: Readonly<Record<number, ConnectorErrorKind>> = {
  400: 'ConfigInvalid',
  401: 'AuthExpired',
  402: 'PermissionDenied',
  403: 'PermissionDenied',
  404: 'ConfigInvalid',
  407: 'ConfigInvalid',
  408: 'SourceUnavailable',
  409: 'SourceUnavailable',
  410: 'CursorLost',
  422: 'ConfigInvalid',
  423: 'SourceUnavailable',
  425: 'SourceUnavailable',
  429: 'RateLimited',
  451: 'PermissionDenied',
}

const STATUS_REMEDIES: Readonly<Record<number, string>> = {
  400: 'the source rejects the request: check the values in the config',
  402: 'the account must be paid for or upgraded before it may do this',
  404: 'there is nothing at this address: check the base URL and the ids in the config',
  407: 'the proxy wants a credential: check HTTPS_PROXY',
  422: 'the source rejects the request: check the values in the config',
}

const REMEDIES: Readonly<Record<ConnectorErrorKind, string>> = {
  ConfigInvalid: 'check the config',
  AuthExpired: 'renew the credential, then resume what it paused',
  PermissionDenied: 'give the credential the right to do this, then resume what it paused',
  RateLimited: 'the source asks for fewer requests; it goes on by itself',
  SourceUnavailable: 'the source has a fault; it is tried again',
  NetworkError: 'it is tried again',
  CursorLost: 'the source no longer knows this position: reset the stream',
  SchemaIncompatible: 'discover the source again',
  UnreadableData: 'mend it at the source',
  ContractViolation:
    'the connector sends a request that the source does not understand: report it to its author',
}

const REQUEST_ID_HEADERS = ['x-request-id', 'request-id', 'x-amzn-requestid', 'x-correlation-id', 'cf-ray']

function requestIdOf(headers: Readonly<Record<string, unknown>>): string | undefined {
  return REQUEST_ID_HEADERS.map((name) => headers[name]).find(
    (value): value is string => typeof value === 'string' && /^[\w.:=-]{1,128}$/.test(value),
  )
}

function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  // axios keeps the connection's own error as the cause and may put its own code over it.
  const inner = error.cause !== undefined ? errorCode(error.cause) : undefined
  const own = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return inner ?? own ?? (error instanceof AggregateError ? errorCode(error.errors[0]) : undefined)
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('maxContentLength size')
}
