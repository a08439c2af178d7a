/** `tributary trait`: which traits people have, and what speaks of them. */
import { vocabulary } from '../../profiles/definitions/vocabulary.js'
import { type Dependent, dependentsOf } from '../../profiles/segments/refresh/dependents.js'
import { type CatalogueEntry, traitCatalogue } from '../../profiles/traits/trait-catalogue.js'
import { nameHint, type PeopleContext, peopleWorkspace } from './published.js'
import { seenCounts } from './seen-counts.js'

/** Nothing makes such a trait. */
export class TraitUnknown extends Error {
  override readonly name = 'TraitUnknown'
}

/** By name, with counts of the newest refresh. @throws NothingMapped */
export async function listTraits(context: PeopleContext): Promise<readonly CatalogueEntry[]> {
  const [workspace, { traits }] = await Promise.all([
    peopleWorkspace(context, 'listing traits'),
    seenCounts(context),
  ])
  return traitCatalogue(workspace, traits)
}

/** Published segments that speak of a trait, directly or through others. @throws TraitUnknown, NothingMapped */
export async function traitDependents(context: PeopleContext, trait: string): Promise<readonly Dependent[]> {
  const workspace = await peopleWorkspace(context, `looking for what depends on trait ${trait}`)
  const { traits } = vocabulary(workspace)
  if (traits.has(trait)) return dependentsOf({ kind: 'trait', name: trait }, workspace.segments)
  throw new TraitUnknown(
    `finding the trait ${trait}: nothing published makes it; ${nameHint(trait, [...traits].sort(), 'map it')}`,
  )
}
