/** Reads from ClickHouse what identity is worked out from: identifiers, their links, and who they were. */
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow } from '../../warehouse/query.js'
import type { FactsSnapshot } from '../facts/snapshot.js'
import { grown, readInt64, scanRows, within } from './binary-rows.js'
import type { Partition } from './changes.js'
import { type IdentityGraph, type Links, NO_TYPE } from './graph.js'
import { everyNode, type NodeIndex, someNodes } from './node-index.js'
import { type CountedRecords, pairsOf } from './read-records.js'
import { joinAll, type Resolution, resolve, tiedIndices } from './resolve.js'
import type { IdentityRules } from './rules.js'

export interface GraphSource {
  readonly warehouse: Warehouse
  readonly snapshot: FactsSnapshot
  readonly rules: IdentityRules
  readonly records: CountedRecords
  /** The nodes to read, ascending: whole raw components. @default all */
  readonly among?: Uint32Array
  /** The rules' order of types is not the one that the links were made with. @default false */
  readonly isReordered?: boolean
  /** There are links of identifiers that tell nobody apart, also outside of `among`. @default what is read says so */
  readonly hasOutsiders?: boolean
  /** By these rules no node up to this one is such an identifier: only their types are looked at. @default none */
  readonly plainUpTo?: number
  readonly signal?: AbortSignal
}

/** Who is who among some nodes or all. */
export interface ResolvedGraph extends Resolution {
  readonly index: NodeIndex
  readonly graph: IdentityGraph
  /** By index: the least index of its raw component. */
  readonly raw: Uint32Array
  readonly hasOutsiders: boolean
}

/** Reads links and records, and works out who is who. */
export async function resolveFromFacts(source: GraphSource): Promise<ResolvedGraph> {
  const { rules, records } = source
  const index = await readIndex(source)
  const { type, foundOutsiders } = await readTypes(source, index)
  const hasOutsiders = foundOutsiders || (source.hasOutsiders ?? false)
  const links = await readLinks(source, index, hasOutsiders)
  const graph: IdentityGraph = {
    size: index.size,
    type,
    limits: rules.limits,
    links,
    merges: pairsOf(records.records, 'merge', index.indexOf),
    cuts: pairsOf(records.records, 'cut', index.indexOf),
  }
  const components = joinAll(graph)
  const rank = await readRanks(source, index, tiedIndices(graph, components))
  return { index, graph, raw: components.raw, hasOutsiders, ...resolve(graph, components, rank) }
}

/** By index: profile and raw component of all nodes as they were published, themselves where nothing was. Indices. */
export async function readPublished(
  { warehouse, snapshot, signal }: Pick<GraphSource, 'warehouse' | 'snapshot' | 'signal'>,
  index: NodeIndex,
): Promise<Partition> {
  const profile = Uint32Array.from({ length: index.size }, (_, own) => own)
  const raw = profile.slice()
  await scanRows(
    warehouse,
    `SELECT node, profile, raw FROM cdp.node_profiles__rows
     WHERE ${snapshot.identity}
     ORDER BY node, version DESC LIMIT 1 BY node`,
    12,
    (view, offset) => {
      const at = index.indexOf(view.getUint32(offset, true))
      if (at === -1) return
      profile[at] = index.indexOf(view.getUint32(offset + 4, true))
      raw[at] = index.indexOf(view.getUint32(offset + 8, true))
    },
    signal,
  )
  return { profile, raw }
}

async function readIndex({ warehouse, snapshot, among }: GraphSource): Promise<NodeIndex> {
  if (among !== undefined) return someNodes(among)
  const row = await selectRow<{ last: number }>(
    warehouse,
    `SELECT max(node) AS last FROM cdp.nodes__rows WHERE ${snapshot.loads}`,
  )
  return everyNode(row?.last ?? 0)
}

async function readTypes(
  { warehouse, snapshot, rules, among, plainUpTo, signal }: GraphSource,
  index: NodeIndex,
) {
  const type = new Uint8Array(index.size).fill(NO_TYPE)
  let foundOutsiders = false
  const from = (priority: string, which: string) =>
    `SELECT node, ${priority} FROM cdp.nodes__rows PREWHERE ${which} WHERE ${snapshot.loads}`
  // Values are many times what a node takes: of those that are known to be plain they are not read.
  const query =
    plainUpTo === undefined
      ? from(rules.priority, within('node', among))
      : `${from(rules.place, `node <= ${plainUpTo} AND ${within('node', among)}`)}
         UNION ALL ${from(rules.priority, `node > ${plainUpTo}`)}`
  await scanRows(
    warehouse,
    query,
    5,
    (view, offset) => {
      const priority = view.getUint8(offset + 4)
      if (priority === NO_TYPE) foundOutsiders = true
      const at = index.indexOf(view.getUint32(offset, true))
      if (at !== -1) type[at] = priority
    },
    signal,
  )
  return { type, foundOutsiders }
}

