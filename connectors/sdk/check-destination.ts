/** A check as people want it answered: whether the config works, and whose account it is. */
import type { ConnectorContext } from './contract.js'
import type { DestinationDefinition } from './destination.js'

/** @returns the account that answered, where it is told @throws ConnectorError where the config does not work */
export async function checkDestination<Config>(
  definition: DestinationDefinition<Config>,
  context: ConnectorContext<Config>,
): Promise<string | undefined> {
  await definition.check(context)
  return definition.account?.(context).catch(() => undefined)
}
