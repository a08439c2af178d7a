/**
 * Writes one batch until something can be noted of each of its records, or until it has to wait for long: for a job of the
 * vendor, for a rate limit, for records that are not taken now. Short waits happen here, long ones between slices.
 */
import { createHash } from 'node:crypto'
import {
  type Batch,
  ConnectorError,
  isConnectorError,
  type JsonObject,
  type RecordResult,
  sleep,
  type WriteResult,
} from '@tributary/connector-sdk'
import { type Answer, answerOf, REPEATED, refusal, WITHHELD, WITHHELD_LATE } from './answers.js'
import type { PlannedBatch, PlannedRecord } from './read-batches.js'
import type { BegunBatch, DeliverContext, DeliverInput, DeliverResult } from './types.js'

export interface BatchWork {
  readonly context: DeliverContext
  readonly input: DeliverInput
  readonly batch: PlannedBatch
  readonly begun: BegunBatch | undefined
  /** Counts from 1 where records of it were written and are to be written again. */
  readonly round: number
  /** Records of the batch that were noted before. */
  readonly noted: number
  /** An attempt before may have sent these very records. */
  readonly mayRepeat: boolean
  /** @throws where another attempt goes on with the plan; asked before anything is sent, and before an answer is believed */
  assertOurs(): Promise<void>
}

export interface BatchEnd {
  /** By ordinal: all records of the batch, unless it is suspended. */
  readonly answers: ReadonlyMap<number, Answer>
  readonly suspended?: Required<Pick<DeliverResult, 'resumeAtMs' | 'endedBy'>> & {
    readonly begun?: BegunBatch
  }
}

/** An answer did not come; what was answered before is to be noted all the same. */
export class BatchFailed extends Error {
  override readonly name = 'BatchFailed'
  constructor(
    override readonly cause: unknown,
    readonly answers: ReadonlyMap<number, Answer>,
  ) {
    super('writing a batch', { cause })
  }
}

/** Nobody is asked again at once, whatever they say. */
const LEAST_WAIT_MS = 200
/** Longer waits are durable ones, between slices. */
const SHORT_MS = 5_000
/** Records that are still not taken after so many times are rejected, and so tried again with the next run. */
const MAX_ROUNDS = 5
const FIRST_BACKOFF_MS = 500
/** Where a vendor does not say when to come again. */
const UNSAID_LIMIT_MS = 30_000
const MAX_JOB_BYTES = 2048
/** Vendors that answer by jobs take minutes, on bad days hours; what takes longer is stuck. */
const LONGEST_JOB_MS = 24 * 3_600_000

type Step =
  | { readonly is: 'answered'; readonly results: readonly RecordResult[] }
  | { readonly is: 'wait'; readonly ms: number; readonly for: 'job' | 'rate limit' }

/** @throws BatchFailed with what the connector threw */
export async function writeBatch(work: BatchWork): Promise<BatchEnd> {
  const answers = new Map<number, Answer>()
  try {
    return await new BatchWriter(work, answers).write()
  } catch (error) {
    throw new BatchFailed(error, answers)
  }
}

class BatchWriter {
  #pending: readonly PlannedRecord[]
  #job: JsonObject | undefined
  #jobSinceMs: number | undefined
  #round: number
  #putOff: number
  #wrote = false
  #repeated: boolean

  constructor(
    private readonly work: BatchWork,
    private readonly answers: Map<number, Answer>,
  ) {
    this.#job = work.begun?.job
    this.#jobSinceMs = work.begun?.jobSinceMs
    this.#round = work.round
    this.#putOff = work.begun?.putOff ?? 0
    this.#repeated = work.begun?.repeated ?? false
    this.#pending = work.batch.records
    // Who is in a vendor's job was sent already.
    if (this.#job === undefined) this.#leaveOutWithheld()
  }

  async write(): Promise<BatchEnd> {
    while (this.#pending.length > 0) {
      const step = await this.#step()
      const wait = step.is === 'wait' ? step : this.#settle(step.results)
      if (wait === undefined) continue
      const suspended = await this.#wait(wait)
      if (suspended) return { answers: this.answers, suspended }
    }
    return { answers: this.answers }
  }

  #leaveOutWithheld(): void {
    const { mayRepeat } = this.work
    for (const { ordinal } of this.#pending.filter(({ withheld }) => withheld)) {
      this.answers.set(ordinal, mayRepeat ? WITHHELD_LATE : WITHHELD)
    }
    this.#pending = this.#pending.filter(({ withheld }) => !withheld)
  }

  async #step(): Promise<Step> {
    const { context, input } = this.work
    await this.work.assertOurs()
    context.signal.throwIfAborted()
    let result: WriteResult
    try {
      result = await this.#call()
    } catch (error) {
      if (!isConnectorError(error) || error.kind !== 'RateLimited') throw error
      const ms = error.until === undefined ? UNSAID_LIMIT_MS : error.until - context.now()
      return { is: 'wait', ms: Math.max(LEAST_WAIT_MS, ms), for: 'rate limit' }
    }
    await this.work.assertOurs()
    if ('results' in result) {
      this.#job = undefined
      this.#jobSinceMs = undefined
      return { is: 'answered', results: this.#checked(result.results) }
    }
    if (Buffer.byteLength(JSON.stringify(result.job)) > MAX_JOB_BYTES) {
      throw contractViolation(input, 'the job is longer than 2 KB of JSON')
    }
    this.#job = result.job
    this.#jobSinceMs ??= context.now()
    this.#assertNotStuck()
    return { is: 'wait', ms: Math.max(LEAST_WAIT_MS, result.pollAfterMs), for: 'job' }
  }

