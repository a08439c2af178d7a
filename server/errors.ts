/** Errors as the API answers them: one table from the error's name to the status. What is not in it is nobody's business but the log's. */
import type { Role } from '../operations/members/roles.js'

/** Nobody is signed in, or not any more. */
export class SignInNeeded extends Error {
  override readonly name = 'SignInNeeded'
  constructor() {
    super('signing in: there is no session, or it is over; sign in again with a link')
  }
}

/** The session is over, since nobody used it. */
export class SessionIdle extends Error {
  override readonly name = 'SessionIdle'
  constructor() {
    super(
      'going on with the session: nobody used it for a while, so that it ended; sign in again with a link',
    )
  }
}

/** The role does not allow it. */
export class AccessDenied extends Error {
  override readonly name = 'AccessDenied'
  constructor(role: Role, least: Role) {
    super(`this needs the role ${least}, yours is ${role}; ask somebody who is admin`)
  }
}

/** The request may come from another site. */
export class CsrfRefused extends Error {
  override readonly name = 'CsrfRefused'
  constructor() {
    super(
      'checking where the request comes from: it does not bear the token of this session; load the page again',
    )
  }
}

/** The request names another host than this server: some page plays with names. */
export class HostRefused extends Error {
  override readonly name = 'HostRefused'
  constructor() {
    super(
      'checking the host of the request: this server does not go by that name; set TRIBUTARY_SERVER_URL to the address that people use',
    )
  }
}

/** A part behind the server stands still, or has too much to do. */
export class AnswerOverdue extends Error {
  override readonly name = 'AnswerOverdue'
  constructor(ms: number, changes: boolean) {
    const remedy = changes
      ? 'it may still be done; look before you do it again'
      : 'try again, and see tributary doctor if it stays'
    super(`answering: ClickHouse or Temporal did not answer within ${ms / 1000} s; ${remedy}`)
  }
}

/** Too much at once, or too often. */
export class TooMany extends Error {
  override readonly name = 'TooMany'
}

/** The warehouse takes questions and answers none. */
export class WarehouseSilent extends Error {
  override readonly name = 'WarehouseSilent'
  constructor() {
    super('reaching ClickHouse: it does not answer; see tributary doctor, or try again soon')
  }
}

/** What was sent does not have the shape that the route describes. */
export class RequestInvalid extends Error {
  override readonly name = 'RequestInvalid'
  constructor(
    message: string,
    readonly problems: readonly ApiProblem[] = [],
  ) {
    super(message)
  }
}

/** Something wrong at a place: of a file, or of what was sent. */
export interface ApiProblem {
  readonly file?: string
  readonly line?: number
  readonly column?: number
  /** Keys and indexes: `streams[0].sync_mode`. */
  readonly path: string
  readonly message: string
  readonly remedy: string
  readonly severity?: 'error' | 'warning'
}

export interface ErrorBody {
  readonly error: {
    readonly name: string
    readonly message: string
    readonly problems?: readonly ApiProblem[]
    /** Of an unexpected failure: what to look for in the log. */
    readonly requestId?: string
    /** What the error carries beside its words, e.g. the text that is there now of an edit that conflicts. */
    readonly details?: Readonly<Record<string, unknown>>
  }
}

/** By the name of the error. Names that end in Unknown are 404 without being listed. */
const STATUS: Readonly<Record<string, number>> = {
  SignInNeeded: 401,
  SessionIdle: 401,
  LinkRefused: 401,
  AccessDenied: 403,
  CsrfRefused: 403,
  HostRefused: 403,
  PlaceRefused: 403,
  SecretRefused: 403,
  SecretReserved: 403,
  RevisionNotFound: 404,
  DraftUnknown: 404,
  ActivationRunning: 409,
  AuditOvertaken: 409,
  DecisionRefused: 409,
  EtagMismatch: 409,
  ScheduleMissing: 409,
  LastAdmin: 409,
  LayoutConflict: 409,
  NothingRunning: 409,
  NothingWaiting: 409,
  PlanOutdated: 409,
  RecordUndone: 409,
  RevisionConflict: 409,
  SchemaConflict: 409,
  SecretInUse: 409,
  SourceBusy: 409,
  SteerRefused: 409,
  Superseded: 409,
  UndoImpossible: 409,
  UploadBroken: 409,
  CannotUndo: 409,
  NeverRefreshed: 409,
  NothingMapped: 409,
  NothingPublished: 409,
  NoSuchStep: 409,
  ApplyFailed: 400,
  ConfigInvalid: 400,
  ConnectorError: 400,
  CursorInvalid: 400,
  DraftInvalid: 400,
  FileNameInvalid: 400,
  IdentifierBlocked: 400,
  InvalidWindow: 400,
  ListNameInvalid: 400,
  MappingRefused: 400,
  MemberInvalid: 400,
  MergeInvalid: 400,
  RequestInvalid: 400,
  RevisionAmbiguous: 400,
  RunAmbiguous: 400,
  RoleUnknown: 400,
  SecretInvalid: 400,
  SecretMissing: 400,
  TableRefused: 400,
  TaskFailed: 400,
  TokenInvalid: 400,
  UploadInvalid: 400,
  WorkspaceInvalid: 400,
  YamlRefused: 400,
  FileTooLarge: 413,
  UploadTooLarge: 413,
  PersonTooLarge: 422,
  TooMany: 429,
  AnswerOverdue: 503,
  NotConfigured: 503,
  NothingPolling: 503,
  SchemaTooNew: 503,
  TemporalUnreachable: 503,
  WarehouseSilent: 503,
  DiskFull: 507,
}

