/** Everything that conditions can speak of, so that whoever builds a segment never has to guess: names, kinds, operators, values. */
import { mappedTraits, vocabulary } from '../../profiles/definitions/vocabulary.js'
import {
  readPropertyValues,
  readSeenEvents,
  readTraitValues,
  type SeenEvent,
  type SeenValue,
  type SeenValuesOptions,
} from '../../profiles/facts/seen-values.js'
import { type FactsSnapshot, readSnapshot } from '../../profiles/facts/snapshot.js'
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
import type { Warehouse } from '../../warehouse/client.js'
import { showLists } from './lists.js'
import {
  nameHint,
  type PeopleContext,
  type PeopleWorkspace,
  peopleWorkspace,
  refreshedWorkspace,
} from './published.js'
import { TraitUnknown } from './traits.js'

export interface KnownProperty {
  readonly property: string
  /** Kinds of values that were seen of properties of this name. */
  readonly kinds: readonly ValueKind[]
}

export interface KnownEvent {
  readonly event: string
  /** How many there are. */
  readonly count: number
  /** ISO 8601: the newest one; null where there is none yet. */
  readonly lastAt: string | null
  /** By name. */
  readonly properties: readonly KnownProperty[]
}

export interface BuilderVocabulary {
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

/** By what is published. @throws NothingMapped, NeverRefreshed */
export async function builderVocabulary(context: PeopleContext): Promise<BuilderVocabulary> {
  const workspace = await refreshedWorkspace(context, 'listing what segments can speak of')
  const [events, traits, lists] = await Promise.all([
    knownEvents(context, workspace),
    context.warehouse().then((warehouse) => traitCatalogue(warehouse, workspace)),
    showLists(context),
  ])
  return {
    timeZone: workspace.timeZone,
    events,
    traits,
    identifiers: [...vocabulary(workspace).identifiers],
    lists: lists.map(({ list, entries }) => ({ list, entries })),
    segments: workspace.segments.map(({ id, definition }) => ({ id, name: definition.name })),
    consents: purposesOf(workspace),
    operators: segmentOperators(),
    aggregates: segmentAggregates(),
    periods: calendarPeriods(),
  }
}

/** Every event that a mapping makes, by name. @throws NothingMapped */
export async function listEvents(context: PeopleContext): Promise<readonly KnownEvent[]> {
  return knownEvents(context, await peopleWorkspace(context, 'listing events'))
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
): Promise<readonly KnownEvent[]> {
  const warehouse = await context.warehouse()
  const [seen, kindsOf] = await Promise.all([seenEvents(warehouse), readPropertyKinds(warehouse)])
  const counted = new Map(seen.map((event) => [event.event, event]))
  return [...vocabulary(workspace).events]
    .map(([event, properties]) => ({
      event,
      count: counted.get(event)?.count ?? 0,
      lastAt: counted.get(event)?.lastAt ?? null,
      properties: [...properties].sort().map((property) => ({ property, kinds: kindsOf(property) })),
    }))
    .sort((a, b) => (a.event < b.event ? -1 : 1))
}

/** Counting many millions of events takes a second, and says the same until a load is accepted. */
const counted = new WeakMap<
  Warehouse,
  { readonly facts: string; readonly events: Promise<readonly SeenEvent[]> }
>()

async function seenEvents(warehouse: Warehouse): Promise<readonly SeenEvent[]> {
  const snapshot: FactsSnapshot = await readSnapshot(warehouse)
  const known = counted.get(warehouse)
  if (known?.facts === snapshot.facts) return known.events
  const events = readSeenEvents(warehouse, snapshot)
  counted.set(warehouse, { facts: snapshot.facts, events })
  // What failed is asked again.
  events.catch(() => counted.delete(warehouse))
  return events
}
