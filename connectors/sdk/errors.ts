/** The one error class that crosses the connector boundary, and the kinds that decide what happens next. */

/** What went wrong; the workflow's policy and the operator's action follow from it (docs/reference/errors.md). */
export const ConnectorErrorKind = {
  /** The config is wrong; a person must change it. */
  ConfigInvalid: 'ConfigInvalid',
  /** The credential is wrong, expired or revoked; the schedule is paused. */
  AuthExpired: 'AuthExpired',
  /** The credential is right but may not do this; the schedule is paused. */
  PermissionDenied: 'PermissionDenied',
  /** Too many requests; `until` says when to go on. */
  RateLimited: 'RateLimited',
  /** The source answers with errors of its own or not at all; it is tried again. */
  SourceUnavailable: 'SourceUnavailable',
  /** The connection broke; it is tried again. */
  NetworkError: 'NetworkError',
  /** The source no longer knows this position; the stream must be reset. */
  CursorLost: 'CursorLost',
  /** The source's data no longer fits what was discovered. */
  SchemaIncompatible: 'SchemaIncompatible',
  /** A piece of the source's data cannot be read (a damaged file); everything else was. */
  UnreadableData: 'UnreadableData',
  /** The connector broke its contract: a bug in it. */
  ContractViolation: 'ContractViolation',
} as const
export type ConnectorErrorKind = (typeof ConnectorErrorKind)[keyof typeof ConnectorErrorKind]

export interface ConnectorErrorDetails {
  /** The vendor's own code or HTTP status. */
  readonly code?: string
  readonly requestId?: string
  readonly docsUrl?: string
  /** RateLimited: when to go on, epoch milliseconds. */
  readonly until?: number
  readonly cause?: unknown
}

/** Message: action in gerund, what happened, remedy. It must hold no secret and no record content. */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError'
  readonly kind: ConnectorErrorKind
  readonly code: string | undefined
  readonly requestId: string | undefined
  readonly docsUrl: string | undefined
  readonly until: number | undefined

  constructor(kind: ConnectorErrorKind, message: string, details: ConnectorErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.kind = kind
    this.code = details.code
    this.requestId = details.requestId
    this.docsUrl = details.docsUrl
    this.until = details.until
  }
}

/** True for a ConnectorError of any copy of this package (a connector may bring its own). */
export function isConnectorError(error: unknown): error is ConnectorError {
  return (
    error instanceof Error &&
    error.name === 'ConnectorError' &&
    'kind' in error &&
    typeof error.kind === 'string' &&
    error.kind in ConnectorErrorKind
  )
}
