/** What the builder edits: a tree of groups with conditions as its leaves. Values, never changed in place. */

/** A group or a condition. Every one has an id of its own, which no file knows and every edit keeps. */
export type Node<Leaf> = GroupNode<Leaf> | LeafNode<Leaf>

interface NodeBase {
  readonly id: string
  /** How many times `not` stands before it: 0 or 1, and more only where somebody wrote so by hand. */
  readonly nots: number
}

export interface GroupNode<Leaf> extends NodeBase {
  readonly kind: 'group'
  /** All of the children hold, or at least one. */
  readonly match: Match
  readonly children: readonly Node<Leaf>[]
}

export interface LeafNode<Leaf> extends NodeBase {
  readonly kind: 'leaf'
  readonly leaf: Leaf
}

export type Match = 'all' | 'any'

let last = 0

/** An id that nothing else on the page has. */
export function newId(): string {
  last += 1
  return `n${last}`
}

/** A condition as a node. */
export function leafNode<Leaf>(leaf: Leaf, nots = 0): LeafNode<Leaf> {
  return { id: newId(), kind: 'leaf', nots, leaf }
}

/** A group as a node. */
export function groupNode<Leaf>(match: Match, children: readonly Node<Leaf>[], nots = 0): GroupNode<Leaf> {
  return { id: newId(), kind: 'group', nots, match, children }
}

/** The node of an id, with the groups above it, outermost first. */
export function findNode<Leaf>(
  root: Node<Leaf>,
  id: string,
  above: readonly GroupNode<Leaf>[] = [],
): { readonly node: Node<Leaf>; readonly above: readonly GroupNode<Leaf>[] } | undefined {
  if (root.id === id) return { node: root, above }
  if (root.kind === 'leaf') return undefined
  for (const child of root.children) {
    const found = findNode(child, id, [...above, root])
    if (found !== undefined) return found
  }
  return undefined
}

/** The tree with another node in the place of one; undefined takes it out. The root cannot be taken out. */
export function replaceNode<Leaf>(
  root: Node<Leaf>,
  id: string,
  replace: (node: Node<Leaf>) => Node<Leaf> | undefined,
): Node<Leaf> {
  if (root.id === id) return replace(root) ?? root
  if (root.kind === 'leaf') return root
  const children = root.children.flatMap((child) => {
    if (child.id === id) return replace(child) ?? []
    return replaceNode(child, id, replace)
  })
  const isUntouched =
    children.length === root.children.length &&
    children.every((child, index) => child === root.children[index])
  return isUntouched ? root : { ...root, children }
}

/** Every node below and including one, in the order in which they are read. */
export function nodesOf<Leaf>(root: Node<Leaf>): readonly Node<Leaf>[] {
  return root.kind === 'leaf' ? [root] : [root, ...root.children.flatMap(nodesOf)]
}

/** Puts a node into a group, before the child that has this index; at the end by default. */
export function insertNode<Leaf>(
  root: Node<Leaf>,
  group: string,
  node: Node<Leaf>,
  index = Number.POSITIVE_INFINITY,
): Node<Leaf> {
  return replaceNode(root, group, (found) =>
    found.kind === 'leaf' ? found : { ...found, children: found.children.toSpliced(index, 0, node) },
  )
}
