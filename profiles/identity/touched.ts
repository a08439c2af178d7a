/** The nodes that have to be looked at again: whole raw components, which nothing outside can have a part in. */
import type { Warehouse } from '../../warehouse/client.js'
import type { FactsSnapshot } from '../facts/snapshot.js'
import { scanColumns, within } from './binary-rows.js'
import type { Partition } from './changes.js'
import { distinctNodes, type NodeIndex, without } from './node-index.js'

/** Raw components as they are published, ascending by node. */
export interface PublishedComponents {
  readonly nodes: Uint32Array
  /** By place in `nodes`: the node of the profile, the node itself where nothing was published. */
  readonly profile: Uint32Array
  /** By place in `nodes`: the least node of the raw component. */
  readonly raw: Uint32Array
}

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
  const linked = [
    `SELECT node FROM cdp.retracted__rows ${among}`,
    ...['node_a', 'node_b'].map((end) => `SELECT ${end} AS node FROM cdp.links__rows ${among}`),
  ].join(' UNION DISTINCT ')
  return (await scanColumns(warehouse, ['node'], `FROM (${linked})`, signal)).node
}

/**
 * The raw components that some nodes are in; a node that was never joined is one of its own.
 * @param nodes ascending, distinct
 */
export async function rawComponentsOf(
  warehouse: Warehouse,
  nodes: Uint32Array,
  { identity }: FactsSnapshot,
  signal?: AbortSignal,
): Promise<PublishedComponents> {
  const joined = await scanColumns(
    warehouse,
    ['node', 'raw'],
    newest(within('node', nodes), identity),
    signal,
  )
  const roots = distinctNodes(joined.raw, without(nodes, joined.node))
  const found = await scanColumns(
    warehouse,
    ['node', 'profile', 'raw', 'version'],
    newest(within('raw', roots), identity),
    signal,
  )
  const left = await readLeft(warehouse, { roots, ...found }, identity, signal)
  const members = distinctNodes(without(found.node, left), roots)
  const [profile, raw] = [members.slice(), members.slice()]
  for (let place = 0, at = 0; place < members.length; place += 1) {
    while (found.node[at]! < members[place]!) at += 1
    if (found.node[at] !== members[place]) continue
    profile[place] = found.profile[at]!
    raw[place] = found.raw[at]!
  }
  return { nodes: members, profile, raw }
}

/** SQL: the newest row of each node among those that a condition lets through, in the order of the nodes. */
const newest = (condition: string, identity: string): string =>
  `FROM cdp.node_profiles__rows PREWHERE ${condition} WHERE ${identity} ORDER BY node, version DESC LIMIT 1 BY node`

interface FoundRows {
  readonly roots: Uint32Array
  readonly node: Uint32Array
  readonly version: Uint32Array
}

/** Which nodes are in other components now than that of the row that was found. */
async function readLeft(
  warehouse: Warehouse,
  { roots, node, version }: FoundRows,
  identity: string,
  signal?: AbortSignal,
): Promise<Uint32Array> {
  if (node.length === 0) return node
  // Few rows are of later versions: the nodes of all others are not looked at.
  const first = version.reduce((least, other) => Math.min(least, other))
  const later = await scanColumns(
    warehouse,
    ['node', 'version'],
    `FROM cdp.node_profiles__rows PREWHERE version > ${first}
     WHERE ${identity} AND NOT ${within('raw', roots)} AND ${within('node', node)}
     ORDER BY node, version DESC LIMIT 1 BY node`,
    signal,
  )
  let at = 0
  return later.node.filter((other, place) => {
    while (node[at]! < other) at += 1
    return node[at] === other && later.version[place]! > version[at]!
  })
}

/** By index: the places of profile and raw component of these nodes, and no others. */
export const publishedAmong = ({ profile, raw }: PublishedComponents, { indexOf }: NodeIndex): Partition => ({
  profile: profile.map(indexOf),
  raw: raw.map(indexOf),
})
