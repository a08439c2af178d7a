/** A run as lists show it, of whatever kind. */
import type { RecordedKind } from '../warehouse/recorded-runs.js'
import type { ActivationOutcome } from '../workflows/activation-contract.js'
import type { SyncOutcome } from '../workflows/contract.js'

export type RunKind = RecordedKind | 'backfill' | 'reset'

export interface RunLine {
  readonly kind: RunKind
  readonly workflowId: string
  readonly runId: string
  /** Names the run among those of its workflow. */
  readonly run: string
  /** Id of the source or the activation; empty for refreshes. */
  readonly subject: string
  /** More of what it is about: the stream of a reset, the name of a backfill; otherwise empty. */
  readonly about: string
  readonly outcome: RunOutcome
  /** Why it was started; null where it does not say. */
  readonly reason: string | null
  /** ISO 8601. */
  readonly startedAt: string
  /** ISO 8601; null while it goes on. */
  readonly endedAt: string | null
  readonly seconds: number
  /** Counts by name: rows, bytes, rejects · profiles, merged, entered, left · adds, changes, removes. */
  readonly counts: Readonly<Record<string, number>>
  /** Why it failed, or the first part of it that did. */
  readonly error: string | null
  /** Where it is in the Temporal UI; null where that is not known. */
  readonly temporalUrl: string | null
}

export type RunOutcome = 'running' | 'waiting for approval' | SyncOutcome | ActivationOutcome
