/** What PostgreSQL, the socket and TLS can say, as the kinds of error that decide what happens next. */
import { ConnectorError, ConnectorErrorKind, isConnectorError } from '@tributary/connector-sdk'

type Verdict = readonly [kind: ConnectorErrorKind, what: string]

const {
  ConfigInvalid,
  AuthExpired,
  PermissionDenied,
  SourceUnavailable,
  NetworkError,
  SchemaIncompatible,
  ContractViolation,
} = ConnectorErrorKind

/** By SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const SQLSTATES: Readonly<Record<string, Verdict>> = {
  '28P01': [AuthExpired, 'the password is wrong for this user; set the new one'],
  '28000': [
    AuthExpired,
    'the server does not let this user log in; check `user`, its LOGIN right and pg_hba.conf',
  ],
  '3D000': [ConfigInvalid, 'the database does not exist; correct `database`'],
  '3F000': [ConfigInvalid, 'the schema does not exist; correct `schemas`'],
  '42501': [
    PermissionDenied,
    'the user may not read this; GRANT USAGE on the schema and SELECT on the table',
  ],
  '42P01': [SchemaIncompatible, 'the table no longer exists; discover again'],
  '42703': [SchemaIncompatible, 'a column no longer exists; discover again'],
  '42704': [SchemaIncompatible, 'a type no longer exists; discover again'],
  '42804': [SchemaIncompatible, 'a column has another type than was discovered; discover again'],
  '42883': [SchemaIncompatible, 'a column has another type than was discovered; discover again'],
  '0A000': [SchemaIncompatible, 'the server cannot read this relation so; discover again'],
  '25006': [ContractViolation, 'a view or function tries to write; reading is read-only'],
  '55P03': [SourceUnavailable, 'the table is locked (a migration or VACUUM FULL?); it is tried again'],
  '55000': [SourceUnavailable, 'the relation is not ready (a materialized view without data needs REFRESH)'],
  '57014': [
    SourceUnavailable,
    'the server cancelled the statement; raise `statement_timeout` if it was that',
  ],
  '57P01': [SourceUnavailable, 'the server ended the connection (restart or pg_terminate_backend)'],
  '57P02': [SourceUnavailable, 'the server crashed and recovers'],
  '57P03': [SourceUnavailable, 'the server is starting up or shutting down'],
  '57P05': [SourceUnavailable, 'the server ended the connection because it was idle'],
  '40001': [SourceUnavailable, 'recovery of the read replica cancelled the read; it is tried again'],
  '40P01': [SourceUnavailable, 'the server found a deadlock; it is tried again'],
  '53300': [SourceUnavailable, 'the server has no free connection'],
  '22023': [SourceUnavailable, 'the snapshot is gone; it is tried again'],
}

/** By class, the first two characters, where the code itself is not above. */
const CLASSES: Readonly<Record<string, Verdict>> = {
  '08': [NetworkError, 'the connection broke'],
  '28': [AuthExpired, 'the server does not let this user log in'],
  '42': [SchemaIncompatible, 'the relation no longer is what was discovered; discover again'],
  '40': [SourceUnavailable, 'the server rolled the read back; it is tried again'],
  '53': [SourceUnavailable, 'the server is out of resources (disk, memory or connections)'],
  '54': [SourceUnavailable, 'the server reached a limit of its own'],
  '57': [SourceUnavailable, 'an operator or the server stopped the read'],
  '58': [SourceUnavailable, 'the server had an error of its system'],
  XX: [SourceUnavailable, 'the server had an internal error'],
  '22': [SourceUnavailable, 'an expression of the view failed on its data; correct the view'],
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

function verdict(error: unknown): Verdict {
  const code = codeOf(error) ?? ''
  const text = error instanceof Error ? error.message : ''
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

function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined
}

/**
 * The error as the runtime wants it. The server's own text is left out: it may quote rows, and the driver's may quote the
 * config; SQLSTATE and remedy say what people need.
 * @param action in gerund: `connecting to db:5432`
 */
export function toConnectorError(action: string, error: unknown): ConnectorError {
  if (isConnectorError(error)) return error
  const [kind, what] = verdict(error)
  const code = codeOf(error)
  return new ConnectorError(kind, `${action}: ${what}${code === undefined ? '' : ` (${code})`}`, {
    ...(code !== undefined && { code }),
  })
}
