/** Sets of indices that are joined over time. The least member represents a set. */

/** Every index is a set of its own. */
export function singletons(size: number): Uint32Array {
  const parents = new Uint32Array(size)
  for (let index = 0; index < size; index += 1) parents[index] = index
  return parents
}

/** The least member of the set of an index. Shortens the way for the next one. */
export function find(parents: Uint32Array, index: number): number {
  let at = index
  let parent = parents[at]!
  while (parent !== at) {
    const above = parents[parent]!
    parents[at] = above
    at = above
    parent = parents[at]!
  }
  return at
}

/** Joins the sets of two indices. */
export function join(parents: Uint32Array, a: number, b: number): void {
  const rootA = find(parents, a)
  const rootB = find(parents, b)
  if (rootA < rootB) parents[rootB] = rootA
  else parents[rootA] = rootB
}

/** Lets every index point at the least member of its set. */
export function flatten(parents: Uint32Array): Uint32Array {
  // A parent is never greater than its child, so its own is final already.
  for (let index = 0; index < parents.length; index += 1) parents[index] = parents[parents[index]!]!
  return parents
}
