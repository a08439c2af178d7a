/**
 * The failure taxonomy: every error of an activity becomes an ApplicationFailure whose type says what an operator does.
 * One table, and the one place that decides what is retried.
 */
import { ClickHouseError } from '@clickhouse/client'
import { CompleteAsyncError } from '@temporalio/activity'
import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common'
import { type ConnectorError, isConnectorError } from '@tributary/connector-sdk'
import { isRefusedStatement } from '../warehouse/refused-statement.js'

/** Failure types beyond the connectors' own error kinds. */
export const FailureType = {
  DestinationUnavailable: 'DestinationUnavailable',
  DestinationRejected: 'DestinationRejected',
  DestinationFull: 'DestinationFull',
  CountMismatch: 'CountMismatch',
  Unexpected: 'Unexpected',
} as const

/** Kinds that trying again cannot mend. */
const PERMANENT: ReadonlySet<string> = new Set([
  'ConfigInvalid',
  'AuthExpired',
  'PermissionDenied',
  'CursorLost',
  'SchemaIncompatible',
  'UnreadableData',
  'ContractViolation',
])

/** ClickHouse's codes for a server that cannot take data now: memory, disk, too many parts or queries, read only, network. */
const UNAVAILABLE_CODES: ReadonlySet<string> = new Set(
  [159, 164, 202, 209, 210, 241, 242, 252, 279, 285, 319, 394, 439, 473, 999].map(String),
)
const FULL_CODES: ReadonlySet<string> = new Set(['243'])
const AUTH_CODES: ReadonlySet<string> = new Set(['192', '193', '194', '516'])
const DENIED = '497'

export function configInvalid(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'ConfigInvalid')
}

/** The failure that Temporal records for an error. Failures and cancellations pass as they are. */
export function toFailure(error: unknown): unknown {
  if (
    error instanceof ApplicationFailure ||
    error instanceof CancelledFailure ||
    error instanceof CompleteAsyncError
  ) {
    return error
  }
  if (isConnectorError(error)) return fromConnector(error)
  if (error instanceof ClickHouseError) return fromClickHouse(error)
  if (!(error instanceof Error)) return failure(FailureType.Unexpected, String(error), false)
  const named = BY_NAME[error.name]
  if (named) return failure(named.type, error.message, named.permanent)
  if (isConnectionError(error)) {
    return failure(
      FailureType.DestinationUnavailable,
      `reaching ClickHouse: ${error.message || codeOf(error)}; it is tried again, see \`tributary doctor\``,
      false,
    )
  }
  return ApplicationFailure.create({ type: FailureType.Unexpected, message: error.message, cause: error })
}

/** Errors of this project's own modules, by class name. */
const BY_NAME: Readonly<Record<string, { readonly type: string; readonly permanent: boolean }>> = {
  SecretMissing: { type: 'ConfigInvalid', permanent: true },
  ConnectorNotFound: { type: 'ConfigInvalid', permanent: true },
  SchemaConflict: { type: 'SchemaIncompatible', permanent: true },
  LayoutConflict: { type: 'SchemaIncompatible', permanent: true },
  TableRefused: { type: 'ConfigInvalid', permanent: true },
  SchemaTooNew: { type: 'ConfigInvalid', permanent: true },
  CountMismatch: { type: FailureType.CountMismatch, permanent: false },
  MappingRefused: { type: 'ConfigInvalid', permanent: true },
  NoSuchStep: { type: 'ConfigInvalid', permanent: true },
  CannotUndo: { type: 'ConfigInvalid', permanent: true },
  PlanGone: { type: 'ConfigInvalid', permanent: true },
  UnreadableBlock: { type: 'SchemaIncompatible', permanent: true },
}

function fromConnector(error: ConnectorError): ApplicationFailure {
  const wait = error.until === undefined ? undefined : Math.max(1000, error.until - Date.now())
  return ApplicationFailure.create({
    type: error.kind,
    message: error.message,
    nonRetryable: PERMANENT.has(error.kind),
    details: [{ code: error.code, requestId: error.requestId, docsUrl: error.docsUrl }],
    ...(error.kind === 'RateLimited' && { category: ApplicationFailureCategory.BENIGN }),
    ...(wait !== undefined && { nextRetryDelay: wait }),
  })
}

function fromClickHouse(error: ClickHouseError): ApplicationFailure {
  const details = { code: error.code, name: error.type }
  if (FULL_CODES.has(error.code)) {
    const message = `writing to ClickHouse: its disk is full (${error.type}); free space, loading then goes on by itself`
    return failure(FailureType.DestinationFull, message, false, details)
  }
  if (error.code === DENIED) {
    const message = `using ClickHouse: ${firstLine(error.message)}; give the user of CLICKHOUSE_USER this right, then sync again`
    return failure('ConfigInvalid', message, true, details)
  }
  if (isRefusedStatement(error)) {
    const message = `using ClickHouse: it refuses a statement: ${firstLine(error.message)} (${error.type ?? error.code}); correct the stream's settings if they are named, otherwise report it`
    return failure(FailureType.DestinationRejected, message, true, details)
  }
  if (AUTH_CODES.has(error.code)) {
    const message = `using ClickHouse: ${firstLine(error.message)}; check CLICKHOUSE_USER, CLICKHOUSE_PASSWORD and the user's grants`
    return failure('ConfigInvalid', message, false, details)
  }
  const unavailable = UNAVAILABLE_CODES.has(error.code)
  return failure(
    unavailable ? FailureType.DestinationUnavailable : FailureType.Unexpected,
    `using ClickHouse: ${firstLine(error.message)} (${error.type ?? error.code})`,
    false,
    details,
  )
}

function failure(
  type: string,
  message: string,
  nonRetryable: boolean,
  details?: unknown,
): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable,
    ...(details !== undefined && { details: [details] }),
  })
}

const CONNECTION_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
])

function isConnectionError(error: Error): boolean {
  return CONNECTION_CODES.has(codeOf(error)) || /socket hang up|Timeout error/i.test(error.message)
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** ClickHouse quotes what it cannot read: `Cannot parse string 'ada@example.com' as UInt64`, `expected , before: 'Ada'`. */
const QUOTED_VALUE = /\b(string|text|value|input|before|after):? ?(['"])(?:\\.|(?!\2).)*(?:\2|$)/gi

/**
 * ClickHouse appends its version and a stack to messages. Whoever sees runs may not see people, and so no message holds the
 * values of a row; names, which are quoted as well, stay.
 */
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(QUOTED_VALUE, '$1 …').slice(0, 400)
}
