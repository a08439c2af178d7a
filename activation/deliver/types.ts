/** What delivering a frozen plan takes and gives. */

import type { JsonObject, WriteContext } from '@tributary/connector-sdk'
import type { PlanSummary } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import type { AnyObject } from '../types.js'

export interface DeliverContext {
  readonly warehouse: Warehouse
  /** Aborts when the attempt is given up: nothing more is sent. What was sent by then is still noted. */
  readonly signal: AbortSignal
  /** Called after every batch, and at least every second: says that this attempt lives, and where it stands. */
  progress(progress: DeliveryProgress): void
  /** Asked between batches: why to end here, if it is to. */
  endRequested(): 'budget' | 'worker shutdown' | 'pause' | undefined
  /** Epoch milliseconds. */
  now(): number
  /** From 1. */
  readonly attempt: number
  /** Waits, or rejects as soon as the signal aborts; tests have a clock of their own. @default timers */
  sleep?(ms: number, signal: AbortSignal): Promise<void>
}

export interface DeliverInput {
  readonly run: string
  readonly plan: PlanSummary & {
    /** How long this attempt may be silent before another one begins, milliseconds. @default 60000 */
    readonly heartbeatMs?: number
  }
  /** As the slice before returned it; every attempt at a slice is given the same. */
  readonly progress: DeliveryProgress
  /** `targetOf` of the activation as it was planned. */
  readonly target: string
  /** `consent:` of the activation as it was planned. */
  readonly consent: readonly string[]
  readonly object: AnyObject
  /** What the connector's calls are given. */
  readonly write: WriteContext<unknown>
}

/** Where sending stands. JSON-safe. */
export interface DeliveryProgress {
  /** Batches that have ended. */
  readonly batches: number
  readonly acknowledged: number
  readonly rejected: number
  /** Consent was withdrawn since the plan. */
  readonly withheld: number
  /** Batches that may have arrived twice at a destination that does not know them again. */
  readonly repeated: number
  /** What was begun with the batch after those: a vendor's job, or records that are to be written again. */
  readonly job?: string
}

export interface DeliverResult {
  readonly progress: DeliveryProgress
  readonly done: boolean
  /** Go on not before, epoch milliseconds. */
  readonly resumeAtMs?: number
  /** `rate limit`: also where records are to be written again later. */
  readonly endedBy?: 'budget' | 'rate limit' | 'job' | 'worker shutdown' | 'pause'
}

export interface FinishContext {
  readonly warehouse: Warehouse
  readonly signal: AbortSignal
}

export interface FinishInput {
  readonly run: string
  readonly plan: PlanSummary
  /** `targetOf` of the activation as it was planned. */
  readonly target: string
  readonly object: AnyObject
  readonly write: WriteContext<unknown>
}

/** What stands in {@link DeliveryProgress.job}. */
export interface BegunBatch {
  readonly batch: number
  /** How often records of it were written that are to be written again; 0: it was written once, and a job works on it. */
  readonly round: number
  /** How often the records that are left were put off all together. */
  readonly putOff: number
  /** Records of it that were noted by then: where more are, it is of the past. */
  readonly noted: number
  readonly job?: JsonObject
  /** When the first job of the batch began, epoch milliseconds. */
  readonly jobSinceMs?: number
  /** It was written by an attempt that followed one without an answer, which is not noted yet. */
  readonly repeated?: boolean
}
