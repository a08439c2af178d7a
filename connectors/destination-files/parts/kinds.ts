/** What kinds of values a column holds: noted with each part, so that a file's columns are known before its rows are read. */
import type { JsonValue } from '@tributary/connector-sdk'

export type Kind =
  | 'bool'
  | 'int'
  | 'float'
  | 'text'
  | 'json'
  | 'empty[]'
  | 'bool[]'
  | 'int[]'
  | 'float[]'
  | 'text[]'

/** The kind of a value; undefined of null. */
export function kindOf(value: JsonValue): Kind | undefined {
  switch (typeof value) {
    case 'boolean':
      return 'bool'
    case 'number':
      return Number.isSafeInteger(value) ? 'int' : 'float'
    case 'string':
      return 'text'
  }
  if (value === null) return undefined
  return Array.isArray(value) ? kindOfList(value) : 'json'
}

function kindOfList(values: readonly JsonValue[]): Kind {
  const kinds = new Set<Kind>()
  for (const value of values) {
    const kind = kindOf(value)
    if (kind !== undefined) kinds.add(kind)
  }
  if (kinds.size === 0) return 'empty[]'
  if (kinds.size === 2 && kinds.has('int') && kinds.has('float')) return 'float[]'
  const [kind] = kinds
  return kinds.size === 1 && (kind === 'bool' || kind === 'int' || kind === 'float' || kind === 'text')
    ? `${kind}[]`
    : 'json'
}

/** The columns of rows in the order in which they appear first, and the kinds of their values. */
export class ColumnKinds {
  readonly #kinds = new Map<string, Set<Kind>>()

  addRow(row: Readonly<Record<string, JsonValue>>): void {
    for (const [name, value] of Object.entries(row)) {
      const kinds = this.#column(name)
      const kind = kindOf(value)
      if (kind !== undefined) kinds.add(kind)
    }
  }

  add(name: string, kinds: readonly Kind[]): void {
    const found = this.#column(name)
    for (const kind of kinds) found.add(kind)
  }

  #column(name: string): Set<Kind> {
    const found = this.#kinds.get(name)
    if (found !== undefined) return found
    const kinds = new Set<Kind>()
    this.#kinds.set(name, kinds)
    return kinds
  }

  names(): string[] {
    return [...this.#kinds.keys()]
  }

  kinds(name: string): ReadonlySet<Kind> {
    return this.#kinds.get(name) ?? new Set()
  }

  entries(): [name: string, kinds: Kind[]][] {
    return [...this.#kinds].map(([name, kinds]) => [name, [...kinds]])
  }
}
