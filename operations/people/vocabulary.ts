/** Everything that conditions can speak of, so that whoever builds a segment never has to guess: names, kinds, operators, values. */
import { mappedTraits, vocabulary } from '../../profiles/definitions/vocabulary.js'
import {
  readPropertyValues,
  readTraitValues,
  type SeenValue,
  type SeenValuesOptions,
} from '../../profiles/facts/seen-values.js'
import { readSnapshot } from '../../profiles/facts/snapshot.js'
import type { ValueKind } from '../../profiles/facts/values.js'
import { readPropertyKinds } from '../../profiles/segments/compile/sources.js'
import {
  type AggregateDescription,
  calendarPeriods,
  type OperatorDescription,
  segmentAggregates,
  segmentOperators,
} from '../../profiles/segments/operators.js'
import { type CatalogueEntry, traitCatalogue } from '../../profiles/traits/trait-catalogue.js'
import { publishedRevision } from '../published-workspace.js'
import { showLists } from './lists.js'
import {
  mapsPeople,
  nameHint,
  type PeopleContext,
  type PeopleWorkspace,
  peopleWorkspace,
} from './published.js'
import { type SeenCounts, seenCounts } from './seen-counts.js'
import { TraitUnknown } from './traits.js'

export interface KnownProperty {
  readonly property: string
  /** Kinds of values that were seen of properties of this name. */
  readonly kinds: readonly ValueKind[]
}

export interface KnownEvent {
  readonly event: string
  /** How many there were at the newest refresh. */
  readonly count: number
  /** By name. */
  readonly properties: readonly KnownProperty[]
}

/**
 * How far people are: no stream says who somebody is, and so there are no names; or the mappings give names, and nobody was found
 * and nothing counted yet; or people are known.
 */
export type VocabularyStage = 'nothing_mapped' | 'never_refreshed' | 'refreshed'

export interface BuilderVocabulary {
  readonly stage: VocabularyStage
  /** IANA name: of dates and calendar windows. */
  readonly timeZone: string
  readonly events: readonly KnownEvent[]
  readonly traits: readonly CatalogueEntry[]
  /** Types, in the order of their priority. */
  readonly identifiers: readonly string[]
  readonly lists: readonly { readonly list: string; readonly entries: number }[]
  readonly segments: readonly { readonly id: string; readonly name: string }[]
  /** Purposes of consent: traits `consent.<purpose>`. */
  readonly consents: readonly string[]
  readonly operators: readonly OperatorDescription[]
  readonly aggregates: readonly AggregateDescription[]
  /** Windows by the calendar. */
  readonly periods: readonly string[]
}

/** No mapping makes such an event, or it has no such property. */
export class EventUnknown extends Error {
  override readonly name = 'EventUnknown'
}

/** By what is published. */
export async function builderVocabulary(context: PeopleContext): Promise<BuilderVocabulary> {
  const [published, counts, lists] = await Promise.all([
    context.warehouse().then(publishedRevision),
    seenCounts(context),
    showLists(context),
  ])
  const workspace = published?.workspace
  const words = {
    timeZone: workspace?.timeZone ?? 'UTC',
    lists: lists.map(({ list, entries }) => ({ list, entries })),
    operators: segmentOperators(),
    aggregates: segmentAggregates(),
    periods: calendarPeriods(),
  }
  if (workspace === undefined || !mapsPeople(workspace)) {
    const names = { events: [], traits: [], identifiers: [], segments: [], consents: [] }
    return { stage: 'nothing_mapped', ...names, ...words }
  }
  return {
    stage: counts.refreshed ? 'refreshed' : 'never_refreshed',
    events: await knownEvents(context, workspace, counts),
    traits: traitCatalogue(workspace, counts.traits),
    identifiers: [...vocabulary(workspace).identifiers],
    segments: workspace.segments.map(({ id, definition }) => ({ id, name: definition.name })),
    consents: purposesOf(workspace),
    ...words,
  }
}

/** Every event that a mapping makes, by name. @throws NothingMapped */
export async function listEvents(context: PeopleContext): Promise<readonly KnownEvent[]> {
  const workspace = await peopleWorkspace(context, 'listing events')
  return knownEvents(context, workspace, await seenCounts(context))
}

/** The most frequent values of a property of an event. @throws EventUnknown, NothingMapped */
export async function propertyValues(
  context: PeopleContext,
  event: string,
  property: string,
  options: SeenValuesOptions = {},
): Promise<readonly SeenValue[]> {
  const workspace = await peopleWorkspace(context, 'listing values')
  assertProperty(workspace, event, property)
  const warehouse = await context.warehouse()
  const [snapshot, kindsOf] = await Promise.all([readSnapshot(warehouse), readPropertyKinds(warehouse)])
  return mostFrequent(options, kindsOf(property), (kind) =>
    readPropertyValues(warehouse, snapshot, { event, property, kind }, options),
  )
}

/** The most frequent values of a trait. @throws TraitUnknown, NothingMapped */
export async function traitValues(
  context: PeopleContext,
  trait: string,
  options: SeenValuesOptions = {},
): Promise<readonly SeenValue[]> {
  const { traits } = vocabulary(await peopleWorkspace(context, 'listing values'))
  if (!traits.has(trait)) {
    const hint = nameHint(trait, [...traits].sort(), 'map it')
    throw new TraitUnknown(`listing values of ${trait}: nothing published makes this trait; ${hint}`)
  }
  const warehouse = await context.warehouse()
  return mostFrequent(options, KINDS, (kind) => readTraitValues(warehouse, { trait, kind }, options))
}

/** Times are too many to choose among. */
const KINDS: readonly ValueKind[] = ['text', 'number', 'boolean', 'list']

async function mostFrequent(
  { limit = 20 }: SeenValuesOptions,
  kinds: readonly ValueKind[],
  read: (kind: ValueKind) => Promise<readonly SeenValue[]>,
): Promise<readonly SeenValue[]> {
  const values = await Promise.all(kinds.map(read))
  return values
    .flat()
    .sort((a, b) => b.count - a.count)
    .slice(0, limit)
}

function assertProperty(workspace: PeopleWorkspace, event: string, property: string): void {
  const { events } = vocabulary(workspace)
  const properties = events.get(event)
  if (properties?.has(property)) return
  const doing = `listing values of ${property}`
  if (!properties) {
    const hint = nameHint(event, [...events.keys()].sort(), 'map it')
    throw new EventUnknown(`${doing}: no mapping makes the event ${event}; ${hint}`)
  }
  const hint = nameHint(property, [...properties].sort(), 'map it')
  throw new EventUnknown(`${doing}: ${event} has no such property; ${hint}`)
}

function purposesOf({ mappings }: PeopleWorkspace): readonly string[] {
  const prefix = 'consent.'
  return [...mappedTraits(mappings)]
    .filter((trait) => trait.startsWith(prefix))
    .map((trait) => trait.slice(prefix.length))
    .sort()
}

async function knownEvents(
  context: PeopleContext,
  workspace: PeopleWorkspace,
  counts: SeenCounts,
): Promise<readonly KnownEvent[]> {
  const kindsOf = await readPropertyKinds(await context.warehouse())
  return [...vocabulary(workspace).events]
    .map(([event, properties]) => ({
      event,
      count: counts.events.get(event) ?? 0,
      properties: [...properties].sort().map((property) => ({ property, kinds: kindsOf(property) })),
    }))
    .sort((a, b) => (a.event < b.event ? -1 : 1))
}
