/** Why two identifiers are one person's: the shortest chain of evidence, and what was left out between them. */
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow, selectRows } from '../../warehouse/query.js'
import { type FactsSnapshot, readSnapshot } from '../facts/snapshot.js'
import { within } from './binary-rows.js'
import { findNode } from './find-node.js'
import { NO_TYPE } from './graph.js'
import { publishedState } from './identity-state.js'
import { distinctNodes } from './node-index.js'
import { type ResolvedGraph, resolveFromFacts } from './read-graph.js'
import { type CountedRecord, readRecords } from './read-records.js'
import type { IdentifierName } from './records.js'
import { identityRules } from './rules.js'
import { rawComponentsOf } from './touched.js'

/** The earliest row that named two identifiers together. */
export interface LinkEvidence {
  readonly kind: 'link'
  readonly mapping: string
  readonly source: string
  /** Hash of the row's key, decimal text. */
  readonly row: string
  /** ISO 8601, UTC. */
  readonly time: string
}

/** Somebody said so. */
export interface RecordEvidence {
  readonly kind: 'merge'
  readonly record: string
  readonly author: string
  readonly note: string
  readonly time: string
}

export interface ExplainedStep {
  readonly a: IdentifierName
  readonly b: IdentifierName
  readonly evidence: LinkEvidence | RecordEvidence
}

export interface SkippedLink {
  readonly a: IdentifierName
  readonly b: IdentifierName
  /** The type of which one person would have had too many; undefined where a record cuts the two. */
  readonly type?: string
  readonly time?: string
}

export interface ExplainedLink {
  /** From the first identifier to the second; empty for one and the same, undefined where they are two people's. */
  readonly path: readonly ExplainedStep[] | undefined
  /** Links and cuts within all that is linked with either, that keep people apart. */
  readonly skipped: readonly SkippedLink[]
}

/** Explains by the published rules. Undefined where one of the two was never seen. */
export async function explainLink(
  warehouse: Warehouse,
  from: IdentifierName,
  to: IdentifierName,
): Promise<ExplainedLink | undefined> {
  const [start, end, state] = [
    await findNode(warehouse, from),
    await findNode(warehouse, to),
    await publishedState(warehouse),
  ]
  if (start === undefined || end === undefined || state === undefined) return undefined
  const snapshot = await readSnapshot(warehouse)
  const rules = identityRules(state.identity)
  const records = await readRecords(warehouse, snapshot.loads)
  const { nodes: among } = await rawComponentsOf(warehouse, distinctNodes([start.node, end.node]), snapshot)
  const { hasOutsiders } = state
  const resolved = await resolveFromFacts({ warehouse, snapshot, rules, records, among, hasOutsiders })
  const { index, conflicts } = resolved
  const merges = records.records.filter(({ kind }) => kind === 'merge')
  const cuts = records.records.filter(
    ({ kind, nodeA, nodeB }) => kind === 'cut' && index.indexOf(nodeA) !== -1 && index.indexOf(nodeB) !== -1,
  )
  const path = shortestPath(resolved, merges, cuts, index.indexOf(start.node), index.indexOf(end.node))
  const left = conflicts.map(({ a, b, type, time }) => ({
    a: index.nodeAt(a),
    b: index.nodeAt(b),
    type,
    time,
  }))
  const nodes = [...(path ?? []).map((at) => index.nodeAt(at)), ...left.flatMap(({ a, b }) => [a, b])]
  const names = await namesOf(warehouse, snapshot, nodes)
  return {
    path: path && (await explainSteps(warehouse, snapshot, path.map(index.nodeAt), names, merges)),
    skipped: [
      ...cuts.map(({ a, b }) => ({ a, b })),
      ...left.map(({ a, b, type, time }) => ({
        a: names.get(a)!,
        b: names.get(b)!,
        type: rules.types[type]!,
        time: new Date(time).toISOString(),
      })),
    ],
  }
}

