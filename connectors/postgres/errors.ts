/** What PostgreSQL, the socket and TLS can say, as the kinds of error that decide what happens next. */
import { ConnectorError, ConnectorErrorKind, isConnectorError } from '@tributary/connector-sdk'

/** What an error is, and what it says with its remedy. */
export type Verdict = readonly [kind: ConnectorErrorKind, what: string]

const { ConfigInvalid, AuthExpired, SourceUnavailable, NetworkError } = ConnectorErrorKind

/** By SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const SQLSTATES: Readonly<Record<string, Verdict>> = {
  '28P01': [AuthExpired, 'the password is wrong for this user; set the new one'],
  '28000': [
    AuthExpired,
    'the server does not let this user log in; check `user`, its LOGIN right and pg_hba.conf',
  ],
  '3D000': [ConfigInvalid, 'the database does not exist; correct `database`'],
  '57014': [
    SourceUnavailable,
    'the server cancelled the statement; raise `statement_timeout` if it was that',
  ],
  '57P01': [SourceUnavailable, 'the server ended the connection (restart or pg_terminate_backend)'],
  '57P02': [SourceUnavailable, 'the server crashed and recovers'],
  '57P03': [SourceUnavailable, 'the server is starting up or shutting down'],
  '40P01': [SourceUnavailable, 'the server found a deadlock; it is tried again'],
  '53300': [SourceUnavailable, 'the server has no free connection'],
}

/** By class, the first two characters, where the code itself is not above. */
const CLASSES: Readonly<Record<string, Verdict>> = {
  '08': [NetworkError, 'the connection broke'],
  '28': [AuthExpired, 'the server does not let this user log in'],
  '53': [SourceUnavailable, 'the server is out of resources (disk, memory or connections)'],
  '58': [SourceUnavailable, 'the server had an error of its system'],
  XX: [SourceUnavailable, 'the server had an internal error'],
}

/** By the code of Node's socket and TLS, once the kit has connected. */
const NODE_CODES: Readonly<Record<string, Verdict>> = {
  EHOSTUNREACH: [SourceUnavailable, 'the host cannot be reached; check firewall and route'],
  ENETUNREACH: [SourceUnavailable, 'the network cannot be reached'],
  ETIMEDOUT: [SourceUnavailable, 'the server did not answer in time; check firewall and `port`'],
  ECONNRESET: [NetworkError, 'the connection broke'],
  EPIPE: [NetworkError, 'the connection broke'],
  CERT_HAS_EXPIRED: [ConfigInvalid, 'the server certificate has expired; renew it at the server'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    ConfigInvalid,
    'the server certificate does not name this host; correct `host` or set ssl.mode to verify-ca',
  ],
}

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
])

/** By the text of errors that have no code; pg's own. */
const TEXTS: readonly (readonly [RegExp, Verdict])[] = [
  [
    /does not support SSL/,
    [ConfigInvalid, 'the server does not offer TLS; set ssl.mode to prefer or disable'],
  ],
  [/establishing an SSL connection/, [NetworkError, 'TLS could not be started']],
  [
    /no password supplied|must be a string|SASL/,
    [AuthExpired, 'the server wants a password; set `password`'],
  ],
  [/timeout/i, [SourceUnavailable, 'the server did not answer in time; check firewall and `port`']],
  [/terminated|not queryable|closed|ended/i, [NetworkError, 'the connection broke']],
]

/**
 * Makes the function that turns an error into the one that the runtime wants. The server's own text is left out: it may quote
 * rows, and the driver's may quote the config; SQLSTATE, constraint and remedy say what people need.
 * @param own what a connector says itself, by SQLSTATE or by class (its first two characters); goes before what is said here
 * @returns of an action in gerund (`connecting to db:5432`) and an error
 */
export function connectorErrors(
  own: Readonly<Record<string, Verdict>>,
): (action: string, error: unknown) => ConnectorError {
  return (action, error) => {
    if (isConnectorError(error)) return error
    const code = codeOf(error)
    const [kind, what] = verdict(own, code ?? '', error instanceof Error ? error.message : '')
    const about = [code, fieldOf(error, 'constraint')].filter((part) => part !== undefined)
    const message = `${action}: ${what}${about.length === 0 ? '' : ` (${about.join(', ')})`}`
    return new ConnectorError(kind, message, { ...(code !== undefined && { code }) })
  }
}

function verdict(own: Readonly<Record<string, Verdict>>, code: string, text: string): Verdict {
  if (code === '28000' && /no pg_hba.conf entry/.test(text)) {
    return /no encryption|SSL off/.test(text)
      ? [ConfigInvalid, 'the server refuses this client without TLS; set ssl.mode to require']
      : [ConfigInvalid, 'pg_hba.conf has no entry for this client, user and database']
  }
  if (UNTRUSTED.has(code)) {
    return [
      ConfigInvalid,
      'the server certificate is not trusted; set ssl.ca to its authority, or ssl.mode to require',
    ]
  }
  if (/^ERR_(SSL|OSSL)|^EPROTO/.test(code)) {
    return [ConfigInvalid, 'the TLS handshake failed; check ssl.mode, ssl.cert and ssl.key']
  }
  const known = own[code] ?? SQLSTATES[code] ?? NODE_CODES[code] ?? ofClass(own, code)
  return (
    known ??
    TEXTS.find(([pattern]) => pattern.test(text))?.[1] ?? [SourceUnavailable, 'the server refused it']
  )
}

function ofClass(own: Readonly<Record<string, Verdict>>, code: string): Verdict | undefined {
  if (!/^[0-9A-Z]{5}$/.test(code)) return undefined
  const name = code.slice(0, 2)
  return own[name] ?? CLASSES[name]
}

/** SQLSTATE, or the code of Node; undefined where there is none. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined
}

/** The name of the constraint or column that an error is about. */
export function fieldOf(error: unknown, name: 'constraint' | 'column'): string | undefined {
  const value = (error as Readonly<Record<string, unknown>> | null)?.[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
