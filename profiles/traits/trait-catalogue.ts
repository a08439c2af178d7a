/** Every trait that people can have: where it comes from, how its value is chosen, and what values were seen. */
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import type { Definitions } from '../definitions/vocabulary.js'
import type { ValueKind } from '../facts/values.js'
import { IS_CURRENT_VALUE } from '../people/dictionaries.js'
import { type Belief, beliefOf } from './golden-record.js'

export interface CatalogueEntry {
  readonly trait: string
  /** How the value is chosen, or that it is computed from events. */
  readonly rule: Belief | 'computed'
  readonly description?: string
  /** Ids of the sources whose mappings make it; none for computed ones. Sorted. */
  readonly sources: readonly string[]
  /** How many people have a value, by its kind. */
  readonly people: Readonly<Partial<Record<ValueKind, number>>>
}

/** How many people have a value of a trait, by its kind. */
export type TraitCounts = ReadonlyMap<string, CatalogueEntry['people']>

/** Mapped and computed traits by name. @param counts none where people were never refreshed */
export function traitCatalogue(
  { mappings, traits: { traits = {}, computed = {} } }: Omit<Definitions, 'identity'>,
  counts: TraitCounts,
): readonly CatalogueEntry[] {
  const sources = new Map<string, Set<string>>()
  for (const { definition } of mappings) {
    const source = definition.stream.slice(0, definition.stream.indexOf('.'))
    for (const trait of Object.keys(definition.traits ?? {})) {
      sources.set(trait, (sources.get(trait) ?? new Set()).add(source))
    }
  }
  const names = new Set([...sources.keys(), ...Object.keys(computed)])
  return [...names].sort().map((trait) => {
    const description = (computed[trait] ?? traits[trait])?.description
    return {
      trait,
      rule: trait in computed ? 'computed' : beliefOf(traits[trait]),
      ...(description !== undefined && { description }),
      sources: [...(sources.get(trait) ?? [])].sort(),
      people: counts.get(trait) ?? {},
    }
  })
}

/** What is current. Reads dictionary `cdp.record_of`, which must be loaded. */
export async function countTraits(warehouse: Warehouse): Promise<TraitCounts> {
  const rows = await selectRows<{ trait: string; kind: ValueKind; people: string }>(
    warehouse,
    `SELECT trait, kind, count() AS people FROM cdp.trait_values__rows WHERE ${IS_CURRENT_VALUE}
     GROUP BY trait, kind ORDER BY trait, kind`,
  )
  const seen = new Map<string, Partial<Record<ValueKind, number>>>()
  for (const { trait, kind, people } of rows) seen.set(trait, { ...seen.get(trait), [kind]: Number(people) })
  return seen
}
