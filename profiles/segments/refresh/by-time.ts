/** Whom time alone may change: those with an event, or a time in a trait or property, in a span that some condition watches. */
import { quoteIdentifier, quoteString } from '../../../warehouse/types/identifiers.js'
import type { FactsSnapshot } from '../../facts/snapshot.js'
import { propertyColumn, type ValueKind } from '../../facts/values.js'
import { IS_CURRENT_VALUE, profileOf } from '../../people/dictionaries.js'
import { inSpanSql } from '../../time/sql-time.js'
import type { Span } from '../../time/window.js'
import { type Watch, watched } from '../compile/watches.js'

/** SELECTs of `profile`, one for each event, trait or property that is watched, when now moves from `before` to `after`. */
export function changedByTime(
  snapshot: FactsSnapshot,
  watches: readonly Watch[],
  before: Date,
  after: Date,
  propertyKinds: (property: string) => readonly ValueKind[],
): readonly string[] {
  const spans = new Map<string, { readonly watch: Watch; readonly spans: Span[] }>()
  for (const watch of watches) {
    // A property that never was a time has no column for times.
    if (watch.kind === 'property' && !propertyKinds(watch.property).includes('time')) continue
    const name = watch.kind === 'trait' ? watch.trait : watch.event
    const key = JSON.stringify([watch.kind, name, watch.kind === 'property' && watch.property])
    const known = spans.get(key) ?? { watch, spans: [] }
    known.spans.push(...watched(watch, before, after))
    spans.set(key, known)
  }
  return [...spans.values()].flatMap(({ watch, spans }) =>
    spans.length === 0 ? [] : [changedPeople(snapshot, watch, mergeSpans(spans))],
  )
}

function changedPeople(snapshot: FactsSnapshot, watch: Watch, spans: readonly Span[]): string {
  const within = (column: string) => `(${spans.map((span) => inSpanSql(column, span)).join(' OR ')})`
  if (watch.kind === 'trait') {
    return `SELECT profile FROM cdp.trait_values__rows
      WHERE ${IS_CURRENT_VALUE} AND trait = ${quoteString(watch.trait)} AND kind = 'time' AND ${within('time')}`
  }
  const column = watch.kind === 'event' ? 'ts' : quoteIdentifier(propertyColumn('time', watch.property))
  return `SELECT ${profileOf('node')} AS profile FROM cdp.events__rows
    WHERE ${snapshot.facts} AND event = ${quoteString(watch.event)} AND ${within(column)}`
}

function mergeSpans(spans: readonly Span[]): Span[] {
  const start = ({ from }: Span) => from?.getTime() ?? Number.NEGATIVE_INFINITY
  const merged: Span[] = []
  for (const span of [...spans].sort((a, b) => start(a) - start(b))) {
    const last = merged.at(-1)
    if (last === undefined || start(span) > last.to.getTime()) merged.push(span)
    else if (span.to > last.to) merged[merged.length - 1] = { from: last.from, to: span.to }
  }
  return merged
}
