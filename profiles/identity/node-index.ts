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

/** Some nodes, distinct and ascending. */
export function someNodes(nodes: Uint32Array): NodeIndex {
  return {
    size: nodes.length,
    nodeAt: (index) => nodes[index]!,
    indexOf(node) {
      let low = 0
      let high = nodes.length - 1
      while (low <= high) {
        const middle = (low + high) >>> 1
        const found = nodes[middle]!
        if (found === node) return middle
        if (found < node) low = middle + 1
        else high = middle - 1
      }
      return -1
    },
  }
}