/** Breadth first over what counts: indices from start to end. */
function shortestPath(
  { index, graph, conflicts }: ResolvedGraph,
  merges: readonly CountedRecord[],
  cuts: readonly CountedRecord[],
  start: number,
  end: number,
): number[] | undefined {
  const pair = (a: number, b: number) => `${Math.min(a, b)} ${Math.max(a, b)}`
  const isOut = new Set([
    ...conflicts.map(({ a, b }) => pair(a, b)),
    ...cuts.map(({ nodeA, nodeB }) => pair(index.indexOf(nodeA), index.indexOf(nodeB))),
  ])
  const neighbours = new Map<number, number[]>()
  const of = (at: number): number[] => {
    const known = neighbours.get(at) ?? []
    if (known.length === 0) neighbours.set(at, known)
    return known
  }
  const add = (a: number, b: number) => {
    if (graph.type[a] === NO_TYPE || graph.type[b] === NO_TYPE) return
    of(a).push(b)
    of(b).push(a)
  }
  for (let at = 0; at < graph.links.count; at += 1) {
    const a = graph.links.a[at]!
    const b = graph.links.b[at]!
    if (a !== b && !isOut.has(pair(a, b))) add(a, b)
  }
  for (const { nodeA, nodeB } of merges) {
    const [a, b] = [index.indexOf(nodeA), index.indexOf(nodeB)]
    if (a !== -1 && b !== -1) add(a, b)
  }
  const cameFrom = new Map<number, number>([[start, start]])
  for (const at of cameFrom.keys()) {
    if (at === end) break
    for (const next of neighbours.get(at) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, at)
  }
  if (!cameFrom.has(end)) return undefined
  const path = [end]
  while (path[0] !== start) path.unshift(cameFrom.get(path[0]!)!)
  return path
}

async function explainSteps(
  warehouse: Warehouse,
  { facts }: FactsSnapshot,
  path: readonly number[],
  names: ReadonlyMap<number, IdentifierName>,
  merges: readonly CountedRecord[],
): Promise<ExplainedStep[]> {
  const steps: ExplainedStep[] = []
  for (const [at, b] of path.slice(1).entries()) {
    const a = path[at]!
    const both = { a: names.get(a)!, b: names.get(b)! }
    const merge = merges.find(({ nodeA, nodeB }) => [nodeA, nodeB].includes(a) && [nodeA, nodeB].includes(b))
    if (merge !== undefined) {
      const { id: record, author, note } = merge
      const time = `${merge.at.replace(' ', 'T')}Z`
      steps.push({ ...both, evidence: { kind: 'merge', record, author, note, time } })
      continue
    }
    const evidence = await earliestRow(warehouse, facts, a, b)
    if (evidence !== undefined) steps.push({ ...both, evidence: { kind: 'link', ...evidence } })
  }
  return steps
}

/** Of the rows that name both, as its first identifier and another one, or as two others of a first that is blocked. */
function earliestRow(warehouse: Warehouse, facts: string, a: number, b: number) {
  return selectRow<Omit<LinkEvidence, 'kind'>>(
    warehouse,
    `SELECT mapping, any(source) AS source, toString(row) AS row,
       concat(replaceOne(toString(min(ts)), ' ', 'T'), 'Z') AS time
     FROM (SELECT mapping, source, row, ts, arrayJoin([node_a, node_b]) AS node FROM cdp.links__rows
       WHERE ${facts} AND (node_a IN ({a:UInt32}, {b:UInt32}) OR node_b IN ({a:UInt32}, {b:UInt32})))
     WHERE node IN ({a:UInt32}, {b:UInt32})
     GROUP BY mapping, row HAVING uniqExact(node) = 2 ORDER BY min(ts), mapping, row LIMIT 1`,
    { a, b },
  )
}

async function namesOf(
  warehouse: Warehouse,
  { loads }: FactsSnapshot,
  nodes: readonly number[],
): Promise<ReadonlyMap<number, IdentifierName>> {
  const rows = await selectRows<IdentifierName & { node: number }>(
    warehouse,
    `SELECT node, type, value FROM cdp.nodes__rows WHERE ${loads} AND ${within('node', Uint32Array.from(nodes))}`,
  )
  return new Map(rows.map(({ node, type, value }) => [node, { type, value }]))
}
