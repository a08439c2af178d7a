/**
 * Keeps one child running: a child that ends unasked is reported with what it said last and started again, at once the first time
 * and ever more slowly when it keeps ending.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { describeExit, type ProcessExit } from '../process.js'

/** A started child, ready to serve. */
interface RunningService {
  readonly pid: number
  readonly exited: Promise<ProcessExit>
  stop(timeoutMs?: number): Promise<void>
  tail(): string
}

export interface ServiceSpec {
  readonly name: string
  /** How long the child may take to stop before it is killed. */
  readonly stopTimeoutMs: number
  /** Starts the child and resolves when it serves; rejects soon after the signal, leaving no child. */
  start(signal: AbortSignal): Promise<RunningService>
}

/** What happens to a supervised child. */
export type ServiceEvent =
  | { readonly type: 'started'; readonly name: string; readonly pid: number }
  | {
      readonly type: 'exited'
      readonly name: string
      /** `exit code 3` or `signal SIGKILL`. */
      readonly exit: string
      /** The last lines of the child's log. */
      readonly tail: string
      readonly restartInMs: number
    }
  | {
      readonly type: 'start-failed'
      readonly name: string
      readonly reason: string
      readonly restartInMs: number
    }
  | { readonly type: 'stopped'; readonly name: string }

export interface Backoff {
  /** @default 200 */
  readonly firstMs?: number
  /** Each wait is twice the one before, up to this. @default 10000 */
  readonly maxMs?: number
  /** A child that ran this long counts as healthy: the waits begin anew. @default 30000 */
  readonly healthyAfterMs?: number
}

export interface SupervisedService {
  readonly name: string
  /** Ends the child and its supervision. Idempotent; never rejects. */
  stop(): Promise<void>
}

/**
 * Starts the service and keeps it running until stop().
 * @throws when the first start fails: nothing is retried then, because a part that never worked needs a person
 */
export async function supervise(
  spec: ServiceSpec,
  onEvent: (event: ServiceEvent) => void,
  { firstMs = 200, maxMs = 10_000, healthyAfterMs = 30_000 }: Backoff = {},
  signal?: AbortSignal,
): Promise<SupervisedService> {
  const { name } = spec
  const stopping = new AbortController()
  const started = signal ? AbortSignal.any([signal, stopping.signal]) : stopping.signal
  let running = await spec.start(started)
  onEvent({ type: 'started', name, pid: running.pid })

  const keepRunning = async () => {
    let delay = firstMs
    let startedAt = performance.now()
    for (;;) {
      const exit = await running.exited
      if (stopping.signal.aborted) return
      if (performance.now() - startedAt > healthyAfterMs) delay = firstMs
      onEvent({ type: 'exited', name, exit: describeExit(exit), tail: running.tail(), restartInMs: delay })
      for (;;) {
        await sleep(delay, undefined, { signal: stopping.signal }).catch(() => undefined)
        if (stopping.signal.aborted) return
        delay = Math.min(delay * 2, maxMs)
        try {
          running = await spec.start(stopping.signal)
          break
        } catch (error) {
          if (stopping.signal.aborted) return
          onEvent({ type: 'start-failed', name, reason: (error as Error).message, restartInMs: delay })
        }
      }
      startedAt = performance.now()
      onEvent({ type: 'started', name, pid: running.pid })
      if (stopping.signal.aborted) return
    }
  }
  const kept = keepRunning()
  let stopped: Promise<void> | undefined
  const stop = async () => {
    stopping.abort()
    // The child may be one that began to run just when the stop was asked for, so the loop is left first.
    await Promise.race([kept, running.stop(spec.stopTimeoutMs)])
    await kept
    await running.stop(spec.stopTimeoutMs)
    onEvent({ type: 'stopped', name })
  }
  return {
    name,
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}
