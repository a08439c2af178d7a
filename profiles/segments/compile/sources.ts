/** Where segments read when all people are looked at: the facts that a snapshot shows, about profiles as they are now. */
import type { Warehouse } from '../../../warehouse/client.js'
import { selectRows } from '../../../warehouse/query.js'
import { nodesWithFacts } from '../../facts/nodes.js'
import type { FactsSnapshot } from '../../facts/snapshot.js'
import { PROPERTY_TYPES, type ValueKind } from '../../facts/values.js'
import { IS_CURRENT_VALUE, type ProfileOf, profileOf as published } from '../../people/dictionaries.js'
import type { SegmentSources } from './types.js'

/** @param profileOf who is who. @default as it is published */
export function allSources(snapshot: FactsSnapshot, profileOf: ProfileOf = published): SegmentSources {
  const { facts, loads, records } = snapshot
  const nodes = nodesWithFacts(snapshot)
  return {
    events: `(SELECT *, ${profileOf('node')} AS profile FROM cdp.events__rows WHERE ${facts})`,
    traits: `(SELECT * FROM cdp.trait_values__rows WHERE ${records} AND ${IS_CURRENT_VALUE})`,
    nodes: `(SELECT ${profileOf('node')} AS profile, type, value FROM cdp.nodes__rows
      WHERE ${loads} AND node IN (${nodes}))`,
    lists: `(SELECT list, ${profileOf('node')} AS profile FROM (
        SELECT list, type, value FROM cdp.list_records GROUP BY list, type, value
        HAVING argMax(change, (at, change)) = 'added') AS listed
      INNER JOIN (SELECT node, type, value FROM cdp.nodes__rows WHERE ${loads}) AS known
      ON listed.type = known.type AND listed.value = known.value)`,
    everyone: `(SELECT ${profileOf('node')} AS profile FROM (${nodes}))`,
  }
}

/** Reads which kinds of values each property has columns for. */
export async function readPropertyKinds(
  warehouse: Warehouse,
): Promise<(property: string) => readonly ValueKind[]> {
  const columns = await selectRows<{ name: string }>(
    warehouse,
    `SELECT name FROM system.columns WHERE database = 'cdp' AND table = 'events__rows'`,
  )
  const kinds = new Map<string, ValueKind[]>()
  for (const { name } of columns) {
    const [kind, ...property] = name.split(':')
    if (kind === undefined || property.length === 0 || !(kind in PROPERTY_TYPES)) continue
    const of = property.join(':')
    kinds.set(of, [...(kinds.get(of) ?? []), kind as ValueKind])
  }
  return (property) => kinds.get(property) ?? []
}
