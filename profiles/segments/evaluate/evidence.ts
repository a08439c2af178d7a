/** Facts as evidence: what a condition was decided by. JSON-safe. */
import type { PersonEvent, PersonFacts, Value } from './person.js'

export type PlainValue = string | number | boolean | readonly string[]

export type Evidence =
  | { readonly trait: string; readonly value: PlainValue; readonly source: string; readonly at: string }
  | { readonly event: string; readonly at: string; readonly properties: Readonly<Record<string, PlainValue>> }
  /** How many events there are. */
  | { readonly count: number }
  /** What was computed of the events. */
  | { readonly computed: PlainValue }
  | { readonly identifier: string; readonly value: string }
  | { readonly list: string }
  /** Where the person stands between 0 and 1. */
  | { readonly bucket: number }

/** Of many events, so many. */
const SHOWN = 5

export function ofTrait({ traits }: PersonFacts, trait: string): readonly Evidence[] {
  const found = traits.get(trait)
  if (!found) return []
  return [{ trait, value: plainValue(found.value), source: found.source, at: found.at.toISOString() }]
}

/** The newest events, by time. */
export function ofEvents(events: readonly PersonEvent[], shown = SHOWN): readonly Evidence[] {
  return [...events]
    .sort((a, b) => a.ts.getTime() - b.ts.getTime())
    .slice(-shown)
    .map(({ event, ts, properties }) => ({
      event,
      at: ts.toISOString(),
      properties: Object.fromEntries([...properties].map(([name, value]) => [name, plainValue(value)])),
    }))
}

/** Times as ISO 8601. */
export const plainValue = (value: Value): PlainValue => (value instanceof Date ? value.toISOString() : value)
