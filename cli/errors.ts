/** Exit codes, and errors as people read them: what, where, what to do, in one line. */

import { printable } from './format.js'

/** Documented in the help; scripts rely on them. */
export const ExitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** Temporal or ClickHouse cannot be reached, or no worker takes the work. */
  unreachable: 3,
  /** Ctrl-C. */
  interrupted: 130,
} as const

const UNREACHABLE = new Set(['NothingPolling', 'TemporalUnreachable', 'NotConfigured'])
const USAGE = new Set(['InvalidWindow', 'UsageError'])
const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
])

/** An argument that makes no sense. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A person pressed Ctrl-C while the command waited. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof Error)) return ExitCode.failed
  if (error.name === 'Interrupted') return ExitCode.interrupted
  if (USAGE.has(error.name)) return ExitCode.usage
  if (UNREACHABLE.has(error.name) || isConnectionError(error)) return ExitCode.unreachable
  return ExitCode.failed
}

/** One line; with TRIBUTARY_LOG_LEVEL=debug or trace also where it happened. */
export function renderError(error: unknown, env: NodeJS.ProcessEnv): string {
  const verbose = ['debug', 'trace'].includes(env.TRIBUTARY_LOG_LEVEL ?? '')
  if (verbose && error instanceof Error)
    return printable(`tributary: ${error.stack ?? error.message}${causes(error)}`)
  return `tributary: ${printable(errorSentence(error))}`
}

/** What was done, what happened, what to do. */
export function errorSentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (isConnectionError(error)) {
    return `reaching ClickHouse: ${error.message || codeOf(error)}; start the local stack with tributary up, or check CLICKHOUSE_URL`
  }
  if (isClickHouseError(error)) {
    return `running the statement: ${firstLine(error.message)} (${error.type ?? `code ${error.code}`}); correct the SQL, or see tributary doctor`
  }
  if (isGrpcError(error))
    return `asking Temporal: ${error.cause?.details ?? error.message}; see tributary doctor`
  return error.message
}

/** ClickHouse's client passes on bare errors of sockets; what a connector could not reach says so itself. */
function isConnectionError(error: Error): boolean {
  if (error.name === 'ConnectorError') return false
  return CONNECTION_CODES.has(codeOf(error)) || /socket hang up|^Timeout error/i.test(error.message)
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function isClickHouseError(error: Error): error is Error & { readonly code: string; readonly type?: string } {
  return error.constructor.name === 'ClickHouseError'
}

function isGrpcError(error: Error): error is Error & { readonly cause?: { readonly details?: string } } {
  return error.name === 'ServiceError'
}

/** ClickHouse appends its version and a stack. */
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/[.\s]+$/, '')
}

function causes(error: Error): string {
  return error.cause instanceof Error ? `\ncaused by ${error.cause.stack}${causes(error.cause)}` : ''
}
