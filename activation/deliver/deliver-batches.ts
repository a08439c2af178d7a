/**
 * Sends a frozen plan: one batch at a time is written, its answers are noted durably, the next one follows. Whatever ends an
 * attempt, the next begins after the last batch that was noted: at most one batch is written twice.
 */
import { sleep } from '@tributary/connector-sdk'
import { selectRow } from '../../warehouse/query.js'
import { type Answer, countedAs, REPEATED } from './answers.js'
import { noteBatch } from './note-batch.js'
import { type Position, readPosition } from './position.js'
import { Pulse } from './pulse.js'
import { askWithheld, type PlannedBatch, type Reading, readBatches } from './read-batches.js'
import type { BegunBatch, DeliverContext, DeliverInput, DeliverResult, DeliveryProgress } from './types.js'
import { type BatchEnd, BatchFailed, writeBatch } from './write-batch.js'

/** Another attempt goes on with the plan. */
export class Superseded extends Error {
  override readonly name = 'Superseded'
}

/** @default of `heartbeatMs` */
const HEARTBEAT_MS = 60_000
/** Who may be sent is asked when a page is read; of a batch that waited longer, again. */
const FRESH_MS = 10_000

/**
 * Sends until the plan has ended, something has to be waited for, or an end is requested. May be called again with the same
 * input, whenever and however it ended before.
 * @throws ConnectorError where nothing can be said of single records; what was answered before is noted
 * @throws PlanGone where the plan's records are not there any more
 * @throws the reason of the signal
 */
export async function deliverBatches(context: DeliverContext, input: DeliverInput): Promise<DeliverResult> {
  const position = await readPosition(context, input)
  let progress = position.totals
  const pulse = new Pulse({
    heartbeatMs: input.plan.heartbeatMs ?? HEARTBEAT_MS,
    signal: context.signal,
    now: () => context.now(),
    sleep: context.sleep ?? sleep,
    beat: () => context.progress(progress),
  })
  const reading: Reading = { ...context, input, now: () => context.now() }
  try {
    for await (const batch of readBatches(reading, position)) {
      const endedBy = context.endRequested()
      if (endedBy) return { progress: { ...progress, ...jobOf(position, batch) }, done: false, endedBy }
      const end = await deliverBatch({ context, input, position, reading, pulse }, batch)
      progress = added(progress, end)
      if (end.suspended) {
        const { begun, ...ended } = end.suspended
        return { progress: { ...progress, ...jobText(begun) }, done: false, ...ended }
      }
      context.progress(progress)
    }
    return { progress, done: true }
  } finally {
    pulse.stop()
  }
}

interface Delivery {
  readonly context: DeliverContext
  readonly input: DeliverInput
  readonly position: Position
  readonly reading: Reading
  readonly pulse: Pulse
}

/** Writes a batch and notes all that is known of it, also where it fails. */
async function deliverBatch(delivery: Delivery, read: PlannedBatch): Promise<BatchEnd> {
  const { context, input, position, reading } = delivery
  const isFirst = read.index === position.batch
  const batch = await freshBatch(reading, read)
  const note = (answers: ReadonlyMap<number, Answer>) =>
    noteBatch(context, {
      plan: input.plan.plan,
      version: position.version,
      run: input.run,
      batch: batch.index,
      answers,
      whole: !batch.remainder && answers.size === batch.records.length,
    })
  try {
    const end = await writeBatch({
      context,
      input,
      batch,
      begun: isFirst ? position.begun : undefined,
      round: isFirst ? (position.begun?.round ?? (position.answered ? 1 : 0)) : 0,
      noted: isFirst ? position.notedOfBatch : 0,
      mayRepeat: isFirst && context.attempt > 1,
      assertOurs: () => assertOurs(delivery, batch),
    })
    await note(end.answers)
    return end
  } catch (error) {
    if (!(error instanceof BatchFailed)) throw error
    if (!(error.cause instanceof Superseded)) await note(error.answers)
    throw error.cause
  }
}

async function freshBatch(reading: Reading, batch: PlannedBatch): Promise<PlannedBatch> {
  if (reading.now() - batch.askedAt <= FRESH_MS) return batch
  const withheld = await askWithheld(reading, batch.index)
  const records = batch.records.map((planned) => ({ ...planned, withheld: withheld.has(planned.ordinal) }))
  return { ...batch, records }
}

/** An attempt that stood still may have been given up: what another one has noted meanwhile tells. */
async function assertOurs({ context, input, position, pulse }: Delivery, batch: PlannedBatch): Promise<void> {
  if (!(await pulse.stoodStill())) return
  const { activation, plan } = input.plan
  const noted = await selectRow<{ rows: string }>(
    context.warehouse,
    `SELECT uniqExact(key) AS rows FROM cdp.activation_log
     WHERE activation = {activation:String} AND target = {target:String} AND version = {version:UInt64}
       AND plan = {plan:String} AND batch >= {batch:UInt32} AND batch < {batches:UInt32}`,
    {
      activation,
      target: input.target,
      version: position.version,
      plan,
      batch: batch.index,
      batches: input.plan.batches,
    },
  )
  const ours = batch.index === position.batch ? position.notedOfBatch : 0
  if (Number(noted!.rows) > ours) {
    throw new Superseded(`delivering ${activation}: another attempt goes on with plan ${plan}; nothing to do`)
  }
}

function added(before: DeliveryProgress, { answers, suspended }: BatchEnd): DeliveryProgress {
  const sums = { ...before, batches: before.batches + (suspended ? 0 : 1) }
  for (const answer of answers.values()) sums[countedAs(answer)] += 1
  if ([...answers.values()].includes(REPEATED)) sums.repeated += 1
  return sums
}

/** What was begun with a batch is still begun where the slice ends before it. */
function jobOf({ batch, begun }: Position, { index }: PlannedBatch): Pick<DeliveryProgress, 'job'> {
  return index === batch ? jobText(begun) : {}
}

function jobText(begun: BegunBatch | undefined): Pick<DeliveryProgress, 'job'> {
  return begun ? { job: JSON.stringify(begun) } : {}
}
