/** Reading failures inside workflows: the taxonomy's type and one sentence, whatever wraps it. */
import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
} from '@temporalio/workflow'
import type { ErrorReport, StreamReport } from './contract.js'

/** Failure types that pause a source's schedule: only a person can mend them. */
const PAUSING: ReadonlySet<string> = new Set(['AuthExpired', 'PermissionDenied'])

export const pausesSchedule = (error: ErrorReport): boolean => PAUSING.has(error.type)

/** Under 1 KB: it becomes part of reports and details. */
const MAX_MESSAGE = 800

export function describeFailure(error: unknown): ErrorReport {
  const cause = unwrap(error)
  if (cause instanceof TimeoutFailure) {
    return {
      type: 'Timeout',
      message: `waiting for a worker: ${cause.timeoutType} timed out; look at the worker's log and the pending activity`,
    }
  }
  const type = cause instanceof ApplicationFailure ? (cause.type ?? 'Error') : 'Error'
  const message = cause instanceof Error ? cause.message : String(cause)
  return { type, message: message.slice(0, MAX_MESSAGE) }
}

/** The failure of a stream's workflow: what failed, and what had been loaded by then, which a signal might tell too late. */
export function streamFailure(error: unknown, report: StreamReport): ApplicationFailure {
  return ApplicationFailure.create({
    ...describeFailure(error),
    nonRetryable: true,
    details: [report],
    ...(error instanceof Error && { cause: error }),
  })
}

/** The report in the failure of a stream's workflow; undefined where it ended in another way. */
export function reportOf(error: unknown): StreamReport | undefined {
  const cause = error instanceof ChildWorkflowFailure ? error.cause : error
  const report = cause instanceof ApplicationFailure ? cause.details?.[0] : undefined
  return report !== null && typeof report === 'object' && 'slices' in report
    ? (report as StreamReport)
    : undefined
}

function unwrap(error: unknown): unknown {
  const wrapped = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure
  return wrapped && error.cause !== undefined ? unwrap(error.cause) : error
}
