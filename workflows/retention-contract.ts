/** What crosses the boundary of the removal of old data: lengths, counts, the report. JSON-safe, additive only. */
import { parseDuration } from '@tributary/schemas'
import type { ErrorReport } from './contract.js'

/** Also the id of the workflow that the schedule starts; the server appends the time. */
export const retentionScheduleId = (workspace: string): string => `retention/${workspace}`

/** Failure of a run of which something failed; details[0] is the {@link RetentionReport}. */
export const RETENTION_FAILED = 'RetentionFailed'

/** What can have a length, in the order in which it goes. */
export const RETAINED = ['raw', 'rejects', 'audit'] as const
export type Retained = (typeof RETAINED)[number]

/** How long by kind, as in tributary.yaml (`2y`); absent: for ever. */
export type RetentionLengths = Readonly<Partial<Record<Retained, string>>>

/** Rejects go after this where the file says nothing. */
const DEFAULT_REJECTS = '90d'

/** What holds where a workspace's file says this. */
export const lengthsInForce = (written: RetentionLengths | undefined): RetentionLengths => ({
  rejects: DEFAULT_REJECTS,
  ...written,
})

/** ISO 8601: what is older than a length at this moment; no length reaches back beyond 1970. */
export const momentBefore = (length: string, nowMs: number): string =>
  new Date(Math.max(0, nowMs - parseDuration(length))).toISOString()

export interface ApplyRetentionInput {
  readonly workspace: string
}

/** What a run works on, pinned when it begins. */
export interface RetentionPlan {
  readonly revision: string
  readonly lengths: RetentionLengths
  /** Facts of people come from rows: they are refreshed when some go. */
  readonly feedsProfiles: boolean
  /** How long an activity may be silent, milliseconds. @default what the policy says */
  readonly heartbeatMs?: number
}

export interface RemoveOldInput {
  readonly revision: string
  readonly kind: Retained
  /** ISO 8601: older is removed. */
  readonly before: string
}

export interface RemovedStream {
  /** `source.stream` */
  readonly name: string
  readonly rows: number
  readonly bytes: number
  /** Why nothing of it went. */
  readonly error?: string
}

/** What went of one kind, or would go. */
export interface Removed {
  readonly rows: number
  /** On disk, rough. */
  readonly bytes: number
  /** Streams of which rows went or that failed: these, and the most rows. Empty where the kind has none. */
  readonly streams: readonly RemovedStream[]
  /** How many there were in all. */
  readonly streamsInAll: number
}

export interface RemovedKind extends Removed {
  readonly kind: Retained
  /** As in tributary.yaml. */
  readonly length: string
  /** ISO 8601. */
  readonly before: string
  readonly error?: ErrorReport
}

/** The result of a run; stable keys. */
export interface RetentionReport {
  readonly workspace: string
  readonly workflowId: string
  readonly runId: string
  readonly revision: string
  readonly outcome: 'succeeded' | 'partial' | 'failed'
  /** ISO 8601: the moment from which lengths are counted back. */
  readonly now: string
  readonly rows: number
  readonly bytes: number
  readonly seconds: number
  readonly kinds: readonly RemovedKind[]
  readonly error?: ErrorReport
}
