/** What a reader does to the tree with a button, a key or the mouse. Each gives the new tree, and leaves the old one for undo. */
import {
  findNode,
  groupNode,
  insertNode,
  leafNode,
  type Match,
  type Node,
  newId,
  nodesOf,
  replaceNode,
} from './tree.js'

/** Adds a node at the end of a group. A condition that stands alone becomes a group of the two. */
export function addTo<Leaf>(root: Node<Leaf>, id: string, node: Node<Leaf>): Node<Leaf> {
  const target = findNode(root, id)?.node
  if (target === undefined) return root
  if (target.kind === 'group') return insertNode(root, id, node)
  return replaceNode(root, id, (found) => groupNode<Leaf>('all', [found, node]))
}

/** Takes a node out. Of the root an empty group remains. */
export function remove<Leaf>(root: Node<Leaf>, id: string): Node<Leaf> {
  if (root.id === id) return groupNode<Leaf>('all', [])
  return replaceNode(root, id, () => undefined)
}

/** Holds, or does not: one `not` more or less. */
export function negate<Leaf>(root: Node<Leaf>, id: string): Node<Leaf> {
  return replaceNode(root, id, (node) => ({ ...node, nots: node.nots > 0 ? node.nots - 1 : 1 }))
}

/** All of a group, or any. */
export function setMatch<Leaf>(root: Node<Leaf>, id: string, match: Match): Node<Leaf> {
  return replaceNode(root, id, (node) => (node.kind === 'group' ? { ...node, match } : node))
}

/** Another condition in the place of one. */
export function setLeaf<Leaf>(root: Node<Leaf>, id: string, leaf: Leaf): Node<Leaf> {
  return replaceNode(root, id, (node) => (node.kind === 'leaf' ? { ...node, leaf } : node))
}

/** The same once more, after it. The copy has ids of its own. */
export function duplicate<Leaf>(root: Node<Leaf>, id: string): Node<Leaf> {
  const found = findNode(root, id)
  if (found === undefined) return root
  const copy = copyOf(found.node)
  const parent = found.above.at(-1)
  if (parent === undefined) return groupNode('all', [found.node, copy])
  return insertNode(root, parent.id, copy, parent.children.indexOf(found.node) + 1)
}

/** A group around a node: the place for what is to hold instead or together. */
export function wrap<Leaf>(root: Node<Leaf>, id: string): Node<Leaf> {
  const parent = findNode(root, id)?.above.at(-1)
  const match: Match = parent?.match === 'all' ? 'any' : 'all'
  return replaceNode(root, id, (node) => groupNode(match, [node]))
}

/** A group's children in the place of the group. A group that is negated, or the root with several children, stays. */
export function unwrap<Leaf>(root: Node<Leaf>, id: string): Node<Leaf> {
  const found = findNode(root, id)
  if (found === undefined || !canUnwrap(root, id) || found.node.kind === 'leaf') return root
  const { children } = found.node
  const parent = found.above.at(-1)
  if (parent === undefined) return children[0]!
  const at = parent.children.indexOf(found.node)
  return replaceNode(root, parent.id, () => ({
    ...parent,
    children: parent.children.toSpliced(at, 1, ...children),
  }))
}

/** True where {@link unwrap} means the same afterwards, or is what the reader plainly asks for. */
export function canUnwrap<Leaf>(root: Node<Leaf>, id: string): boolean {
  const found = findNode(root, id)
  if (found === undefined || found.node.kind === 'leaf' || found.node.nots > 0) return false
  return found.above.length > 0 ? found.node.children.length > 0 : found.node.children.length === 1
}

/** The place before or after: among its own, then out of its group. */
export function move<Leaf>(root: Node<Leaf>, id: string, by: -1 | 1): Node<Leaf> {
  const found = findNode(root, id)
  const parent = found?.above.at(-1)
  if (found === undefined || parent === undefined) return root
  const at = parent.children.indexOf(found.node)
  const to = at + by
  if (to >= 0 && to < parent.children.length) {
    const children = parent.children.toSpliced(at, 1).toSpliced(to, 0, found.node)
    return replaceNode(root, parent.id, () => ({ ...parent, children }))
  }
  const outer = found.above.at(-2)
  if (outer === undefined) return root
  const place = outer.children.indexOf(parent) + (by === 1 ? 1 : 0)
  return insertNode(remove(root, id), outer.id, found.node, place)
}

/** True where {@link move} changes anything. */
export function canMove<Leaf>(root: Node<Leaf>, id: string, by: -1 | 1): boolean {
  return move(root, id, by) !== root
}

/** Into another group, before the child with this index as it is now. Into itself it cannot go. */
export function moveTo<Leaf>(root: Node<Leaf>, id: string, group: string, index: number): Node<Leaf> {
  const found = findNode(root, id)
  const target = findNode(root, group)?.node
  const parent = found?.above.at(-1)
  if (found === undefined || parent === undefined || target?.kind !== 'group') return root
  if (nodesOf(found.node).some((node) => node.id === group)) return root
  const from = parent.id === group ? parent.children.indexOf(found.node) : Number.POSITIVE_INFINITY
  if (from === index || from === index - 1) return root
  return insertNode(remove(root, id), group, found.node, from < index ? index - 1 : index)
}

function copyOf<Leaf>(node: Node<Leaf>): Node<Leaf> {
  if (node.kind === 'leaf') return leafNode(node.leaf, node.nots)
  return { ...node, id: newId(), children: node.children.map(copyOf) }
}
