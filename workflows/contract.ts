/**
 * What crosses the boundary of the workflows of syncs: ids, inputs, results, updates, queries. JSON-safe, additive only,
 * under 10 KB a value. Records never pass through here: a workflow carries ids, short cursors and counts.
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'

/** Task queues: workflows and short activities, slices of data, warehouse statements. */
export const TASK_QUEUE = 'tributary'
export const SYNC_TASK_QUEUE = 'tributary-sync'
export const WAREHOUSE_TASK_QUEUE = 'tributary-warehouse'

/** Also the id of the workflow that the schedule starts; the server appends the time. */
export const syncScheduleId = (source: string): string => `sync/${source}`
/** One writer per stream in the whole system: a second start with this id is refused by the server. */
export const streamWorkflowId = (source: string, stream: string): string => `stream/${source}/${stream}`

/** The ledger's lane: the live position, or a backfill's own. */
export const LIVE_LANE = 'live'
export const backfillLane = (name: string): string => `backfill/${name}`

export const StreamOutcome = {
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
} as const
export type StreamOutcome = (typeof StreamOutcome)[keyof typeof StreamOutcome]

export const SyncOutcome = {
  succeeded: 'succeeded',
  partial: 'partial',
  failed: 'failed',
  cancelled: 'cancelled',
} as const
export type SyncOutcome = (typeof SyncOutcome)[keyof typeof SyncOutcome]

/** Why a run was started; it decides the priority of its activities. */
export type SyncReason = 'schedule' | 'manual' | 'backfill' | 'reset'

export interface SyncSourceInput {
  readonly source: string
  /** @default the newest published revision when the run starts */
  readonly revision?: string
  readonly reason: SyncReason
  /** Only these streams. @default all of the source file */
  readonly streams?: readonly string[]
  readonly window?: Window
}

/** Cursor values as text: from <= cursor < to. */
export interface Window {
  readonly from: string
  readonly to: string
}

/** What a backfill reads in all. Its lane in the ledger keeps it: a name stands for one stretch. */
export interface BackfillStretch {
  readonly name: string
  readonly from: string
  readonly to: string
  /** Length of one window, milliseconds, where the cursor is a time; otherwise a whole number of cursor units. */
  readonly step: number
}

/** What a run reads, pinned when it starts: small, the catalog itself stays with the revision. */
export interface SyncPlan {
  readonly source: string
  readonly revision: string
  readonly connector: string
  readonly connectorVersion: string
  readonly title: string
  readonly parallelism: number
  readonly streams: readonly StreamPlan[]
  /** The workspace whose profiles this source feeds: they are refreshed when rows came in. */
  readonly feedsProfilesOf?: string
}

export interface StreamPlan {
  readonly name: string
  readonly syncMode: 'full_refresh' | 'incremental'
  readonly destinationSyncMode: 'append' | 'overwrite' | 'append_dedup'
  /** False: read in one activity with hours of time. */
  readonly resumable: boolean
  /** How long an activity of this stream may be silent, milliseconds. @default what the policy says */
  readonly heartbeatMs?: number
  /** In a backfill: up to here its windows are done. */
  readonly backfilledTo?: string
}

export interface SyncStreamInput {
  readonly source: string
  readonly stream: string
  readonly revision: string
  readonly reason: SyncReason
  readonly plan: StreamPlan
  /** @default live */
  readonly lane?: string
  readonly window?: Window
  /** The backfill that the window is a part of. */
  readonly stretch?: BackfillStretch
  /** Start a new generation and make it current when complete. */
  readonly reset?: boolean
  /** What an earlier execution of this run has done already (continue-as-new). */
  readonly resumed?: StreamProgress
}

/** Where a stream stands within a run; also what survives continue-as-new. */
export interface StreamProgress {
  readonly position: StreamPosition
  /** The connector's newest state, as JSON text. */
  readonly state?: string
  /** The load that the workflow saw end and that the next activity accepts. */
  readonly pending?: LoadResult
  readonly slices: number
  readonly rows: number
  readonly bytes: number
  readonly rejects: number
  readonly startedAtMs: number
  readonly cursor?: string
}

/** A stream opened for a run: the ledger's coordinates. */
export interface StreamPosition {
  readonly lane: string
  /** Higher than that of every earlier run of this stream. Decimal text of an UInt64. */
  readonly epoch: string
  /** The newest valid sequence when the run began; acceptances of older epochs beyond it are void. */
  readonly base: number
  /** The newest sequence of this run. */
  readonly sequence: number
  readonly generation: number
  /** Target of folds (append_dedup). */
  readonly fold: number
  /** True while the generation that is written is not the one that people see. */
  readonly building: boolean
}

export interface LoadPlanInput {
  readonly source: string
  readonly revision?: string
  readonly streams?: readonly string[]
  /** Given for backfills: streams that cannot be read by window are left out. */
  readonly window?: Window
  /** Where its streams stand in this backfill is part of the plan. */
  readonly stretch?: BackfillStretch
}