/** What Fastify says itself, in our words. */
const FASTIFY: Readonly<Record<string, readonly [status: number, name: string, message: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'BodyTooLarge', 'reading the request: its body is too large; send less'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    415,
    'BodyUnreadable',
    'reading the request: its body is no JSON; send application/json',
  ],
  FST_ERR_CTP_INVALID_JSON_BODY: [
    400,
    'BodyUnreadable',
    'reading the request: its body is no JSON; correct it',
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'BodyUnreadable', 'reading the request: its body is empty; send JSON'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    400,
    'BodyUnreadable',
    'reading the request: its length is not as it says; send it again',
  ],
  FST_ERR_BAD_URL: [400, 'RequestInvalid', 'reading the request: its address is damaged; correct it'],
  FST_ERR_MAX_PARAM_LENGTH: [414, 'RequestInvalid', 'reading the request: a part of its address is too long'],
}

const REFUSED = 'reading the request: it asks for what is not to be had; correct its address'

/** ClickHouse ended a query at one of its bounds. */
const BOUNDS_OF_QUERIES = new Set(['TIMEOUT_EXCEEDED', 'MEMORY_LIMIT_EXCEEDED', 'TOO_SLOW'])
const ASKED_TOO_MUCH =
  'asking ClickHouse: this needs more time or memory than a question may; try again when less goes on, or ask for less: fewer conditions, a shorter time'

const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
])

/** What the client is told. Only errors of the table speak; whatever else happened is in the log under the request's id. */
export function errorAnswer(
  error: unknown,
  requestId: string,
): { readonly status: number; readonly body: ErrorBody } {
  const {
    name = 'Error',
    message = '',
    code = '',
  } = error as { name?: string; message?: string; code?: unknown }
  const known = FASTIFY[String(code)]
  if (known) return { status: known[0], body: { error: { name: known[1], message: known[2] } } }
  const status = STATUS[name] ?? (name.endsWith('Unknown') ? 404 : undefined)
  if (status !== undefined) return { status, body: { error: { name, message, ...extras(error) } } }
  // Of the framework and its parts, whose words are for their users: the status says enough.
  const { statusCode } = error as { statusCode?: unknown }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return { status: statusCode, body: { error: { name: 'RequestInvalid', message: REFUSED } } }
  if (BOUNDS_OF_QUERIES.has(String((error as { type?: unknown }).type)))
    return { status: 422, body: { error: { name: 'AskedTooMuch', message: ASKED_TOO_MUCH } } }
  if (CONNECTION_CODES.has(String(code)) || /socket hang up|^Timeout error/i.test(message))
    return unreachable('ClickHouse')
  if (name === 'ServiceError') return unreachable('Temporal')
  return {
    status: 500,
    body: {
      error: {
        name: 'Unexpected',
        message: `something went wrong here; try again, and look for ${requestId} in the server's log if it stays`,
        requestId,
      },
    },
  }
}

function unreachable(part: string) {
  const message = `reaching ${part}: it does not answer; see tributary doctor, or try again soon`
  return { status: 503, body: { error: { name: 'Unreachable', message } } }
}

function extras(error: unknown): Pick<ErrorBody['error'], 'problems' | 'details'> {
  const { problems, details } = error as {
    problems?: readonly ApiProblem[]
    details?: Record<string, unknown>
  }
  return { ...(Array.isArray(problems) && { problems }), ...(details !== undefined && { details }) }
}
