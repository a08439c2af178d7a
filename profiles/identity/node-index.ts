/** Gives nodes the indices that the flat arrays use, in the order of their numbers. */

export interface NodeIndex {
  /** Indices are 0 … size - 1. */
  readonly size: number
  nodeAt(index: number): number
  /** -1 where the node is not among these. */
  indexOf(node: number): number
}

/** All nodes up to a number; the index is the number. */
export function everyNode(last: number): NodeIndex {
  return { size: last + 1, nodeAt: (index) => index, indexOf: (node) => (node <= last ? node : -1) }
}

/** Nodes of which a page tells the indices: 4 KiB of places for nodes that are near each other. */
const PAGE_BITS = 10
const PAGE_MASK = (1 << PAGE_BITS) - 1

/** Some nodes, distinct and ascending. */
export function someNodes(nodes: Uint32Array): NodeIndex {
  // Indices from 1: what was never set is 0.
  const pages = new Array<Uint32Array | undefined>(((nodes.at(-1) ?? 0) >>> PAGE_BITS) + 1)
  for (let index = 0; index < nodes.length; index += 1) {
    const node = nodes[index]!
    pages[node >>> PAGE_BITS] ??= new Uint32Array(PAGE_MASK + 1)
    pages[node >>> PAGE_BITS]![node & PAGE_MASK] = index + 1
  }
  return {
    size: nodes.length,
    nodeAt: (index) => nodes[index]!,
    indexOf: (node) => (pages[node >>> PAGE_BITS]?.[node & PAGE_MASK] ?? 0) - 1,
  }
}

/** All nodes of some lists, ascending and once each. */
export function distinctNodes(...lists: readonly ArrayLike<number>[]): Uint32Array {
  const all = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const list of lists) {
    all.set(list, offset)
    offset += list.length
  }
  all.sort()
  return all.filter((node, place) => place === 0 || node !== all[place - 1])
}

/** Those of some nodes that are not among others; both ascending. */
export function without(nodes: Uint32Array, others: Uint32Array): Uint32Array {
  if (others.length === 0) return nodes
  let at = 0
  return nodes.filter((node) => {
    while (others[at]! < node) at += 1
    return others[at] !== node
  })
}
