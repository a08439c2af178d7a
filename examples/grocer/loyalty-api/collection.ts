/** A list that is served in the order of change: by `updated_at`, then by id, so that a page's end is an exact position. */

/** Where a page ended: the last record's time and id. */
export type Position = readonly [updatedAt: string, id: string]

export interface Changed {
  /** ISO 8601 in UTC with milliseconds: text order is time order. */
  readonly updated_at: string
}

export interface PageOptions {
  /** From this time on, included. */
  readonly since?: string | undefined
  /** After this position; it wins over `since`. */
  readonly after?: Position | undefined
  /** Before this time. */
  readonly before?: string | undefined
  readonly limit: number
}

/** What a listing needs of a collection. */
export interface PagedRecords {
  /** `end` is where the next page starts, if there is one. */
  page(options: PageOptions): { readonly records: readonly Changed[]; readonly end: Position | undefined }
}

export class Collection<T extends Changed> implements PagedRecords {
  readonly #idOf: (record: T) => string
  readonly #byId = new Map<string, T>()
  readonly #ordered: T[]

  constructor(records: readonly T[], idOf: (record: T) => string) {
    this.#idOf = idOf
    for (const record of records) {
      this.#byId.set(idOf(record), record)
    }
    this.#ordered = [...this.#byId.values()].sort((a, b) => compare(this.#positionOf(a), this.#positionOf(b)))
  }

  get(id: string): T | undefined {
    return this.#byId.get(id)
  }

  /** Adds a record, or replaces the one with its id; either way it takes its place in the order. */
  put(record: T): void {
    const old = this.#byId.get(this.#idOf(record))
    if (old !== undefined) {
      this.#ordered.splice(this.#firstNotBefore(this.#positionOf(old)), 1)
    }
    this.#byId.set(this.#idOf(record), record)
    this.#ordered.splice(this.#firstNotBefore(this.#positionOf(record)), 0, record)
  }

  page(options: PageOptions): { readonly records: readonly T[]; readonly end: Position | undefined } {
    const { since = '', after, before, limit } = options
    let start = this.#firstNotBefore(after ?? [since, ''])
    const first = this.#ordered[start]
    if (after !== undefined && first !== undefined && compare(this.#positionOf(first), after) === 0) {
      start += 1
    }
    const stop = before === undefined ? this.#ordered.length : this.#firstNotBefore([before, ''])
    const records = this.#ordered.slice(start, Math.min(start + limit, stop))
    const last = records.at(-1)
    return { records, end: last !== undefined && start + limit < stop ? this.#positionOf(last) : undefined }
  }

  #positionOf(record: T): Position {
    return [record.updated_at, this.#idOf(record)]
  }

  #firstNotBefore(position: Position): number {
    let low = 0
    let high = this.#ordered.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compare(this.#positionOf(this.#ordered[middle]!), position) < 0) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}

function compare(a: Position, b: Position): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0
}
