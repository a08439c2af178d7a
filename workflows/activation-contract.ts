/**
 * What crosses the boundary of activations, segments that leave for a destination: ids, inputs, reports, their updates and
 * query. Records and values never pass through here; a run carries counts and the name of its frozen plan.
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { GuardReport, PlanSummary } from '@tributary/schemas'
import type { ErrorReport } from './contract.js'

/** One run of an activation at a time, whoever asks. */
export const activationWorkflowId = (activation: string): string => `activate/${activation}`
export const activationScheduleId = (activation: string): string => `activate/${activation}`

/** Failure of a run that did not reach its end; details[0] is the {@link ActivationReport}. */
export const ACTIVATION_FAILED = 'ActivationFailed'

export type ActivationReason = 'manual' | 'schedule' | 'after_refresh' | 'undo'

export interface ActivateSegmentInput {
  readonly activation: string
  readonly reason: ActivationReason
  /** @default the newest published revision when the run starts */
  readonly revision?: string
  /** Ends when the plan is frozen: nothing is sent. @default false */
  readonly planOnly?: boolean
  /** The run that is taken back. */
  readonly undoes?: string
  /** Who asked, for the record. */
  readonly author?: string
  /** What earlier executions of this run have done (continue-as-new). */
  readonly resumed?: ResumedActivation
}

export interface ResumedActivation {
  readonly plan: PlanSummary
  readonly progress: DeliveryProgress
  readonly startedAtMs: number
  readonly approval?: Approval
  /** Another run is to follow, for this reason. */
  readonly again?: ActivationReason
}

export interface RequestActivationInput {
  readonly activation: string
  readonly reason: ActivationReason
  /** Begin when this execution, which is about to end, has ended. */
  readonly after?: string
}

export interface HoldActivationInput {
  readonly activation: string
  readonly reason: string
  readonly author: string
}

export interface StagePlanInput {
  readonly activation: string
  readonly run: string
  readonly reason: ActivationReason
  readonly revision?: string
  readonly undoes?: string
}

export type StagePlanResult =
  | { readonly plan: PlanSummary }
  /** Nothing is to be done now, and why: the activation is paused. */
  | { readonly skipped: string }

/** Where sending stands; also what survives continue-as-new. */
export interface DeliveryProgress {
  /** Batches that have ended. */
  readonly batches: number
  readonly acknowledged: number
  readonly rejected: number
  /** Consent was withdrawn since the plan. */
  readonly withheld: number
  /** Batches that may have arrived twice at a destination that does not know them again. */
  readonly repeated: number
  /** A vendor's job that works on the batch after those. */
  readonly job?: string
}

export interface DeliverBatchesInput {
  readonly run: string
  readonly plan: PlanSummary
  readonly progress: DeliveryProgress
}

export interface DeliverBatchesResult {
  readonly progress: DeliveryProgress
  readonly done: boolean
  /** A rate limit or a job: go on not before, epoch milliseconds. */
  readonly resumeAtMs?: number
  readonly endedBy?: 'budget' | 'rate limit' | 'job' | 'worker shutdown' | 'pause'
}

export interface FinishActivationInput {
  readonly run: string
  readonly plan: PlanSummary
}

/** Of a run that was cancelled or failed while it was sending. */
export type ClosePlanInput = FinishActivationInput

export const ActivationOutcome = {
  /** Everything was acknowledged, or there was nothing to send. */
  succeeded: 'succeeded',
  /** Sent, and some records were rejected. */
  partial: 'partial',
  failed: 'failed',
  cancelled: 'cancelled',
  /** A plan was asked for, and is frozen. */
  planned: 'planned',
  /** A guard stopped it. */
  stopped: 'stopped',
  /** Somebody refused the plan. */
  refused: 'refused',
  /** Nobody approved in time. */
  expired: 'expired',
  /** The activation is paused. */
  skipped: 'skipped',
} as const
export type ActivationOutcome = (typeof ActivationOutcome)[keyof typeof ActivationOutcome]

/** The result of a run; stable keys, shown in the Temporal UI and returned by the CLI. */
export interface ActivationReport {
  readonly run: string
  readonly workflowId: string
  readonly activation: string
  readonly reason: ActivationReason
  readonly undoes?: string
  readonly outcome: ActivationOutcome
  readonly adds: number
  readonly changes: number
  readonly removes: number
  /** Records that were not taken, when planned or when sent. */
  readonly rejects: number
  readonly acknowledged: number
  readonly withheld: number
  readonly repeated: number
  readonly guards: readonly GuardReport[]
  readonly plan?: PlanSummary
  readonly approval?: {
    readonly by: string
    readonly at: string
    readonly approved: boolean
    readonly note?: string
  }
  readonly seconds: number
  /** ISO 8601. */
  readonly startedAt: string
  readonly error?: ErrorReport
}

/** What somebody said of a plan that waited. */
export interface Approval {
  readonly by: string
  /** ISO 8601. */
  readonly at: string
  readonly approved: boolean
  readonly note?: string
}

export interface ActivationProgress {
  readonly activation: string
  readonly phase: 'planning' | 'waiting for approval' | 'sending' | 'sleeping' | 'finishing' | 'ended'
  readonly plan?: PlanSummary
  readonly progress: DeliveryProgress
  /** ISO 8601: when a rate limit, a job's pause or an approval ends. */
  readonly until?: string
}

export interface ApprovalRequest {
  /** The plan's hash, as it was shown. */
  readonly hash: string
  readonly approved: boolean
  readonly by: string
  readonly note?: string
}

/** Approves or refuses the plan that waits. Rejected where none waits, or its hash is another one. */
export const approvalUpdate = defineUpdate<ActivationProgress, [ApprovalRequest]>('approval')
/** Segments changed while a run goes on: another one begins after it. */
export const againSignal = defineSignal<[{ readonly reason: ActivationReason }]>('again')
export const activationProgressQuery = defineQuery<ActivationProgress>('activationProgress')
