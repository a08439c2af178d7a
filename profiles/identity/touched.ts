/** The nodes that have to be looked at again: whole raw components, which nothing outside can have a part in. */
import type { Warehouse } from '../../warehouse/client.js'
import type { FactsSnapshot } from '../facts/snapshot.js'
import { nodeSet, scanNodes, scanRows } from './binary-rows.js'

/**
 * Nodes whose links came or went with these loads of mappings.
 * @param loadIds decimal text
 */
export async function linkedAnew(
  warehouse: Warehouse,
  loadIds: readonly string[],
  signal?: AbortSignal,
): Promise<Uint32Array> {
  if (loadIds.length === 0) return new Uint32Array(0)
  const among = `WHERE _load_id IN (${loadIds.join(', ')})`
  const query = [
    `SELECT node FROM cdp.retracted__rows ${among}`,
    ...['node_a', 'node_b'].map((end) => `SELECT ${end} AS node FROM cdp.links__rows ${among}`),
  ].join(' UNION DISTINCT ')
  return scanNodes(warehouse, query, signal)
}

/** All nodes of the raw components that some nodes are in, as published, and these nodes themselves. Ascending. */
export async function rawComponentsOf(
  warehouse: Warehouse,
  nodes: Uint32Array,
  { identity }: FactsSnapshot,
  signal?: AbortSignal,
): Promise<Uint32Array> {
  const published = `FROM cdp.node_profiles__rows WHERE ${identity}`
  const components = new Set<number>()
  const unjoined = new Set(nodes)
  await scanRows(
    warehouse,
    `SELECT node, argMax(raw, version) ${published} AND node IN (${nodeSet(nodes)}) GROUP BY node`,
    8,
    (view, offset) => {
      unjoined.delete(view.getUint32(offset, true))
      components.add(view.getUint32(offset + 4, true))
    },
    signal,
  )
  for (const node of unjoined) components.add(node)
  const raw = Uint32Array.from(components)
  // Rows that were superseded name components that their node has left.
  const members = await scanNodes(
    warehouse,
    `SELECT node FROM (
       SELECT node, argMax(raw, version) AS newest ${published}
         AND node IN (SELECT node ${published} AND raw IN (${nodeSet(raw)}))
       GROUP BY node
     ) WHERE newest IN (${nodeSet(raw)})`,
    signal,
  )
  return Uint32Array.from(new Set([...raw, ...members])).sort()
}
