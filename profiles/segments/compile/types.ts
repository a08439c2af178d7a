/** What a definition is compiled into: conditions that the engine evaluates, and how they combine. */
import type { Watch } from './watches.js'

/** FROM-expressions. The refresh swaps in smaller ones for the people whose data changed. */
export interface SegmentSources {
  /** Visible facts: event, profile (UInt32), ts, row, and the property columns. */
  readonly events: string
  /** Current values: trait, profile, kind, text, number, boolean, time, list. */
  readonly traits: string
  /** Nodes with visible facts: profile, type, value. */
  readonly nodes: string
  /** Who is on a list now: list, profile. */
  readonly lists: string
  /** All people: profile. */
  readonly everyone: string
}

export interface Dependencies {
  readonly segments: readonly string[]
  readonly traits: readonly string[]
  readonly events: readonly string[]
  readonly lists: readonly string[]
  readonly identifiers: readonly string[]
}

/** A condition without its negation. Segments that ask the same share it by its hash. */
export interface CompiledLeaf {
  /** Of meaning: the same at every moment and in every segment. */
  readonly hash: string
  /** `SELECT profile …` of the people for whom it holds at the moment compiled for; may name one several times. */
  sql(sources: SegmentSources): string
  readonly reads: Dependencies
  /** Columns of events that it reads beside event, profile and ts; quoted. */
  readonly columns: readonly string[]
  readonly watches: readonly Watch[]
}

/** SQL expressions of bitmaps (`AggregateFunction(groupBitmap, UInt32)`). */
export interface Bitmaps {
  leaf(hash: string): string
  segment(id: string): string
  readonly everyone: string
}

export interface CompiledSegment {
  readonly id: string
  /** Of meaning, nested segments by id: another hash is another question. */
  readonly hash: string
  readonly leaves: readonly CompiledLeaf[]
  /** Whether `members` reads the bitmap of everyone. */
  readonly needsEveryone: boolean
  /** SQL expression of the members' bitmap. */
  members(bitmaps: Bitmaps): string
  /** Whose truth can change as time alone passes. */
  readonly watches: readonly Watch[]
  readonly dependsOn: Dependencies
}