async function readLinks(source: GraphSource, index: NodeIndex, hasOutsiders: boolean): Promise<Links> {
  const { warehouse, rules, signal } = source
  let a = new Uint32Array(1024)
  let b = new Uint32Array(1024)
  let time = new Float64Array(1024)
  let count = 0
  const keepsSightings = rules.limits.some((limit) => limit !== undefined && limit.per !== 'ever')
  const query = linksQuery(source, hasOutsiders, keepsSightings)
  await scanRows(
    warehouse,
    query,
    16,
    (view, offset) => {
      const atA = index.indexOf(view.getUint32(offset, true))
      const atB = index.indexOf(view.getUint32(offset + 4, true))
      if (atA === -1 || atB === -1) return
      if (count === a.length) {
        a = grown(a, Uint32Array)
        b = grown(b, Uint32Array)
        time = grown(time, Float64Array)
      }
      a[count] = atA
      b[count] = atB
      time[count] = readInt64(view, offset + 8)
      count += 1
    },
    signal,
  )
  return { count, a, b, time }
}

/** A row's first identifier is linked with its others. Where that one tells nobody apart, the next one takes its place. */
function linksQuery(
  { snapshot, rules, among, isReordered = false }: GraphSource,
  hasOutsiders: boolean,
  keepsSightings: boolean,
): string {
  const seen = `FROM cdp.links__rows PREWHERE ${within('node_b', among)} WHERE ${snapshot.facts}${
    keepsSightings ? '' : ' AND node_a != node_b'
  }`
  if (!hasOutsiders && !isReordered) {
    // The first sighting of each pair, in the order of the table.
    return `SELECT node_a, node_b, toUnixTimestamp64Milli(ts) ${seen}
      ORDER BY node_a, node_b, ts LIMIT 1 BY node_a, node_b`
  }
  const outsiders = `SELECT node FROM cdp.nodes__rows WHERE ${snapshot.loads} AND ${rules.priority} = ${NO_TYPE}`
  const isMoved = isReordered
    ? `(node_a IN (${outsiders}) OR (mapping, row) IN (SELECT mapping, row ${seen} GROUP BY mapping, row HAVING count() > 1))`
    : `node_a IN (${outsiders})`
  return `SELECT node_a, node_b, toUnixTimestamp64Milli(min(ts)) FROM (
      SELECT node_a, node_b, ts ${seen} AND NOT ${isMoved}
      UNION ALL
      SELECT people[1].3 AS node_a, arrayJoin(arraySlice(people, 2)).3 AS node_b, at AS ts FROM (
        SELECT arraySort(groupUniqArray((priority, value, node))) AS people, min(ts) AS at
        FROM (SELECT mapping, row, ts, arrayJoin([node_a, node_b]) AS node ${seen} AND ${isMoved}) AS moved
        INNER JOIN (
          SELECT node, value, ${rules.priority} AS priority FROM cdp.nodes__rows
          WHERE ${snapshot.loads} AND priority != ${NO_TYPE}
            AND node IN (SELECT arrayJoin([node_a, node_b]) ${seen} AND ${isMoved})
        ) AS known USING node
        GROUP BY mapping, row
      )
    ) GROUP BY node_a, node_b`
}

async function readRanks(
  { warehouse, snapshot, signal }: GraphSource,
  index: NodeIndex,
  tied: Uint32Array,
): Promise<Uint32Array> {
  const rank = new Uint32Array(index.size)
  if (tied.length === 0) return rank
  let place = 0
  await scanRows(
    warehouse,
    `SELECT node FROM cdp.nodes__rows PREWHERE ${within('node', tied.map(index.nodeAt))}
     WHERE ${snapshot.loads} ORDER BY type, value`,
    4,
    (view, offset) => {
      const at = index.indexOf(view.getUint32(offset, true))
      if (at === -1) return
      rank[at] = place
      place += 1
    },
    signal,
  )
  return rank
}
