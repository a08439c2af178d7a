/** The server's proposal for a mapping, part by part: what a person can take by a click, and leave. */
import { type Mapping, setEvent, setIdentifier, setTrait, traitParts } from './mapping.js'

/** Why a column is proposed as what. */
export interface ColumnReason {
  readonly column: string
  readonly use: string
  readonly as: string
  readonly why: string
}

export interface Proposal {
  readonly key: string
  /** What taking it does. */
  readonly sentence: string
  readonly why: string | undefined
  readonly apply: (mapping: Mapping) => Mapping
}

/** The parts of the proposed mapping that the mapping does not have: whom rows are about first. */
export function proposalsFor(
  mapping: Mapping,
  proposed: Mapping | undefined,
  reasons: readonly ColumnReason[],
): readonly Proposal[] {
  if (proposed === undefined) return []
  const why = (column: string) => reasons.find((reason) => reason.column === column)?.why
  const identifiers = Object.entries(proposed.identifiers)
    .filter(([type]) => !Object.hasOwn(mapping.identifiers, type))
    .map(([type, column]) => ({
      key: `identifier:${type}`,
      sentence: `${column} tells who it is (${type})`,
      why: why(column),
      apply: (before: Mapping) => setIdentifier(before, type, column),
    }))
  const hasEvents = (mapping.events ?? []).length > 0
  const events = (hasEvents ? [] : (proposed.events ?? [])).map((event) => {
    const count = Object.keys(event.properties ?? {}).length
    const at = typeof event.timestamp === 'string' ? ` at ${event.timestamp}` : ''
    return {
      key: `event:${event.name}`,
      sentence: `Each row is an event${at}: “${event.name}”, with ${count === 1 ? '1 property' : `${count} properties`}`,
      why: typeof event.timestamp === 'string' ? why(event.timestamp) : undefined,
      apply: (before: Mapping) => setEvent(before, before.events?.length ?? 0, event),
    }
  })
  const traits = Object.entries(proposed.traits ?? {})
    .filter(([name]) => !Object.hasOwn(mapping.traits ?? {}, name))
    .map(([name, trait]) => {
      const parts = traitParts(trait)
      return {
        key: `trait:${name}`,
        sentence: `${parts.field} is known of the person (${name})`,
        why: why(parts.field),
        apply: (before: Mapping) => setTrait(before, name, parts),
      }
    })
  return [...identifiers, ...events, ...traits]
}
