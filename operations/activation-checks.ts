/** The checks of activations that need the destinations' connectors: names, and what an object does not take. */
import { type LoadedDestination, loadDestination } from '@tributary/connector-sdk'
import { checkActivation } from '../activation/check/check-activation.js'
import type { AnyObject } from '../activation/types.js'
import { vocabulary } from '../profiles/definitions/vocabulary.js'
import { fileOf } from '../workspace/files.js'
import type { Destination, ProblemIn, Workspace } from '../workspace/workspace.js'

/** What is wrong between activations, their segments, destinations, traits and identifiers. */
export async function activationProblems(
  workspace: Workspace,
  workspaceDir: string,
): Promise<readonly ProblemIn[]> {
  const { activations, destinations, segments } = workspace
  if (activations.length === 0) return []
  const { traits, identifiers } = vocabulary(workspace)
  const objects = new Map<string, readonly AnyObject[] | undefined>(
    await Promise.all(
      destinations.map(
        async (destination) => [destination.id, await objectsOf(destination, workspaceDir)] as const,
      ),
    ),
  )
  const names = {
    segments: new Set(segments.map(({ id }) => id)),
    destinations: new Set(objects.keys()),
    traits,
    identifiers,
    objectsOf: (destination: string) => objects.get(destination),
  }
  return activations.flatMap(({ id, definition }) =>
    checkActivation(definition, names).map((problem) => ({ ...problem, file: fileOf('activations', id) })),
  )
}

/** Those that are known from its file; undefined where the destination has to be asked, or cannot be loaded. */
async function objectsOf(
  { definition }: Destination,
  workspaceDir: string,
): Promise<readonly AnyObject[] | undefined> {
  let loaded: LoadedDestination
  try {
    loaded = await loadDestination(definition.connector, workspaceDir)
  } catch {
    // That is said of the destination's own file.
    return undefined
  }
  const { objects, knownObjects } = loaded.destination
  if (typeof objects !== 'function') return objects
  try {
    return knownObjects?.(definition.config ?? {})
  } catch {
    // What is wrong with its config is said of the destination's file, too.
    return undefined
  }
}
