/** One run of an activation as it goes: its phase, plan, progress, approval, and the report of it. Plain state, no Temporal. */
import type { GuardReport, PlanSummary } from '@tributary/schemas'
import type {
  ActivateSegmentInput,
  ActivationOutcome,
  ActivationProgress,
  ActivationReason,
  ActivationReport,
  Approval,
  ApprovalRequest,
  DeliverBatchesResult,
  DeliveryProgress,
  ResumedActivation,
} from './activation-contract.js'
import type { ErrorReport } from './contract.js'

const NOTHING_SENT: DeliveryProgress = {
  batches: 0,
  acknowledged: 0,
  rejected: 0,
  withheld: 0,
  repeated: 0,
}

const CUT_SHORT: ReadonlySet<ActivationOutcome> = new Set(['failed', 'cancelled'])

export class ActivationRun {
  readonly startedAtMs: number
  #phase: ActivationProgress['phase'] = 'planning'
  #plan: PlanSummary | undefined
  #progress: DeliveryProgress
  #approval: Approval | undefined
  #until: string | undefined
  #outcome: ActivationOutcome | undefined
  #error: ErrorReport | undefined
  #again: ActivationReason | undefined
  #sends: boolean

  constructor(
    readonly input: ActivateSegmentInput,
    nowMs: number,
  ) {
    const { resumed } = input
    this.startedAtMs = resumed?.startedAtMs ?? nowMs
    this.#plan = resumed?.plan
    this.#progress = resumed?.progress ?? NOTHING_SENT
    this.#approval = resumed?.approval
    this.#again = resumed?.again
    this.#sends = resumed !== undefined
  }

  /** Why another run is to follow; undefined where none is. */
  get again(): ActivationReason | undefined {
    return this.#again
  }

  askAgain(reason: ActivationReason): void {
    this.#again = reason
  }

  get approval(): Approval | undefined {
    return this.#approval
  }

  planned(plan: PlanSummary): void {
    this.#plan = plan
  }

  awaitApproval(until: string): void {
    this.#phase = 'waiting for approval'
    this.#until = until
  }

  /** Why the request cannot be taken; undefined where it can. */
  refusalOf({ hash }: ApprovalRequest): string | undefined {
    if (this.#phase !== 'waiting for approval' || this.#approval !== undefined) {
      return `approving ${this.input.activation}: no plan waits for an approval`
    }
    if (hash === this.#plan?.hash) return undefined
    return `approving ${this.input.activation}: the plan that waits is ${this.#plan?.hash.slice(0, 12)}, not ${hash.slice(0, 12)}; look at it again`
  }

  decide({ approved, by, note }: ApprovalRequest, nowMs: number): void {
    this.#approval = {
      approved,
      by,
      at: new Date(nowMs).toISOString(),
      ...(note !== undefined && { note }),
    }
  }

  send(): void {
    this.#sends = true
    this.#phase = 'sending'
    this.#until = undefined
  }

  advance({ progress }: DeliverBatchesResult): void {
    this.#progress = progress
  }

  /** The plan of a run that ended while it was sending: of its last slice nothing is known here. */
  get cutShort(): PlanSummary | undefined {
    return this.#sends && this.#outcome !== undefined && CUT_SHORT.has(this.#outcome) ? this.#plan : undefined
  }

  sleep(until: string): void {
    this.#phase = 'sleeping'
    this.#until = until
  }

  finish(): void {
    this.#phase = 'finishing'
    this.#until = undefined
  }

  end(outcome: ActivationOutcome, error?: ErrorReport): void {
    this.#phase = 'ended'
    this.#until = undefined
    this.#outcome = outcome
    this.#error = error
  }

  /** What sending has come to, where it reached its end. */
  sentOutcome(): ActivationOutcome {
    return rejectsOf(this.#plan, this.#progress) > 0 ? 'partial' : 'succeeded'
  }

  progress(): ActivationProgress {
    return {
      activation: this.input.activation,
      phase: this.#phase,
      progress: this.#progress,
      ...(this.#plan && { plan: this.#plan }),
      ...(this.#until !== undefined && { until: this.#until }),
    }
  }

  /** For the execution that goes on. Only while it sends. */
  resumed(): ResumedActivation {
    return {
      plan: this.#plan!,
      progress: this.#progress,
      startedAtMs: this.startedAtMs,
      ...(this.#approval && { approval: this.#approval }),
      ...(this.#again !== undefined && { again: this.#again }),
    }
  }

  report({ run, workflowId }: { readonly run: string; readonly workflowId: string }, nowMs: number) {
    const { activation, reason, undoes } = this.input
    const { adds = 0, changes = 0, removes = 0 } = this.#plan?.counts ?? {}
    const { acknowledged, withheld, repeated } = this.#progress
    return {
      run,
      workflowId,
      activation,
      reason,
      ...(undoes !== undefined && { undoes }),
      outcome: this.#outcome ?? 'failed',
      adds,
      changes,
      removes,
      rejects: rejectsOf(this.#plan, this.#progress),
      acknowledged,
      withheld: withheld + (this.#plan?.counts.withheld ?? 0),
      repeated,
      guards: this.#plan?.guards ?? [],
      ...(this.#plan && { plan: this.#plan }),
      ...(this.#approval && { approval: this.#approval }),
      seconds: (nowMs - this.startedAtMs) / 1000,
      startedAt: new Date(this.startedAtMs).toISOString(),
      ...(this.#error && { error: this.#error }),
    } satisfies ActivationReport
  }
}

/** The guards that a plan is beyond. */
export const breachesOf = ({ guards }: PlanSummary): readonly GuardReport[] =>
  guards.filter(({ breached }) => breached)

const rejectsOf = (plan: PlanSummary | undefined, { rejected }: DeliveryProgress): number =>
  rejected + (plan?.counts.rejects ?? 0)
