/** `tributary activate undo`: takes back what a run did, as far as nothing has changed since. */
import type { ActivationReport } from '../../workflows/activation-contract.js'
import { type ActivationContext, knownActivation } from './published.js'
import { knownRun } from './recorded.js'
import { type StartedActivation, startActivation } from './start.js'

/** The run sent nothing, or its destination cannot take back. */
export class UndoImpossible extends Error {
  override readonly name = 'UndoImpossible'
}

export interface UndoOptions {
  /** Who asks, for the record. */
  readonly author: string
  /** Only the plan: what would be sent. @default false */
  readonly planOnly?: boolean
  /** The activation whose run it has to be. @default any */
  readonly activation?: string
}

/**
 * Starts a run that sends the inverse of another. After it the activation is paused, or its next run would do it again.
 * @param run its id, or the beginning of it
 * @throws ActivationRunUnknown, UndoImpossible, ActivationUnknown, NothingPolling, ActivationRunning
 */
export async function undoRun(
  context: ActivationContext,
  run: string,
  { author, planOnly = false, activation: of }: UndoOptions,
): Promise<StartedActivation> {
  const doing = `taking back run ${run}`
  const report = await knownRun(context, run, doing, of)
  assertPossible(report, doing)
  const { activation } = report
  await knownActivation(context, activation, doing)
  return startActivation(
    context,
    { activation, reason: 'undo', undoes: report.run, author, ...(planOnly && { planOnly }) },
    doing,
  )
}

function assertPossible({ acknowledged, plan }: ActivationReport, doing: string): void {
  if (acknowledged === 0 || plan === undefined) {
    throw new UndoImpossible(`${doing}: it sent nothing; there is nothing to take back`)
  }
  if (plan.undo !== 'none') return
  throw new UndoImpossible(
    `${doing}: what was sent to ${plan.object} of ${plan.destination} cannot be taken back; correct it there`,
  )
}
