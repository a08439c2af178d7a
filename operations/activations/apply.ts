/** `tributary activate apply`: sends what a segment changed by; the run makes its own plan, and its guards hold. */
import { type ActivationContext, knownActivation } from './published.js'
import { type StartedActivation, startActivation } from './start.js'

/** @param author who asks, for the record @throws ActivationUnknown, NothingPolling, ActivationRunning */
export async function applyActivation(
  context: ActivationContext,
  activation: string,
  { author }: { readonly author: string },
): Promise<StartedActivation> {
  const doing = `applying ${activation}`
  await knownActivation(context, activation, doing)
  return startActivation(context, { activation, reason: 'manual', author }, doing)
}
