/** Finds people by whatever is known of them: an identifier in any spelling, its beginning, an id, or the text of a trait. */
import { findProfile, parseProfileId } from '../../profiles/identity/find-node.js'
import { displayName } from '../../profiles/people/display-name.js'
import { type FoundProfile, searchProfiles } from '../../profiles/people/search-profiles.js'
import type { Warehouse } from '../../warehouse/client.js'
import { type PeopleContext, refreshedWorkspace } from './published.js'

export interface FoundPerson extends FoundProfile {
  /** Null where no trait says it. */
  readonly name: string | null
}

export interface PeopleFound {
  /** The best first. */
  readonly people: readonly FoundPerson[]
  /** There may be more: whoever says more finds them. */
  readonly more: boolean
  readonly seconds: number
}

export interface SearchOptions {
  /** @default 20 */
  readonly limit?: number
  /** Find by whole identifiers and ids only, so that nothing is learned of others. @default false */
  readonly wholeOnly?: boolean
  /** Ends the queries, on the server, too. */
  readonly signal?: AbortSignal
}

/** @throws NothingMapped, NeverRefreshed, the signal's reason */
export async function searchPeople(
  context: PeopleContext,
  text: string,
  { limit = 20, wholeOnly = false, signal }: SearchOptions = {},
): Promise<PeopleFound> {
  const startedAt = performance.now()
  const warehouse = await context.warehouse()
  const [workspace, node] = await Promise.all([
    refreshedWorkspace(context, 'searching people'),
    knownNode(warehouse, text.trim()),
  ])
  try {
    const found = await searchProfiles(warehouse, {
      text,
      identity: workspace.identity,
      limit,
      wholeOnly,
      ...(node !== undefined && { node }),
      ...(signal && { signal }),
    })
    return {
      people: found.people.map((person) => ({ ...person, name: displayName(person.traits) })),
      more: found.more,
      seconds: (performance.now() - startedAt) / 1000,
    }
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}

async function knownNode(warehouse: Warehouse, text: string): Promise<number | undefined> {
  if (parseProfileId(text) === undefined) return undefined
  return (await findProfile(warehouse, text))?.node
}
