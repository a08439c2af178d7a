/**
 * Who is who: a pure function of the set of links and records. Links join identifiers in their canonical order, unless a
 * record cuts them or one person would have more identifiers of a type than the rules allow.
 *
 * Work goes in two passes. The first joins everything that is linked, whatever the rules say: its components are
 * independent of each other. The second looks only at those in which a rule can matter.
 */
import { type Conflict, type IdentityGraph, NO_TYPE } from './graph.js'
import { LimitCounts } from './limit-counts.js'
import { find, flatten, join, singletons } from './union-find.js'

/** What belongs together if nothing keeps it apart. */
export interface RawComponents {
  /** By index: the least index of its component. */
  readonly raw: Uint32Array
  /** Indices, ascending, of the components in which a limit or a cut may matter. */
  readonly contested: Uint32Array
}

export interface Resolution {
  /** By index: the least index of its person. */
  readonly profile: Uint32Array
  /** The links that a limit left out; those of one component in canonical order. A pair is there once. */
  readonly conflicts: readonly Conflict[]
}

/** The first pass. */
export function joinAll(graph: IdentityGraph): RawComponents {
  const { size, type, links, merges, cuts } = graph
  const parents = singletons(size)
  for (let at = 0; at < links.count; at += 1) {
    const a = links.a[at]!
    const b = links.b[at]!
    if (a !== b && type[a] !== NO_TYPE && type[b] !== NO_TYPE) join(parents, a, b)
  }
  forEachPair(graph, merges, (a, b) => join(parents, a, b))
  const raw = flatten(parents)
  const isContested = new Uint8Array(size)
  let any = false
  forEachPair(graph, cuts, (a, b) => {
    if (raw[a] !== raw[b]) return
    isContested[raw[a]!] = 1
    any = true
  })
  for (const [limited, limit] of graph.limits.entries()) {
    if (limit === undefined) continue
    const counts = new Uint32Array(size)
    for (let index = 0; index < size; index += 1) {
      if (type[index] !== limited) continue
      const root = raw[index]!
      counts[root]! += 1
      if (counts[root]! <= limit.limit) continue
      isContested[root] = 1
      any = true
    }
  }
  return { raw, contested: any ? membersOf(raw, isContested) : new Uint32Array(0) }
}

/**
 * Contested indices whose values' bytes decide: ends of links that nothing else puts in order, and of links between two
 * identifiers of one type. All others need no rank. Ascending.
 */
export function tiedIndices(
  { size, type, links }: IdentityGraph,
  { raw, contested }: RawComponents,
): Uint32Array {
  if (contested.length === 0) return contested
  const state = new Uint8Array(size)
  for (const index of contested) state[index] = CONTESTED
  const found: number[] = []
  for (let at = 0; at < links.count; at += 1) {
    const a = links.a[at]!
    const b = links.b[at]!
    if (a !== b && state[a] !== 0 && state[b] !== 0) found.push(at)
  }
  const types = (at: number): number => {
    const one = type[links.a[at]!]!
    const other = type[links.b[at]!]!
    return one < other ? one * NO_TYPE + other : other * NO_TYPE + one
  }
  const compare = (x: number, y: number): number =>
    raw[links.a[x]!]! - raw[links.a[y]!]! || links.time[x]! - links.time[y]! || types(x) - types(y)
  const mark = (at: number): void => {
    state[links.a[at]!] = TIED
    state[links.b[at]!] = TIED
  }
  found.sort(compare)
  for (const [place, at] of found.entries()) {
    if (type[links.a[at]!] === type[links.b[at]!]) mark(at)
    const next = found[place + 1]
    if (next === undefined || compare(at, next) !== 0) continue
    mark(at)
    mark(next)
  }
  return contested.filter((index) => state[index] === TIED)
}

const CONTESTED = 1
const TIED = 2

/**
 * The second pass.
 * @param rank by index: orders tied identifiers of one type by their values' bytes
 */
