/** Where a problem of the definition stands in the builder: at the condition that it speaks of. */
import type { Condition } from './conditions.js'
import type { Path } from './definition.js'
import type { Node } from './tree.js'

/** A node, and the rest of the path inside its condition. */
export interface Place {
  readonly node: string
  /** Empty where the node as a whole is meant. */
  readonly rest: Path
}

/** The place of a path from the definition's root; undefined for what is no condition, as the name. */
export function placeOf(root: Node<Condition>, [head, ...path]: Path): Place | undefined {
  return head === 'who' ? placeIn(root, path, root.nots) : undefined
}

function placeIn(node: Node<Condition>, path: Path, nots: number): Place {
  if (nots > 0 && path[0] === 'not') return placeIn(node, path.slice(1), nots - 1)
  if (node.kind === 'group' && path[0] === node.match) {
    const child = node.children[Number(path[1])]
    if (child !== undefined) return placeIn(child, path.slice(2), child.nots)
  }
  return { node: node.id, rest: path }
}
