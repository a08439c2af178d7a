/**
 * Two edits of one text, brought together: what only one of them changed is taken from that one. Objects are compared key by
 * key; a list is changed as a whole, since the place of an entry in it means something.
 */

/** What two edits make together. */
export interface Merge<Value> {
  /** Where both changed something, this has mine. */
  readonly value: Value
  /** Places that both changed, differently: `config.host`. */
  readonly conflicts: readonly string[]
  /** Places that only the other edit changed. */
  readonly theirs: readonly string[]
  /** Places that only my edit changed. */
  readonly mine: readonly string[]
}

/** @param base what both edits began with */
export function mergeEdits<Value>(base: Value, mine: Value, theirs: Value): Merge<Value> {
  const found = { conflicts: [] as string[], theirs: [] as string[], mine: [] as string[] }
  const value = merge(base, mine, theirs, [], found) as Value
  return { value, ...found }
}

interface Found {
  readonly conflicts: string[]
  readonly theirs: string[]
  readonly mine: string[]
}

type Path = readonly string[]

function merge(base: unknown, mine: unknown, theirs: unknown, path: Path, found: Found): unknown {
  if (isSame(mine, theirs)) return mine
  // Where one word became two objects, such as `manual` two schedules, their keys need not fit together.
  if (isObject(mine) && isObject(theirs) && (base === undefined || isObject(base))) {
    const before = base ?? {}
    // Mine first: the order in which its keys stand was looked at last.
    const keys = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])]
    const entries = keys.map(
      (key) =>
        [key, merge(own(before, key), own(mine, key), own(theirs, key), [...path, key], found)] as const,
    )
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
  }
  if (isSame(base, theirs)) {
    found.mine.push(path.join('.'))
    return mine
  }
  if (isSame(base, mine)) {
    found.theirs.push(path.join('.'))
    return theirs
  }
  found.conflicts.push(path.join('.'))
  return mine
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Equal as JSON, whatever the order of keys. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]))
  if (!isObject(one) || !isObject(other)) return false
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])]
  return keys.every((key) => isSame(own(one, key), own(other, key)))
}