export function resolve(graph: IdentityGraph, components: RawComponents, rank: Uint32Array): Resolution {
  const { raw, contested } = components
  if (contested.length === 0) return { profile: raw, conflicts: [] }
  // Contested indices get numbers of their own, from 1: what is kept of them must not grow with all others.
  const local = new Uint32Array(graph.size)
  for (let at = 0; at < contested.length; at += 1) local[contested[at]!] = at + 1
  const { order, firstSeen } = canonicalLinks(graph, local, contested.length, rank)
  const parents = singletons(contested.length)
  const counts = new LimitCounts(graph.limits, {
    type: Uint8Array.from(contested, (index) => graph.type[index]!),
    firstSeen,
  })
  const unite = (a: number, b: number): void => {
    counts.join(Math.min(a, b), Math.max(a, b))
    join(parents, a, b)
  }
  forEachPair(graph, graph.merges, (a, b) => {
    if (local[a] === 0) return
    const rootA = find(parents, local[a]! - 1)
    const rootB = find(parents, local[b]! - 1)
    if (rootA !== rootB) unite(rootA, rootB)
  })
  const isOut = new Set<number>()
  const pair = (a: number, b: number): number => Math.min(a, b) * contested.length + Math.max(a, b)
  forEachPair(graph, graph.cuts, (a, b) => {
    if (local[a] !== 0 && local[b] !== 0) isOut.add(pair(local[a]! - 1, local[b]! - 1))
  })
  const conflicts: Conflict[] = []
  for (const at of order) {
    const a = local[graph.links.a[at]!]! - 1
    const b = local[graph.links.b[at]!]! - 1
    const rootA = find(parents, a)
    const rootB = find(parents, b)
    if (rootA === rootB || isOut.has(pair(a, b))) continue
    const time = graph.links.time[at]!
    const type = counts.exceeded(rootA, rootB, time)
    if (type === undefined) unite(rootA, rootB)
    else {
      isOut.add(pair(a, b))
      conflicts.push({ ...oriented(graph, rank, at), time, type })
    }
  }
  flatten(parents)
  const profile = raw.slice()
  for (let at = 0; at < contested.length; at += 1) profile[contested[at]!] = contested[parents[at]!]!
  return { profile, conflicts }
}

/** Links that can join contested identifiers, in order, and when each identifier was first seen. */
function canonicalLinks(graph: IdentityGraph, local: Uint32Array, size: number, rank: Uint32Array) {
  const { links, type } = graph
  const firstSeen = new Float64Array(size).fill(Number.POSITIVE_INFINITY)
  const see = (index: number, time: number): void => {
    if (index >= 0 && time < firstSeen[index]!) firstSeen[index] = time
  }
  const found = new Uint32Array(links.count)
  let count = 0
  for (let at = 0; at < links.count; at += 1) {
    const a = links.a[at]!
    const b = links.b[at]!
    if (type[a] === NO_TYPE || type[b] === NO_TYPE) continue
    see(local[a]! - 1, links.time[at]!)
    see(local[b]! - 1, links.time[at]!)
    if (a === b || local[a] === 0) continue
    found[count] = at
    count += 1
  }
  const order = found.subarray(0, count).sort((x, y) => {
    const byTime = links.time[x]! - links.time[y]!
    if (byTime !== 0) return byTime
    const one = oriented(graph, rank, x)
    const other = oriented(graph, rank, y)
    return (
      type[one.a]! - type[other.a]! ||
      type[one.b]! - type[other.b]! ||
      rank[one.a]! - rank[other.a]! ||
      rank[one.b]! - rank[other.b]!
    )
  })
  return { order, firstSeen }
}

/** The ends of a link, the higher identifier first. */
function oriented({ links, type }: IdentityGraph, rank: Uint32Array, at: number): { a: number; b: number } {
  const a = links.a[at]!
  const b = links.b[at]!
  return (type[a]! - type[b]! || rank[a]! - rank[b]!) <= 0 ? { a, b } : { a: b, b: a }
}

function forEachPair(
  { type }: IdentityGraph,
  pairs: readonly number[],
  visit: (a: number, b: number) => void,
) {
  for (let at = 0; at < pairs.length; at += 2) {
    const a = pairs[at]!
    const b = pairs[at + 1]!
    if (a !== b && type[a] !== NO_TYPE && type[b] !== NO_TYPE) visit(a, b)
  }
}

function membersOf(raw: Uint32Array, isChosen: Uint8Array): Uint32Array {
  let count = 0
  for (const root of raw) count += isChosen[root]!
  const members = new Uint32Array(count)
  let at = 0
  for (let index = 0; index < raw.length; index += 1) {
    if (isChosen[raw[index]!] === 0) continue
    members[at] = index
    at += 1
  }
  return members
}
