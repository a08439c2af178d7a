/** The state of one stream within a run: plain bookkeeping, so that the workflow reads as its verbs. */
import type {
  ErrorReport,
  OpenedStream,
  Remaining,
  SliceResult,
  StreamOutcome,
  StreamProgress,
  StreamReport,
  StreamState,
} from './contract.js'

/** The run's page is told of progress at most this often: every telling is an event in its history. */
const SIGNAL_INTERVAL_MS = 20_000

export class StreamRun {
  readonly startedAtMs: number
  #status: StreamState['status'] = 'running'
  #progress: StreamProgress | undefined
  #resumeAt: string | undefined
  #remaining: Remaining | undefined
  #error: ErrorReport | undefined
  #signalledStatus: StreamState['status'] = 'waiting'
  #signalledAtMs = 0
  /** Newest time that the stream is known to reach, ISO 8601. */
  #cursorTime: string | undefined

  constructor(
    readonly stream: string,
    resumed: StreamProgress | undefined,
    nowMs: number,
  ) {
    this.#progress = resumed
    this.#cursorTime = resumed?.pending?.cursorTime
    this.startedAtMs = resumed?.startedAtMs ?? nowMs
  }

  begin(opened: OpenedStream): StreamProgress {
    this.#progress = {
      position: opened.position,
      ...(opened.state !== undefined && { state: opened.state }),
      ...(opened.cursor !== undefined && { cursor: opened.cursor }),
      slices: 0,
      rows: 0,
      bytes: 0,
      rejects: 0,
      startedAtMs: this.startedAtMs,
    }
    return this.#progress
  }

  /** The progress after a slice: what was pending is accepted by now, what the slice brought is pending. */
  advance(before: StreamProgress, slice: SliceResult): StreamProgress {
    const { pending: accepted, ...rest } = before
    const load = slice.load
    this.#remaining = slice.remaining
    this.#cursorTime = load?.cursorTime ?? this.#cursorTime
    const sequence = load?.sequence ?? accepted?.sequence ?? before.position.sequence
    const cursor = load?.cursor ?? before.cursor
    const state = load?.state ?? before.state
    this.#progress = {
      ...rest,
      position: { ...before.position, sequence },
      ...(state !== undefined && { state }),
      ...(cursor !== undefined && { cursor }),
      ...(load && { pending: load }),
      slices: before.slices + (load ? 1 : 0),
      rows: before.rows + (load?.rows ?? 0),
      bytes: before.bytes + (load?.bytes ?? 0),
      rejects: before.rejects + (load?.rejects ?? 0),
    }
    return this.#progress
  }

  get cursorTime(): string | undefined {
    return this.#cursorTime
  }

  sleepUntil(resumeAt: string): void {
    this.#status = 'sleeping'
    this.#resumeAt = resumeAt
  }

  wake(): void {
    this.#status = 'running'
    this.#resumeAt = undefined
  }

  end(outcome: StreamOutcome, error?: ErrorReport): void {
    this.#status = outcome
    this.#error = error
  }

  /** True when the status changed or enough time has passed; remembers that the state was told. */
  shouldSignal(nowMs: number): boolean {
    const due = this.#status !== this.#signalledStatus || nowMs - this.#signalledAtMs >= SIGNAL_INTERVAL_MS
    if (due) {
      this.#signalledStatus = this.#status
      this.#signalledAtMs = nowMs
    }
    return due
  }

  state(): StreamState {
    const progress = this.#progress
    return {
      name: this.stream,
      status: this.#status,
      rows: progress?.rows ?? 0,
      bytes: progress?.bytes ?? 0,
      rejects: progress?.rejects ?? 0,
      slices: progress?.slices ?? 0,
      ...(progress?.cursor !== undefined && { cursor: progress.cursor }),
      ...(this.#remaining && this.#status === 'running' && { remaining: this.#remaining }),
      ...(this.#resumeAt !== undefined && { resumeAt: this.#resumeAt }),
      ...(this.#error && { error: this.#error }),
    }
  }

  report(nowMs: number): StreamReport {
    const state = this.state()
    return {
      name: state.name,
      outcome: state.status as StreamOutcome,
      rows: state.rows,
      bytes: state.bytes,
      rejects: state.rejects,
      seconds: (nowMs - this.startedAtMs) / 1000,
      cursor: state.cursor ?? null,
      slices: state.slices,
      ...(state.error && { error: state.error }),
    }
  }
}
