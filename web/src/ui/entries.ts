/** Entries of a record that somebody edits, one by one; every function gives a new record. */

type Entries<V> = Readonly<Record<string, V>>

/** Another value for a key; undefined: without it. */
export function withEntry<V>(record: Entries<V>, key: string, value: V | undefined): Entries<V> {
  if (value !== undefined) return { ...record, [key]: value }
  const { [key]: _left, ...rest } = record
  return rest
}

/** Another name and value in the place of an entry, or behind the others where there is no such entry. */
export function renamed<V>(
  record: Entries<V>,
  before: string,
  name: string,
  value: V | undefined,
): Entries<V> {
  if (!Object.hasOwn(record, before)) return withEntry(record, name, value)
  const entries = Object.entries(record).flatMap(([key, kept]) => {
    if (key === before) return value === undefined ? [] : [[name, value] as const]
    return key === name ? [] : [[key, kept] as const]
  })
  return Object.fromEntries(entries)
}
