/** What crosses the boundary of the refresh of profiles and segments: ids, inputs, reports, its signal, update and query. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { ErrorReport, LoadResult, StreamPosition } from './contract.js'

/** One refresh per workspace at a time: the only writer of nodes, people, traits and memberships. */
export const profilesWorkflowId = (workspace: string): string => `profiles/${workspace}`
export const refreshScheduleId = (workspace: string): string => `refresh/${workspace}`

/** Failure of a refresh whose last round failed or left something out; details[0] is the {@link RefreshReport}. */
export const REFRESH_FAILED = 'RefreshFailed'

/** How long syncs that end one after another are waited for, so that one refresh serves them all. */
export const REFRESH_DELAY_MS = 10_000

export interface RefreshProfilesInput {
  readonly workspace: string
  /** How long to wait for more before a round that nobody waits for. */
  readonly delayMs: number
  /** What earlier executions have done (continue-as-new). */
  readonly resumed?: { readonly rounds: number }
}

export interface RequestRefreshInput {
  readonly workspace: string
}

/** What a round works on, pinned when it begins. */
export interface RefreshPlan {
  readonly revision: string
  readonly mappings: readonly string[]
  /** Mapped before, and no longer in the workspace. */
  readonly gone: readonly string[]
  readonly segments: number
  /** How long a step may be silent, milliseconds. @default what the policy says */
  readonly heartbeatMs?: number
}

export interface StepInput {
  readonly revision: string
  /** ISO 8601: the moment that the round is for; windows end here. */
  readonly now: string
  /** Look at everybody: what an audit found wrong is put right. @default false */
  readonly full?: boolean
}

export interface RefreshRequest {
  /** @default false: only people of whom something is new */
  readonly full?: boolean
}

export interface MappingStepInput extends StepInput {
  readonly mapping: string
}

/** A derived load that waits to be accepted; the same shape as profiles/steps/derived-load.ts has. */
export interface StagedStep {
  readonly stream: string
  readonly position: StreamPosition
  readonly publishes: boolean
  readonly load: LoadResult
}

/** What a step did; without `staged` there was nothing to do. */
export interface StepResult {
  readonly staged?: StagedStep
}

export interface IdentityStepResult extends StepResult {
  readonly identifiers: number
  readonly profiles: number
  readonly merged: number
  readonly split: number
  readonly conflicts: number
}

export interface SegmentLine {
  readonly segment: string
  readonly size: number
  readonly entered: number
  readonly left: number
  readonly seconds: number
  /** Why it keeps its last good members. */
  readonly error?: string
}

export interface SegmentsStepResult extends StepResult {
  /** Those that failed, then those that changed most; cut, all are in `cdp.segment_versions`. */
  readonly lines: readonly SegmentLine[]
  readonly segments: number
  readonly failed: number
  readonly entered: number
  readonly left: number
  /** People of whom anything is known. */
  readonly everyone: number
}

export interface AcceptStepInput {
  readonly revision: string
  readonly staged: StagedStep
}

export interface StepReport {
  readonly name: string
  readonly status: 'waiting' | 'running' | 'done' | 'nothing new' | 'failed'
  readonly rows: number
  readonly seconds: number
  readonly error?: ErrorReport
}

/** The result of a round; stable keys, shown in the Temporal UI and returned by the CLI. */
export interface RefreshReport {
  readonly outcome: 'succeeded' | 'partial' | 'failed' | 'cancelled'
  readonly workspace: string
  readonly workflowId: string
  readonly runId: string
  readonly revision: string
  /** ISO 8601: the moment that the round was for. */
  readonly now: string
  readonly seconds: number
  readonly profiles: number
  readonly identifiers: number
  readonly merged: number
  readonly split: number
  readonly conflicts: number
  readonly steps: readonly StepReport[]
  readonly segments: readonly SegmentLine[]
  readonly segmentsTotal: number
  readonly segmentsFailed: number
  /** The load that holds every segment's line; absent where segments were not evaluated. */
  readonly segmentsLoad?: string
  readonly error?: ErrorReport
}

export interface RefreshProgress {
  readonly workspace: string
  /** Rounds that have ended. */
  readonly rounds: number
  readonly waiting: boolean
  readonly steps: readonly StepReport[]
}

/** Something changed: refresh soon. Many of them within the delay make one round. */
export const markDirtySignal = defineSignal('markDirty')
/** Refresh now, from what is loaded at this moment; answers when that round has ended, however it ended. */
export const refreshUpdate = defineUpdate<RefreshReport, [RefreshRequest?]>('refresh')
export const refreshProgressQuery = defineQuery<RefreshProgress>('refreshProgress')
