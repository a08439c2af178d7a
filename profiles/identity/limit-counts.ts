/**
 * How many identifiers of each limited type the people have while they are being joined, so that a join can be refused
 * before it happens. Its work for one join does not grow with the size of the people.
 */
import type { Limit } from './graph.js'
import { periodOf } from './periods.js'

const NONE = 0xff_ff_ff_ff

export interface CountedIdentifiers {
  /** By index: the type. */
  readonly type: Uint8Array
  /** By index: when it was first seen, milliseconds. */
  readonly firstSeen: Float64Array
}

/** Counts of one limited type. People are named by their representative; everybody starts alone. */
class TypeCount {
  readonly #totals: Uint32Array
  readonly #periods: PeriodCount | undefined

  constructor(
    readonly type: number,
    readonly limit: Limit,
    identifiers: CountedIdentifiers,
  ) {
    this.#totals = Uint32Array.from(identifiers.type, (other) => (other === type ? 1 : 0))
    if (limit.per !== 'ever') this.#periods = new PeriodCount(type, limit, identifiers)
  }

  /** Whether one person of both would have too many. A person without any of the type never has too many by a join. */
  isExceeded(a: number, b: number, time: number): boolean {
    const { limit, per } = this.limit
    if (!isOver(this.#totals[a]!, this.#totals[b]!, limit)) return false
    if (this.#periods === undefined) return true
    const period = periodOf(per, time)
    return isOver(this.#periods.count(a, period), this.#periods.count(b, period), limit)
  }

  join(into: number, from: number): void {
    const total = this.#totals[into]! + this.#totals[from]!
    this.#periods?.join(into, from, total)
    this.#totals[into] = total
  }
}

const isOver = (a: number, b: number, limit: number): boolean => a > 0 && b > 0 && a + b > limit

/** Counts by period of first sight. Few identifiers are counted one by one; more than the limit are kept counted. */
class PeriodCount {
  readonly #periods: Int32Array
  /** Circular lists of the identifiers of a person. */
  readonly #next: Uint32Array
  readonly #someone: Uint32Array
  readonly #counted = new Map<number, Map<number, number>>()
  readonly #limit: number

  constructor(type: number, { limit, per }: Limit, { type: types, firstSeen }: CountedIdentifiers) {
    this.#limit = limit
    this.#periods = new Int32Array(types.length)
    this.#next = new Uint32Array(types.length)
    this.#someone = new Uint32Array(types.length).fill(NONE)
    for (let index = 0; index < types.length; index += 1) {
      if (types[index] !== type) continue
      this.#periods[index] = periodOf(per, firstSeen[index]!)
      this.#next[index] = index
      this.#someone[index] = index
    }
  }

  count(person: number, period: number): number {
    const counted = this.#counted.get(person)
    if (counted !== undefined) return counted.get(period) ?? 0
    let count = 0
    for (const index of this.#identifiers(person)) if (this.#periods[index] === period) count += 1
    return count
  }

  join(into: number, from: number, total: number): void {
    if (total > this.#limit) this.#joinCounted(into, from)
    const a = this.#someone[into]!
    const b = this.#someone[from]!
    if (a === NONE) this.#someone[into] = b
    else if (b !== NONE) {
      const afterA = this.#next[a]!
      this.#next[a] = this.#next[b]!
      this.#next[b] = afterA
    }
  }

  #joinCounted(into: number, from: number): void {
    const [less, more] = [this.#allOf(into), this.#allOf(from)].sort((a, b) => a.size - b.size)
    for (const [period, count] of less!) more!.set(period, (more!.get(period) ?? 0) + count)
    this.#counted.delete(from)
    this.#counted.set(into, more!)
  }

  #allOf(person: number): Map<number, number> {
    const known = this.#counted.get(person)
    if (known !== undefined) return known
    const counts = new Map<number, number>()
    for (const index of this.#identifiers(person)) {
      const period = this.#periods[index]!
      counts.set(period, (counts.get(period) ?? 0) + 1)
    }
    return counts
  }

  *#identifiers(person: number): Generator<number> {
    const start = this.#someone[person]!
    if (start === NONE) return
    let index = start
    do {
      yield index
      index = this.#next[index]!
    } while (index !== start)
  }
}

/** Counts of all limited types. */
export class LimitCounts {
  readonly #types: readonly TypeCount[]

  constructor(limits: readonly (Limit | undefined)[], identifiers: CountedIdentifiers) {
    this.#types = limits.flatMap((limit, type) => (limit ? [new TypeCount(type, limit, identifiers)] : []))
  }

  /** The first type of which one person of both would have too many, counted at this time. */
  exceeded(a: number, b: number, time: number): number | undefined {
    for (const count of this.#types) if (count.isExceeded(a, b, time)) return count.type
    return undefined
  }

  /** Notes that two people became one, named `into`. */
  join(into: number, from: number): void {
    for (const count of this.#types) count.join(into, from)
  }
}
