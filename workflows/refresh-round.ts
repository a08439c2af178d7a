/** One round of a refresh as it goes: which steps, how they ended, and the report of it. Plain state, no Temporal. */
import type { ErrorReport } from './contract.js'
import type {
  IdentityStepResult,
  RefreshPlan,
  RefreshReport,
  SegmentsStepResult,
  StepReport,
  StepResult,
} from './refresh-contract.js'

interface Step {
  readonly name: string
  status: StepReport['status']
  rows: number
  startedAtMs: number
  seconds: number
  error?: ErrorReport
}

const AFTER_MAPPINGS = ['identity', 'traits', 'segments'] as const

export class RefreshRound {
  #revision = ''
  #steps: Step[] = []
  #identity: IdentityStepResult | undefined
  #segments: SegmentsStepResult | undefined
  #error: ErrorReport | undefined

  constructor(
    readonly workspace: string,
    readonly startedAtMs: number,
    /** Everybody is looked at, whatever is new. */
    readonly full = false,
  ) {}

  /** ISO 8601. */
  get now(): string {
    return new Date(this.startedAtMs).toISOString()
  }

  begin(plan: RefreshPlan): void {
    this.#revision = plan.revision
    const names = [...plan.mappings, ...plan.gone].map((mapping) => `mapping ${mapping}`)
    this.#steps = [...names, ...AFTER_MAPPINGS].map((name) => ({
      name,
      status: 'waiting',
      rows: 0,
      startedAtMs: 0,
      seconds: 0,
    }))
  }

  start(name: string, nowMs: number): void {
    const step = this.#step(name)
    step.status = 'running'
    step.startedAtMs = nowMs
  }

  end(name: string, result: StepResult, nowMs: number): void {
    const step = this.#step(name)
    step.status = result.staged ? 'done' : 'nothing new'
    step.rows = result.staged?.load.rows ?? 0
    step.seconds = (nowMs - step.startedAtMs) / 1000
  }

  endFailed(name: string, error: ErrorReport, nowMs: number): void {
    const step = this.#step(name)
    step.status = 'failed'
    step.seconds = (nowMs - step.startedAtMs) / 1000
    step.error = error
  }

  resolved(result: IdentityStepResult): void {
    this.#identity = result
  }

  evaluated(result: SegmentsStepResult): void {
    this.#segments = result
  }

  /** The round cannot go on. */
  fail(error: ErrorReport, nowMs: number): void {
    this.#error = error
    const running = this.#steps.find(({ status }) => status === 'running')
    if (running) this.endFailed(running.name, error, nowMs)
  }

  steps(): readonly StepReport[] {
    return this.#steps.map(({ name, status, rows, seconds, error }) => ({
      name,
      status,
      rows,
      seconds,
      ...(error && { error }),
    }))
  }

  report(
    run: { readonly workflowId: string; readonly runId: string },
    cancelled: boolean,
    nowMs: number,
  ): RefreshReport {
    const failedSteps = this.#steps.filter(({ status }) => status === 'failed')
    const segmentsFailed = this.#segments?.failed ?? 0
    const error = this.#error ?? failedSteps[0]?.error
    const whole = failedSteps.length === 0 && segmentsFailed === 0
    return {
      outcome: cancelled ? 'cancelled' : this.#error ? 'failed' : whole ? 'succeeded' : 'partial',
      workspace: this.workspace,
      ...run,
      revision: this.#revision,
      now: this.now,
      seconds: (nowMs - this.startedAtMs) / 1000,
      profiles: this.#segments?.everyone ?? this.#identity?.profiles ?? 0,
      identifiers: this.#identity?.identifiers ?? 0,
      merged: this.#identity?.merged ?? 0,
      split: this.#identity?.split ?? 0,
      conflicts: this.#identity?.conflicts ?? 0,
      steps: this.steps(),
      segments: this.#segments?.lines ?? [],
      segmentsTotal: this.#segments?.segments ?? 0,
      segmentsFailed,
      ...(this.#segments?.staged && { segmentsLoad: this.#segments.staged.load.loadId }),
      ...(error && { error }),
    }
  }

  #step(name: string): Step {
    const step = this.#steps.find((step) => step.name === name)
    if (!step) throw new Error(`a refresh has no step ${name}`)
    return step
  }
}
