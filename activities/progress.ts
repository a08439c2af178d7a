/**
 * Heartbeats of long activities: what people see in the pending-activity panel, and the question whether to stop. They
 * carry progress for people, never state.
 */
import { Context } from '@temporalio/activity'

const HEARTBEAT_MS = 5_000

export interface Progress {
  /** Aborts when nothing more may be written: cancelled, timed out, or the worker's grace is over. */
  readonly signal: AbortSignal
  /** Why to end at the next checkpoint, if somebody asked for it. */
  endRequested(): 'worker shutdown' | 'pause' | undefined
  /** What the next heartbeat says; small and without personal data. */
  report(details: Readonly<Record<string, unknown>>): void
}

/** Runs work with heartbeats on a timer, so that a slow source or a slow insert is never taken for a dead worker. */
export async function withHeartbeat<Result>(
  draining: AbortSignal,
  work: (progress: Progress) => Promise<Result>,
): Promise<Result> {
  const context = Context.current()
  const abort = new AbortController()
  let details: Readonly<Record<string, unknown>> = {}
  let paused = false
  const onCancel = () => {
    // A pause ends the slice at its next checkpoint; everything else means that nobody waits for the result.
    if (context.cancellationDetails?.paused && !context.cancellationDetails.cancelRequested) paused = true
    else abort.abort(context.cancellationSignal.reason)
  }
  context.cancellationSignal.addEventListener('abort', onCancel, { once: true })
  if (context.cancellationSignal.aborted) onCancel()
  const timeoutMs = context.info.heartbeatTimeoutMs ?? Number.POSITIVE_INFINITY
  const timer = setInterval(
    () => context.heartbeat({ ...details, at: new Date().toISOString() }),
    Math.min(HEARTBEAT_MS, timeoutMs / 4),
  )
  context.heartbeat({ at: new Date().toISOString() })
  try {
    return await work({
      signal: abort.signal,
      endRequested: () => (draining.aborted ? 'worker shutdown' : paused ? 'pause' : undefined),
      report: (next) => {
        details = next
      },
    })
  } catch (error) {
    // The cancellation is the truth; what it made fail is its consequence.
    throw abort.signal.aborted ? (context.cancellationSignal.reason ?? error) : error
  } finally {
    clearInterval(timer)
    context.cancellationSignal.removeEventListener('abort', onCancel)
  }
}