export interface OpenStreamInput {
  readonly source: string
  readonly stream: string
  readonly revision: string
  readonly lane: string
  readonly reset: boolean
  readonly window?: Window
  readonly stretch?: BackfillStretch
}

export interface OpenedStream {
  readonly position: StreamPosition
  readonly state?: string
  readonly cursor?: string
}

export interface SyncSliceInput {
  readonly source: string
  readonly stream: string
  readonly revision: string
  readonly position: StreamPosition
  readonly state?: string
  /** The load that the workflow saw end: accepted first. */
  readonly previous?: LoadResult
  readonly window?: Window
  readonly stretch?: BackfillStretch
}

export interface SliceResult {
  /** Absent: nothing was read. */
  readonly load?: LoadResult
  /** True: the source said that the read is complete. */
  readonly done: boolean
  /** A rate limit: go on not before, epoch milliseconds. */
  readonly resumeAtMs?: number
  /** What the source says is still to come behind this slice; rough. */
  readonly remaining?: Remaining
  /** Why the slice ended early, for people. */
  readonly endedBy?: 'budget' | 'rate limit' | 'worker shutdown' | 'pause'
}

/** How much of a read is still to come, in what the source can estimate. */
export interface Remaining {
  readonly rows?: number
  readonly bytes?: number
}

export interface FinalizeStreamInput {
  readonly source: string
  readonly stream: string
  readonly revision: string
  readonly position: StreamPosition
  readonly state?: string
  readonly cursor?: string
  readonly previous?: LoadResult
  readonly window?: Window
  readonly stretch?: BackfillStretch
  /** The read is complete: publish the generation that was built, close a full read or a backfill window. */
  readonly complete: boolean
}

export interface RecordRunResult {
  /** Failed runs of this source in a row, this one included. */
  readonly failuresInARow: number
}

export interface PauseScheduleInput {
  readonly source: string
  readonly note: string
}

/** What one activity moved: counted in the warehouse, invisible until accepted. */
export interface LoadResult {
  /** Decimal text of an UInt64. */
  readonly loadId: string
  readonly sequence: number
  readonly rows: number
  readonly bytes: number
  readonly rejects: number
  /** The connector's state after this load, as JSON text. Absent: unchanged. */
  readonly state?: string
  /** The position as a person reads it. */
  readonly cursor?: string
  readonly cursorTime?: string
}

export interface StreamReport {
  readonly name: string
  readonly outcome: StreamOutcome
  readonly rows: number
  readonly bytes: number
  readonly rejects: number
  readonly seconds: number
  readonly cursor: string | null
  readonly slices: number
  readonly error?: ErrorReport
}

export interface ErrorReport {
  /** A failure type of the taxonomy, e.g. AuthExpired. */
  readonly type: string
  readonly message: string
}

/** The result of a run; stable keys, shown in the Temporal UI and returned by the CLI. */
export interface RunReport {
  readonly source: string
  readonly outcome: SyncOutcome
  readonly workflowId: string
  readonly runId: string
  readonly revision: string
  readonly reason: SyncReason
  readonly rows: number
  readonly bytes: number
  readonly rejects: number
  readonly seconds: number
  readonly streams: readonly StreamReport[]
  readonly error?: ErrorReport
}

/** Failure of a run in which at least one stream failed; details[0] is the RunReport. */
export const SYNC_FAILED = 'SyncFailed'

/** Where a run stands; the CLI draws live progress from it. */
export interface RunProgress {
  readonly source: string
  readonly reason?: SyncReason
  readonly startedAtMs: number
  readonly streams: readonly StreamState[]
}

export interface StreamState {
  readonly name: string
  readonly status: 'waiting' | 'running' | 'sleeping' | StreamOutcome
  readonly rows: number
  readonly bytes: number
  readonly rejects: number
  readonly slices: number
  readonly cursor?: string
  readonly remaining?: Remaining
  /** ISO 8601: when a rate limit ends. */
  readonly resumeAt?: string
  readonly error?: ErrorReport
}

export const progressQuery = defineQuery<RunProgress>('progress')
export const streamProgressQuery = defineQuery<StreamState>('streamProgress')

/**
 * Why a run was started, where its starter knows better than its input: a schedule that a person triggers starts what it
 * always starts. Sent at once after the start.
 */
export const requestedSignal = defineSignal<[{ readonly reason: SyncReason }]>('requested')

/** Ends one stream of a run at its next checkpoint; the others go on. Rejects an unknown or finished stream. */
export const skipStreamUpdate = defineUpdate<StreamState, [{ stream: string }]>('skipStream')
/** Changes how many streams of a run are read at once (1 to 64). */
export const setParallelismUpdate = defineUpdate<number, [{ parallelism: number }]>('setParallelism')
/** Child to parent: where a stream stands, so that a run's details show all its streams without polling. */
export const streamStateSignal = defineSignal<[StreamState]>('streamState')
