/** One person's facts, as far as conditions look at them. */

/** Times are Dates; a list is one of texts. */
export type Value = string | number | boolean | Date | readonly string[]

export interface PersonEvent {
  readonly event: string
  readonly ts: Date
  /** Orders events of the same millisecond. */
  readonly row: bigint
  /** Without those that the event lacks. */
  readonly properties: ReadonlyMap<string, Value>
}

export interface PersonTrait {
  readonly value: Value
  /** The source that it is from. */
  readonly source: string
  readonly at: Date
}

export interface PersonFacts {
  /** The least node. */
  readonly profile: number
  /** By time, then row. */
  readonly events: readonly PersonEvent[]
  /** Current ones; those that are unset are not in it. */
  readonly traits: ReadonlyMap<string, PersonTrait>
  readonly identifiers: readonly { readonly type: string; readonly value: string }[]
  readonly lists: ReadonlySet<string>
}
