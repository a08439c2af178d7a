/** What every part of the builder works with: the names that there are, a way to change the tree, and what is wrong where. */
import { createContext, useContext } from 'react'
import type { Vocabulary } from '../api.js'
import type { Condition } from '../model/conditions.js'
import type { Path } from '../model/definition.js'
import type { ValueKind } from '../model/operators.js'
import type { Node } from '../model/tree.js'
import type { Attention } from './attention.js'

/** A problem at a condition. */
export interface PlacedProblem {
  /** The rest of the path inside the condition. */
  readonly rest: Path
  readonly message: string
  readonly remedy: string
}

/** Problems by the id of the node that they are about. */
export type Problems = ReadonlyMap<string, readonly PlacedProblem[]>

export interface BuilderTools {
  readonly vocabulary: Vocabulary
  /** By whose clock dates are meant where a condition names none. */
  readonly timeZone: string
  /** Id of the segment that is built; undefined for a new one. */
  readonly self: string | undefined
  /** Changes the tree. @param about the field that is typed in: going on in it is one step for undo */
  edit(change: (root: Node<Condition>) => Node<Condition>, about?: string): void
  readonly attention: Attention
}

const ToolsContext = createContext<BuilderTools | undefined>(undefined)

/** Gives the tools to everything below. */
export const ToolsProvider = ToolsContext.Provider

/** The builder's tools; only inside of it. */
export function useTools(): BuilderTools {
  const tools = useContext(ToolsContext)
  if (tools === undefined) throw new Error('using the builder: this part stands outside of it')
  return tools
}

/** Kinds of a trait's values that people have; none where nobody has one yet. */
export function kindsOfTrait({ traits }: Vocabulary, trait: string): readonly ValueKind[] {
  const people = traits.find((known) => known.trait === trait)?.people ?? {}
  return (Object.keys(people) as ValueKind[]).filter((kind) => (people[kind] ?? 0) > 0)
}

/** Kinds of a property's values that were seen. */
export function kindsOfProperty(
  { events }: Vocabulary,
  event: string,
  property: string,
): readonly ValueKind[] {
  const known = events.find((each) => each.event === event)?.properties
  return known?.find((each) => each.property === property)?.kinds ?? []
}
