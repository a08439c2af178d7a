/** What a plan says of itself. */
import { type GuardReport, type PlanCounts, type PlanSummary, parseDuration } from '@tributary/schemas'
import type { AnyObject, PlanInput } from '../types.js'
import type { Frozen } from './freeze.js'
import { planOfMode } from './modes.js'

const DEFAULT_APPROVAL = '3d'
const DEFAULT_EXPECTED_MS = 200

export const NO_COUNTS: PlanCounts = {
  members: 0,
  adds: 0,
  changes: 0,
  removes: 0,
  unchanged: 0,
  rejects: 0,
  unmatched: 0,
  withheld: 0,
  heldOut: 0,
  duplicates: 0,
}

export interface MadePlan {
  readonly plan: string
  readonly segmentVersion: number
  readonly counts: PlanCounts
  readonly frozen: Frozen
  readonly guards: readonly GuardReport[]
}

export function summaryOf(
  { activation, definition, object, connector, revision }: PlanInput,
  { plan, segmentVersion, counts, frozen, guards }: MadePlan,
): PlanSummary {
  const { on_breach: onBreach = 'await_approval', approval_expires: expires = DEFAULT_APPROVAL } =
    definition.guards ?? {}
  return {
    plan,
    hash: frozen.hash,
    activation,
    revision,
    segment: definition.segment,
    segmentVersion,
    destination: definition.destination,
    connector,
    object: definition.object,
    mode: definition.mode,
    counts,
    guards: [...guards],
    onBreach,
    approvalMs: parseDuration(expires),
    batches: frozen.batches,
    records: frozen.records,
    finishes: object !== undefined && isFinished(definition.mode, object, frozen.batches),
    estimatedSeconds: Math.ceil((frozen.batches * (object?.batch.expectedMs ?? DEFAULT_EXPECTED_MS)) / 1000),
    repeatable: object?.idempotency === 'none',
    undo: undoOf(definition.mode, object),
  }
}

/** A new whole is put in place also where it is empty. */
const isFinished = (mode: PlanInput['definition']['mode'], object: AnyObject, batches: number): boolean =>
  object.finish !== undefined && (batches > 0 || planOfMode(mode, object.operations).operation === 'replace')

/** Events are only taken back by events, whatever else the object could undo. */
function undoOf(mode: PlanSummary['mode'], object: AnyObject | undefined): PlanSummary['undo'] {
  if (object === undefined || object.undo === 'none') return 'none'
  return mode === 'append' ? 'compensate' : 'inverse'
}
