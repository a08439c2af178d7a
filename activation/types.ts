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

export type Change = 'add' | 'change' | 'remove'

/**
 * The batch of plan records that are never sent: removes that a new whole implies, acknowledged when the object was finished.
 */
export const IMPLIED_BATCH = 4_294_967_294

/** The batch under which records are logged that were rejected when a plan was made. */
export const PLANNING_BATCH = 4_294_967_295
