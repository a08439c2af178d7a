/** Whether anything that is asked for would be done: what an open page asks every few seconds. */
import { answered, answeringTemporal } from './answering.js'
import type { OperationContext } from './context.js'
import { lookAtPollers } from './pollers.js'

export interface Vitals {
  /** Temporal answers: what is said of schedules and runs is how they are now. */
  readonly temporal: boolean
  /** Workers take work from every queue; null where Temporal does not say. */
  readonly workers: boolean | null
}

/** Within a few seconds, whatever answers. */
export async function vitals(context: Pick<OperationContext, 'temporal'>): Promise<Vitals> {
  const polling = await answered(await answeringTemporal(context), (client) => lookAtPollers(client))
  return { temporal: polling !== undefined, workers: polling ? polling.idle.length === 0 : null }
}
