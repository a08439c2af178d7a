/** What became of people between two partitions of the same nodes, by index. */

export interface Partition {
  readonly profile: Uint32Array
  readonly raw: Uint32Array
}

export interface PersonChange {
  /** merged: all of `other` went to `profile`. split: `other` has identifiers that were of `profile`, which goes on. */
  readonly kind: 'merged' | 'split'
  readonly profile: number
  readonly other: number
}

/** Indices whose profile or raw component differs. */
export function changedIndices(before: Partition, after: Partition): Uint32Array {
  const changed = new Uint32Array(before.profile.length)
  let count = 0
  for (let index = 0; index < changed.length; index += 1) {
    if (before.profile[index] === after.profile[index] && before.raw[index] === after.raw[index]) continue
    changed[count] = index
    count += 1
  }
  return changed.slice(0, count)
}

/**
 * Merges and splits among some indices, each once, in the order of the indices.
 * @param isKnown whether an index was somebody before; who was not cannot be merged
 */
export function personChanges(
  before: Uint32Array,
  after: Uint32Array,
  indices: Uint32Array,
  isKnown: (index: number) => boolean,
): PersonChange[] {
  const changes: PersonChange[] = []
  const splits = new Set<string>()
  for (const index of indices) {
    const old = before[index]!
    const now = after[index]!
    if (old === now || !isKnown(index)) continue
    if (after[old] === now) {
      if (index === old) changes.push({ kind: 'merged', profile: now, other: old })
      continue
    }
    const split = `${old} ${now}`
    if (splits.has(split)) continue
    splits.add(split)
    changes.push({ kind: 'split', profile: old, other: now })
  }
  return changes
}
