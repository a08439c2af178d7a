/** Runs of activations that have ended, as the warehouse recorded them. */
import { findRun, listRuns } from '../../activation/history.js'
import type { ActivationReport } from '../../workflows/activation-contract.js'
import type { ActivationContext } from './published.js'

/** Fewer characters may name the wrong run some day. */
const MIN_CHARACTERS = 7

/** No recorded run begins so. */
export class ActivationRunUnknown extends Error {
  override readonly name = 'ActivationRunUnknown'
}

/** A run that ended. */
export type RecordedActivation = ActivationReport & { readonly endedAt: string }

export interface HistoryOptions {
  /** @default every activation, also those that are not published any more */
  readonly activation?: string
  /** @default 20 */
  readonly limit?: number
}

/** Reports, newest first. */
export async function activationHistory(
  { warehouse }: Pick<ActivationContext, 'warehouse'>,
  { limit = 20, ...options }: HistoryOptions = {},
): Promise<readonly RecordedActivation[]> {
  return listRuns<ActivationReport>(await warehouse(), { ...options, limit })
}

/**
 * The one recorded run whose id begins so.
 * @param doing the beginning of the error's sentence
 * @param activation whose run it has to be. @default any
 * @throws ActivationRunUnknown
 */
export async function knownRun(
  { warehouse }: Pick<ActivationContext, 'warehouse'>,
  prefix: string,
  doing: string,
  activation?: string,
): Promise<RecordedActivation> {
  const see = 'see tributary activate history'
  if (prefix.length < MIN_CHARACTERS) {
    throw new ActivationRunUnknown(
      `${doing}: give at least the first ${MIN_CHARACTERS} characters of a run's id; ${see}`,
    )
  }
  const found = await findRun<ActivationReport>(await warehouse(), prefix)
  if (found && (activation === undefined || found.activation === activation)) return found
  throw new ActivationRunUnknown(`${doing}: no run of an activation that ended begins so; ${see}`)
}
