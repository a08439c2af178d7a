/** The names that a workspace's definitions make: what conditions can speak of. */
import type { IdentityFile, MappingFile, TraitsFile } from '@tributary/schemas'

/** Definitions by id. */
export interface Definitions {
  readonly mappings: readonly { readonly id: string; readonly definition: MappingFile }[]
  readonly identity?: IdentityFile
  readonly traits: TraitsFile
}

export interface Vocabulary {
  /** Names of traits, mapped and computed. */
  readonly traits: ReadonlySet<string>
  /** Properties by event. */
  readonly events: ReadonlyMap<string, ReadonlySet<string>>
  /** Identifier types, in the order of their priority. */
  readonly identifiers: ReadonlySet<string>
}

export function vocabulary({ mappings, identity, traits }: Definitions): Vocabulary {
  const events = new Map<string, Set<string>>()
  for (const { definition } of mappings) {
    for (const { name, properties } of definition.events ?? []) {
      const known = events.get(name) ?? new Set<string>()
      for (const property of Object.keys(properties ?? {})) known.add(property)
      events.set(name, known)
    }
  }
  return {
    traits: new Set([...mappedTraits(mappings), ...Object.keys(traits.computed ?? {})]),
    events,
    identifiers: new Set(Object.keys(identity?.identifiers ?? {})),
  }
}

/** Names of the traits that mappings make. */
export function mappedTraits(mappings: Definitions['mappings']): ReadonlySet<string> {
  return new Set(mappings.flatMap(({ definition }) => Object.keys(definition.traits ?? {})))
}
