/**
 * Whose golden record may have changed since a step last looked: by facts, by identity, or by the mere passing of time.
 * Never too few; a few too many only cost time.
 */
import type { ComputedTrait } from '@tributary/schemas'
import { quoteString } from '../../warehouse/types/identifiers.js'
import { retractedNodes, statedNodes } from '../facts/position.js'
import { propertyColumn, quotedProperty } from '../facts/values.js'
import { profileOf } from '../people/dictionaries.js'
import { watched, watchWhere } from '../segments/compile/watches.js'
import { inSpanSql } from '../time/sql-time.js'
import { crossed, type Span } from '../time/window.js'
import type { EventsRead } from './read-events.js'

export interface Since {
  /** Loads of mappings and of identity accepted since, decimal text. */
  readonly mappingLoads: readonly string[]
  readonly identityLoads: readonly string[]
  /** The moments of the last record and of this one. */
  readonly before: Date
  readonly now: Date
}

/** SQL of `profile`, both. */
export interface DirtyProfiles {
  /** Of whom some fact is known to hold. */
  readonly stated: string
  /** Of whom something was taken back, or who were moved: whether any fact is left must be looked up. */
  readonly unsure: string
}

export function dirtyProfiles(
  since: Since,
  computed: readonly ComputedTrait[],
  events: EventsRead,
): DirtyProfiles {
  const { before, now } = since
  const facts = `${events.facts} AND`
  const nodes = [statedNodes(since.mappingLoads)]
  const matured = crossed({}, 'UTC', before, now)
  if (matured.length > 0) {
    nodes.push(`SELECT node FROM cdp.trait_facts__rows WHERE ${facts} (${anyOf('ts', matured)})`)
    const changed = computed.flatMap((trait) => changedEvents(trait, since, events))
    if (changed.length > 0) {
      nodes.push(`SELECT node FROM cdp.events__rows WHERE ${facts} (${changed.join(' OR ')})`)
    }
  }
  const profiles = (of: string) => `SELECT ${profileOf('node')} AS profile FROM (${of})`
  return {
    stated: profiles(nodes.join(' UNION ALL ')),
    unsure: [profiles(retractedNodes(since.mappingLoads)), ...movedProfiles(since.identityLoads)].join(
      ' UNION ALL ',
    ),
  }
}

/** SQL conditions: the events that time alone brings into a computed trait or takes out of it. */
function changedEvents(trait: ComputedTrait, { before, now }: Since, events: EventsRead): readonly string[] {
  const byTime = crossed(trait, events.zoneOf(trait), before, now)
  const byProperty = watchWhere(trait.event, trait.where ?? []).flatMap((watch) =>
    watch.kind === 'property' && events.columns.has(propertyColumn('time', watch.property))
      ? [anyOf(quotedProperty('time', watch.property), watched(watch, before, now))]
      : [],
  )
  const conditions = [anyOf('ts', byTime), ...byProperty].filter((condition) => condition !== '')
  return conditions.map((condition) => `(event = ${quoteString(trait.event)} AND (${condition}))`)
}

/** Profiles that nodes were given and that they had before. */
function movedProfiles(loads: readonly string[]): readonly string[] {
  if (loads.length === 0) return []
  const among = `WHERE _load_id IN (${loads.join(', ')})`
  const moved = `SELECT node FROM cdp.node_profiles__rows ${among}`
  return [
    `SELECT node AS profile FROM cdp.node_profiles__rows ${among}`,
    `SELECT profile FROM cdp.node_profiles__rows WHERE node IN (${moved})`,
    ...['profile', 'other'].map(
      (column) => `SELECT ${column} AS profile FROM cdp.identity_log__rows ${among}`,
    ),
  ]
}

const anyOf = (column: string, spans: readonly Span[]): string =>
  spans.map((span) => `(${inSpanSql(column, span)})`).join(' OR ')
