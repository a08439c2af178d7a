/** What PostgreSQL, the socket and TLS can say, as the kinds of error that decide what happens next. */
import { ConnectorError, ConnectorErrorKind, isConnectorError } from '@tributary/connector-sdk'

type Verdict = readonly [kind: ConnectorErrorKind, what: string]

const { ConfigInvalid, AuthExpired, PermissionDenied, SourceUnavailable, NetworkError, SchemaIncompatible } =
  ConnectorErrorKind

/** By SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const SQLSTATES: Readonly<Record<string, Verdict>> = {
  '28P01': [AuthExpired, 'the password is wrong for this user; set the new one'],
  '28000': [
    AuthExpired,
    'the server does not let this user log in; check `user`, its LOGIN right and pg_hba.conf',
  ],
  '3D000': [ConfigInvalid, 'the database does not exist; correct `database`'],
  '3F000': [SchemaIncompatible, 'the schema no longer exists; correct `schemas` or the activation'],
  '42501': [PermissionDenied, 'the user may not do this any more; GRANT what the README names'],
  '42P01': [SchemaIncompatible, 'the table no longer exists; plan again'],
  '42703': [SchemaIncompatible, 'a column no longer exists; correct the activation and plan again'],
  '42P10': [SchemaIncompatible, 'the match fields are no unique key of the table any more; make one'],
  '25006': [SourceUnavailable, 'the server takes no writes now (a standby, or a failover under way?)'],
  '55P03': [SourceUnavailable, 'the table or its rows are locked by somebody else; it is tried again'],
  '57014': [
    SourceUnavailable,
    'the server cancelled the statement; raise `statement_timeout` if it was that',
  ],
  '57P01': [SourceUnavailable, 'the server ended the connection (restart or pg_terminate_backend)'],
  '57P02': [SourceUnavailable, 'the server crashed and recovers'],
  '57P03': [SourceUnavailable, 'the server is starting up or shutting down'],
  '40001': [SourceUnavailable, 'the server found a conflict with other transactions; it is tried again'],
  '40P01': [SourceUnavailable, 'the server found a deadlock; it is tried again'],
  '53300': [SourceUnavailable, 'the server has no free connection'],
}

/** By class, the first two characters, where the code itself is not above. */
const CLASSES: Readonly<Record<string, Verdict>> = {
  '08': [NetworkError, 'the connection broke'],
  '22': [SchemaIncompatible, 'a value that is there already does not fit; correct the table'],
  '23': [SchemaIncompatible, 'a constraint of the table or of one that refers to it is against it'],
  '25': [SourceUnavailable, 'the server ended the transaction; it is tried again'],
  '28': [AuthExpired, 'the server does not let this user log in'],
  '40': [SourceUnavailable, 'the server rolled it back; it is tried again'],
  '42': [SchemaIncompatible, 'the table no longer is what was discovered; plan again'],
  '53': [SourceUnavailable, 'the server is out of resources (disk, memory or connections)'],
  '55': [SourceUnavailable, 'the table is not ready for it; it is tried again'],
  '57': [SourceUnavailable, 'an operator or the server stopped it'],
  '58': [SourceUnavailable, 'the server had an error of its system'],
  P0: [SchemaIncompatible, 'a trigger of the table refuses it'],
  XX: [SourceUnavailable, 'the server had an internal error'],
}

/** By the code of Node's socket, resolver and TLS. */
const NODE_CODES: Readonly<Record<string, Verdict>> = {
  ENOTFOUND: [ConfigInvalid, 'the host name is unknown; correct `host`'],
  EAI_AGAIN: [SourceUnavailable, 'the host name could not be resolved now'],
  ECONNREFUSED: [
    SourceUnavailable,
    'nothing listens there; check `host` and `port`, and that the server runs',
  ],
  EHOSTUNREACH: [SourceUnavailable, 'the host cannot be reached; check firewall and route'],
  ENETUNREACH: [SourceUnavailable, 'the network cannot be reached'],
  ETIMEDOUT: [SourceUnavailable, 'the server did not answer in time; check firewall and `port`'],
  ENOENT: [ConfigInvalid, 'there is no such socket; correct `host`'],
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

function verdict(code: string, text: string): Verdict {
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
  const known =
    SQLSTATES[code] ??
    NODE_CODES[code] ??
    (/^[0-9A-Z]{5}$/.test(code) ? CLASSES[code.slice(0, 2)] : undefined)
  return (
    known ??
    TEXTS.find(([pattern]) => pattern.test(text))?.[1] ?? [SourceUnavailable, 'the server refused it']
  )
}

/** SQLSTATE, or the code of Node; undefined where there is none. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined
}

/**
 * The error as the runtime wants it. The server's own text is left out: it may quote rows, and the driver's may quote the
 * config; SQLSTATE, constraint and remedy say what people need.
 * @param action in gerund: `connecting to db:5432`
 */
export function toConnectorError(action: string, error: unknown): ConnectorError {
  if (isConnectorError(error)) return error
  const code = codeOf(error)
  const [kind, what] = verdict(code ?? '', error instanceof Error ? error.message : '')
  const about = [code, constraintOf(error)].filter((part) => part !== undefined)
  const message = `${action}: ${what}${about.length === 0 ? '' : ` (${about.join(', ')})`}`
  return new ConnectorError(kind, message, { ...(code !== undefined && { code }) })
}

/** The name of the constraint that an error is about. */
export function constraintOf(error: unknown): string | undefined {
  return fieldOf(error, 'constraint')
}

/** The name of the column that an error is about. */
export function columnOf(error: unknown): string | undefined {
  return fieldOf(error, 'column')
}

function fieldOf(error: unknown, name: 'constraint' | 'column'): string | undefined {
  const value = (error as Readonly<Record<string, unknown>> | null)?.[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
