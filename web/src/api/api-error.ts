/** What the API says when it refuses, as a value that every page shows in the same way. */

/** One thing that is wrong in a file or a form. */
export interface Problem {
  readonly file?: string
  readonly line?: number
  readonly column?: number
  /** Where in the document: `streams/0/name`. */
  readonly path?: string
  readonly message: string
  readonly remedy?: string
  readonly severity?: string
}

/** A refusal. `status` is 0 when the server could not be reached at all. */
export class ApiError extends Error {
  readonly status: number
  readonly problems: readonly Problem[]
  /** What else the answer held: the current text beside a conflict, for one. */
  readonly details: unknown

  constructor(input: {
    readonly status: number
    readonly name: string
    readonly message: string
    readonly problems?: readonly Problem[]
    readonly details?: unknown
  }) {
    super(input.message)
    this.name = input.name
    this.status = input.status
    this.problems = input.problems ?? []
    this.details = input.details
  }
}

/** True where the server was not there: asking again later can help, and nothing was changed. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 502 || error.status === 504)
}

/** True where what was asked for is not there: never was, or is no more. */
export function isMissing(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 404
}

/** True where this member has more under way than the server does at once: what was given up a moment ago may count still. */
export function isTooMany(error: unknown): boolean {
  return error instanceof ApiError && error.status === 429
}

/** True where somebody else saved, deleted, or took the name, since what is written was read. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.name === 'EtagMismatch'
}

/** The refusal in an answer that is not ok. A body that is not the API's own (a proxy's page) is never shown. */
export function toApiError(status: number, body: unknown): ApiError {
  const refusal = isRecord(body) && isRecord(body.error) ? body.error : undefined
  if (refusal === undefined || typeof refusal.message !== 'string') return plainError(status)
  return new ApiError({
    status,
    name: typeof refusal.name === 'string' ? refusal.name : 'Refused',
    message: refusal.message,
    problems: Array.isArray(refusal.problems) ? (refusal.problems as Problem[]) : [],
    details: refusal.details,
  })
}

/** The error of a request that got no answer. */
export function unreachable(): ApiError {
  return new ApiError({
    status: 0,
    name: 'Unreachable',
    message: 'The server does not answer. The page tries again by itself; nothing you typed is lost.',
  })
}

function plainError(status: number): ApiError {
  return new ApiError({
    status,
    name: 'Refused',
    message:
      status >= 500
        ? `The server failed (${status}). Try again; if it stays, an operator finds the reason in the server's log.`
        : `The server refused this (${status}). Load the page again and repeat it.`,
  })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
