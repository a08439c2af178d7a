/** The state of a run of a source: its streams and totals. Plain bookkeeping; the workflow only wires and waits. */

import type {
  ErrorReport,
  RunProgress,
  RunReport,
  StreamPlan,
  StreamReport,
  StreamState,
  SyncOutcome,
  SyncPlan,
  SyncReason,
  SyncSourceInput,
} from './contract.js'
import type { RunView } from './details.js'

/** Errors told whole, and the length of further ones: the report of thousands of failed streams must fit one payload. */
const WHOLE_ERRORS = 50
const SHORT_MESSAGE = 120

export class SourceRun {
  #plan: SyncPlan | undefined
  #error: ErrorReport | undefined
  /** As the input says, unless the starter says otherwise. */
  reason: SyncReason
  #parallelism = 1
  readonly #states = new Map<string, StreamState>()
  readonly #reports = new Map<string, StreamReport>()
  readonly #skipped = new Set<string>()

  constructor(
    readonly input: SyncSourceInput,
    readonly startedAtMs: number,
  ) {
    this.reason = input.reason
  }

  begin(plan: SyncPlan): void {
    this.#plan = plan
    this.#parallelism = plan.parallelism
    for (const stream of plan.streams) this.#states.set(stream.name, waiting(stream))
  }

  /** The workspace whose profiles the source feeds, if it does. */
  feedsProfilesOf(): string | undefined {
    return this.#plan?.feedsProfilesOf
  }

  get parallelism(): number {
    return this.#parallelism
  }

  set parallelism(value: number) {
    this.#parallelism = value
  }

  /** A stream's own word on where it stands; late words do not undo its end. */
  hear(state: StreamState): void {
    if (this.#states.has(state.name) && !this.#reports.has(state.name)) this.#states.set(state.name, state)
  }

  /** True while the stream may still be skipped. */
  canSkip(stream: string): boolean {
    return this.#states.has(stream) && !this.#reports.has(stream)
  }

  skip(stream: string): StreamState {
    this.#skipped.add(stream)
    return this.#states.get(stream) as StreamState
  }

  isSkipped(stream: string): boolean {
    return this.#skipped.has(stream)
  }

  end(report: StreamReport): void {
    this.#reports.set(report.name, report)
    const { name, outcome, rows, bytes, rejects, slices, cursor, error } = report
    this.#states.set(name, {
      name,
      status: outcome,
      rows,
      bytes,
      rejects,
      slices,
      ...(cursor !== null && { cursor }),
      ...(error && { error }),
    })
  }

  /** What a stream that failed had loaded by then: as its failure says, or else from its last word. */
  endFailed(
    stream: string,
    outcome: 'failed' | 'cancelled' | 'skipped',
    error: ErrorReport,
    nowMs: number,
    reported?: StreamReport,
  ): void {
    const known = reported ?? this.#states.get(stream)
    this.end({
      name: stream,
      outcome,
      rows: known?.rows ?? 0,
      bytes: known?.bytes ?? 0,
      rejects: known?.rejects ?? 0,
      seconds: reported?.seconds ?? (nowMs - this.startedAtMs) / 1000,
      cursor: known?.cursor ?? null,
      slices: known?.slices ?? 0,
      error,
    })
  }

  /** The run itself failed, before or around its streams. */
  fail(error: ErrorReport): void {
    this.#error = error
  }

  progress(): RunProgress {
    return {
      source: this.input.source,
      reason: this.reason,
      startedAtMs: this.startedAtMs,
      streams: [...this.#states.values()],
    }
  }

  view(nowMs: number): RunView {
    return { ...this.progress(), nowMs, ...(this.#plan && { plan: this.#plan }) }
  }

  /** Errors of the run and its streams, the run's first. */
  errors(): ErrorReport[] {
    const streams = [...this.#reports.values()].flatMap((report) => report.error ?? [])
    return this.#error ? [this.#error, ...streams] : streams
  }

  outcome(cancelled: boolean): SyncOutcome {
    if (cancelled) return 'cancelled'
    const reports = [...this.#reports.values()]
    const failed = reports.filter((report) => report.outcome === 'failed')
    if (this.#error !== undefined) return 'failed'
    if (failed.length === 0) return 'succeeded'
    // A stream with unreadable data has loaded all the rest of it.
    const nothing = failed.filter(({ error }) => error?.type !== 'UnreadableData')
    return nothing.length === reports.length ? 'failed' : 'partial'
  }

  report(ids: { workflowId: string; runId: string }, cancelled: boolean, nowMs: number): RunReport {
    // In the plan's order, whichever ended first.
    const streams = [...this.#states.keys()].flatMap((name) => this.#reports.get(name) ?? [])
    const total = (value: (report: StreamReport) => number) =>
      streams.reduce((sum, report) => sum + value(report), 0)
    return {
      source: this.input.source,
      outcome: this.outcome(cancelled),
      ...ids,
      revision: this.#plan?.revision ?? this.input.revision ?? '',
      reason: this.reason,
      rows: total((report) => report.rows),
      bytes: total((report) => report.bytes),
      rejects: total((report) => report.rejects),
      seconds: (nowMs - this.startedAtMs) / 1000,
      streams: shortenErrors(streams),
      ...(this.#error && { error: this.#error }),
    }
  }
}

function shortenErrors(reports: readonly StreamReport[]): StreamReport[] {
  let told = 0
  return reports.map((report) => {
    const { error } = report
    if (error === undefined || told++ < WHOLE_ERRORS || error.message.length <= SHORT_MESSAGE) return report
    return { ...report, error: { ...error, message: `${error.message.slice(0, SHORT_MESSAGE)}…` } }
  })
}

function waiting(stream: StreamPlan): StreamState {
  return { name: stream.name, status: 'waiting', rows: 0, bytes: 0, rejects: 0, slices: 0 }
}
