/** A destination of a published revision, ready to be written to: settings read, connector loaded, secrets resolved. */
import {
  type LoadedDestination,
  loadDestination,
  type ObjectDefinition,
  type OwnedConnectorContext,
  objectsOf,
  validateConfig,
} from '@tributary/connector-sdk'
import { resolveSecrets } from '../runtime/secrets/provider.js'
import type { Definition, Workspace } from '../workspace/workspace.js'
import { withConnectorContext } from './connector-context.js'
import type { ActivityDeps } from './deps.js'
import { configInvalid } from './failures.js'

type DestinationFile = Workspace['destinations'][number]['definition']

export interface OpenedDestination {
  readonly id: string
  readonly connector: LoadedDestination
  /** Defaults applied, secrets resolved. Never log it. */
  readonly config: Record<string, unknown>
}

export type DestinationContext = OwnedConnectorContext<Record<string, unknown>>
export type DestinationObject = ObjectDefinition<Record<string, unknown>>

/** @throws ConfigInvalid where the revision has no such destination or its config does not fit the connector's spec */
export async function openDestination(
  deps: ActivityDeps,
  { destinations }: Workspace,
  id: string,
): Promise<OpenedDestination> {
  const found = destinations.find((destination) => destination.id === id)
  if (found) return openDestinationDefinition(deps, found)
  throw configInvalid(
    `opening the destination ${id}: the revision has none of this name; add destinations/${id}.yaml and run \`tributary apply\``,
  )
}

/** The same for a definition that is not published yet. */
export async function openDestinationDefinition(
  deps: ActivityDeps,
  { id, definition }: Definition<DestinationFile>,
): Promise<OpenedDestination> {
  const connector = await loadDestination(definition.connector, deps.workspaceDir)
  const resolved = await resolveSecrets(definition.config ?? {}, deps.secrets)
  const config = validateConfig<Record<string, unknown>>(connector.destination.spec, resolved)
  return { id, connector, config }
}

/** Runs work with the destination's objects and a connector context of its own. */
export function withDestination<Result>(
  deps: ActivityDeps,
  { id, connector, config }: OpenedDestination,
  signal: AbortSignal,
  work: (objects: readonly DestinationObject[], context: DestinationContext) => Promise<Result>,
): Promise<Result> {
  const { destination } = connector
  const about = {
    kind: 'destination' as const,
    id,
    connector: connector.name,
    spec: destination.spec,
    config,
  }
  return withConnectorContext(deps, about, signal, async (context) =>
    work(await objectsOf(destination, context), context),
  )
}