  async #call(): Promise<WriteResult> {
    const { input, mayRepeat } = this.work
    if (this.#job !== undefined) {
      const { object } = input
      if (!object.poll) throw contractViolation(input, 'it answers with a job and cannot be asked after it')
      return object.poll(input.write, this.#batch(), this.#job)
    }
    // The first write may be one that an attempt before has sent; it cannot have come further.
    if (!this.#wrote) this.#repeated ||= mayRepeat && input.plan.repeatable
    this.#wrote = true
    return input.object.write(input.write, this.#batch())
  }

  /** @throws ConnectorError; the next attempt asks once more, since it may have ended meanwhile */
  #assertNotStuck(): void {
    const { context, input } = this.work
    const longestMs = input.object.longestJobMs ?? LONGEST_JOB_MS
    if (context.now() - this.#jobSinceMs! <= longestMs) return
    const { activation, destination, connector } = input.plan
    throw new ConnectorError(
      'SourceUnavailable',
      `delivering ${activation}: a job of ${destination} (${connector}) has not ended for ${hours(longestMs)}; look for it there. The next run sends its records again`,
    )
  }

  #checked(results: readonly RecordResult[]): readonly RecordResult[] {
    if (results.length === this.#pending.length) return results
    throw contractViolation(
      this.work.input,
      `${this.#pending.length} records were written and ${results.length} answered`,
    )
  }

  /** Takes the answers; resolves to how long to wait where records are to be written again. */
  #settle(results: readonly RecordResult[]): Extract<Step, { is: 'wait' }> | undefined {
    const again: PlannedRecord[] = []
    let ms = FIRST_BACKOFF_MS * 2 ** this.#round
    for (const [index, planned] of this.#pending.entries()) {
      const result = results[index]!
      if (result.status === 'retry' && this.#round < MAX_ROUNDS) {
        again.push(planned)
        ms = Math.max(ms, result.afterMs ?? 0)
      } else {
        const answer = result.status === 'retry' ? refusal(result) : answerOf(result, this.#repeated)
        this.answers.set(planned.ordinal, answer)
      }
    }
    this.#putOff = again.length === this.#pending.length ? this.#putOff + 1 : 0
    this.#pending = again
    this.#round += 1
    return again.length === 0 ? undefined : { is: 'wait', ms, for: 'rate limit' }
  }

  /** Waits here where that is short; otherwise says how to go on later. */
  async #wait(step: Extract<Step, { is: 'wait' }>): Promise<BatchEnd['suspended']> {
    const { context, batch } = this.work
    const ended = context.endRequested()
    if (step.ms <= SHORT_MS && ended === undefined) {
      await (context.sleep ?? sleep)(step.ms, context.signal)
      return undefined
    }
    const repeated = this.#repeated && ![...this.answers.values()].includes(REPEATED)
    const begun = {
      batch: batch.index,
      round: this.#round,
      putOff: this.#putOff,
      noted: this.work.noted + this.answers.size,
      ...(repeated && { repeated }),
      ...(this.#job !== undefined && { job: this.#job, jobSinceMs: this.#jobSinceMs! }),
    }
    return {
      resumeAtMs: context.now() + step.ms,
      endedBy: ended ?? step.for,
      ...((this.#round > 0 || this.#job !== undefined || repeated) && { begun }),
    }
  }

  #batch(): Batch {
    const { batch } = this.work
    return {
      operation: batch.operation,
      records: this.#pending.map(({ record }) => record),
      index: batch.index,
      idempotencyKey: this.#idempotencyKey(),
    }
  }

  /**
   * What is written again is a batch of its own, or a destination that knows keys again would take it for the one that it has
   * answered. It is named by what is in it and how often that was put off: the same whichever attempt sends it, also one that
   * knows no more than what was noted.
   */
  #idempotencyKey(): string {
    const { input, batch } = this.work
    const key = `${input.plan.plan}-${batch.index}`
    if (this.#round === 0) return key
    const ordinals = this.#pending.map(({ ordinal }) => ordinal).join(',')
    return `${key}-${createHash('sha256').update(ordinals).digest('hex').slice(0, 8)}-${this.#putOff}`
  }
}

function hours(ms: number): string {
  const count = Math.round(ms / 3_600_000)
  return count === 1 ? 'an hour' : count > 1 ? `${count} hours` : `${Math.round(ms / 1000)} s`
}

function contractViolation({ plan }: DeliverInput, what: string): ConnectorError {
  return new ConnectorError(
    'ContractViolation',
    `delivering ${plan.activation}: ${what}; report it to the author of ${plan.connector}`,
  )
}
