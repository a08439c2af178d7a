/**
 * What identity is worked out from, as flat arrays: tens of millions of identifiers fit, and the same input gives the same
 * people. An identifier is known by its index here; indices are in the order of the node numbers.
 */

/** Type of an identifier that tells nobody apart: its type has no rule, or its value is blocked. */
export const NO_TYPE = 255

/** What one person can have of a type. */
export interface Limit {
  readonly limit: number
  readonly per: 'ever' | 'year' | 'month' | 'week'
}

/** Sightings of two identifiers together; the order and the orientation are of no importance. */
export interface Links {
  readonly count: number
  readonly a: Uint32Array
  /** The same as `a` where the identifier was seen alone: joins nobody, dates the identifier. */
  readonly b: Uint32Array
  /** Milliseconds since 1970. */
  readonly time: Float64Array
}

/** Pairs of indices, flat: a0, b0, a1, b1, … */
export type Pairs = readonly number[]

export interface IdentityGraph {
  /** Indices are 0 … size - 1. */
  readonly size: number
  /** By index: the place of its type in the rules, which is its priority (0 is the highest), or NO_TYPE. */
  readonly type: Uint8Array
  /** By type. */
  readonly limits: readonly (Limit | undefined)[]
  readonly links: Links
  readonly merges: Pairs
  readonly cuts: Pairs
}

/** A link that was left out, since one person would have had too many values of a type. */
export interface Conflict {
  readonly a: number
  readonly b: number
  readonly time: number
  /** The type, by its place in the rules. */
  readonly type: number
}
