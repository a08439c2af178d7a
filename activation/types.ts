/** What the parts of activations say to each other and to their callers: plain, JSON-safe, without records. */
import type { ObjectDefinition } from '@tributary/connector-sdk'
import type { ActivationFile } from '@tributary/schemas'
import type { Warehouse } from '../warehouse/client.js'

/** An object of a destination; what its config is nobody here asks. */
export type AnyObject = ObjectDefinition<unknown>

export interface PlanContext {
  readonly warehouse: Warehouse
  /** Ends the work; what was written counts for nothing then. */
  readonly signal: AbortSignal
  /** Called often, with what is done now. */
  progress(text: string): void
}

export interface PlanInput {
  /** Id of the activation. */
  readonly activation: string
  readonly definition: ActivationFile
  /** The segment's `name:`, or its id. */
  readonly segmentName: string
  /** What is written to; undefined: the destination has no such object any more. */
  readonly object: AnyObject | undefined
  readonly connector: string
  readonly revision: string
  /** Id of the run. */
  readonly run: string
  /** Mappings that say who consents and who is suppressed: where one failed, a withdrawal may not be known. @default none */
  readonly consentMappings?: readonly string[]
}

export interface UndoInput extends PlanInput {
  /** The run that is taken back. */
  readonly undoes: string
}

export interface PlanCounts {
  /** Members of the segment. */
  readonly members: number
  readonly adds: number
  readonly changes: number
  readonly removes: number
  /** As they were acknowledged: nothing to send. */
  readonly unchanged: number
  /** Cannot be sent: a required field is missing, a value is not valid. */
  readonly rejects: number
  /** Left out: no value to match by. */
  readonly unmatched: number
  /** Left out: no consent, or suppressed. */
  readonly withheld: number
  /** Left out: the holdout. */
  readonly heldOut: number
  /** Left out: another profile has the same match values. */
  readonly duplicates: number
}

export interface GuardReport {
  readonly name:
    | 'max_removes'
    | 'max_adds'
    | 'max_changes'
    | 'empty_segment'
    | 'failed_segment'
    | 'stale_consent'
    | 'schema_drift'
  readonly breached: boolean
  /** One sentence. */
  readonly message: string
  /** A breach that nobody may approve. @default false */
  readonly final?: boolean
}

/** A frozen plan; its records are in `cdp.activation_plan_records`. */
export interface PlanSummary {
  /** Names the plan; another attempt has another one. */
  readonly plan: string
  /** SHA-256 (hex) of what it would send, in order. */
  readonly hash: string
  readonly activation: string
  readonly revision: string
  readonly segment: string
  /** Of the segment's members; 0 where it was never evaluated. */
  readonly segmentVersion: number
  readonly destination: string
  readonly connector: string
  readonly object: string
  readonly mode: ActivationFile['mode']
  readonly counts: PlanCounts
  readonly guards: readonly GuardReport[]
  readonly onBreach: 'await_approval' | 'stop'
  /** How long an approval is waited for, milliseconds. */
  readonly approvalMs: number
  readonly batches: number
  readonly records: number
  /** Whether the object is to be finished after the last batch. */
  readonly finishes: boolean
  /** How long sending should take, seconds. */
  readonly estimatedSeconds: number
  /** The destination may see a batch twice after a crash. */
  readonly repeatable: boolean
  /** What an undo could do with this run. */
  readonly undo: 'inverse' | 'compensate' | 'none'
}

export type Change = 'add' | 'change' | 'remove'

/**
 * The batch of plan records that are never sent: removes that a new whole implies, acknowledged when the object was finished.
 */
export const IMPLIED_BATCH = 4_294_967_294

/** The batch under which records are logged that were rejected when a plan was made. */
export const PLANNING_BATCH = 4_294_967_295
