/** The conditions that the builder knows, each with the parts that a reader edits. */
import type { Json } from './definition.js'
import type { Node } from './tree.js'

/** One condition on a person. */
export type Condition =
  | TraitCondition
  | PerformedCondition
  | SequenceCondition
  | { readonly kind: 'segment'; readonly segment: string }
  | { readonly kind: 'list'; readonly list: string }
  | { readonly kind: 'consent'; readonly purpose: string }
  | { readonly kind: 'random'; readonly share: Json; readonly seed?: string }
  | { readonly kind: 'identifier'; readonly type: string; readonly known: boolean }
  | { readonly kind: 'everyone' }
  /** Written by hand in a way that has no form here: kept as it is. */
  | { readonly kind: 'other'; readonly value: Json }

export type ConditionKind = Condition['kind']

/** An operator and its literal, as the file has them. */
export interface Test {
  readonly operator: string
  readonly value: Json
}

export interface TraitCondition {
  readonly kind: 'trait'
  readonly trait: string
  readonly test: Test
  readonly timeZone?: string
}

export interface PerformedCondition {
  readonly kind: 'performed'
  readonly event: string
  readonly question: Question
  /** Absent: no conditions; all of them must hold. */
  readonly where?: readonly Where[]
  readonly window: Window
  readonly timeZone?: string
}

/** The same by another clock; undefined: the segment's. */
export function withZone<C extends TraitCondition | PerformedCondition>(
  condition: C,
  timeZone: string | undefined,
): C {
  const { timeZone: _before, ...rest } = condition
  return (timeZone === undefined ? rest : { ...rest, timeZone }) as C
}

/** Conditions on an event's properties. */
export type Where = Node<PropertyTest>

export type PropertyTest =
  | { readonly kind: 'property'; readonly property: string; readonly test: Test }
  | { readonly kind: 'other'; readonly value: Json }

/** What is asked of the events that match. */
export type Question =
  /** At least one. */
  | { readonly ask: 'any' }
  | { readonly ask: 'times'; readonly comparison: string; readonly value: Json }
  | {
      readonly ask: 'aggregate'
      readonly of: string
      /** Absent for `count`. */
      readonly property?: string
      readonly comparison: string
      /** A literal, or the person's own trait. */
      readonly operand: Json | { readonly trait: string }
    }
  | { readonly ask: 'occurrence'; readonly which: string }

/** When the events have to have happened. */
export type Window =
  | { readonly span: 'ever' }
  | { readonly span: 'within'; readonly within: string }
  | { readonly span: 'ago'; readonly from: string; readonly to: string }
  | { readonly span: 'dates'; readonly since?: string; readonly until?: string }
  | { readonly span: 'calendar'; readonly period: string }

export interface SequenceCondition {
  readonly kind: 'sequence'
  readonly steps: readonly Step[]
  readonly within: string
}

export interface Step {
  readonly id: string
  /** No such event. */
  readonly not: boolean
  readonly event: string
  readonly where?: readonly Where[]
}

/** What the builder holds. */
export interface Draft {
  readonly name: string
  readonly description: string
  /** Empty: the workspace's. */
  readonly timeZone: string
  readonly root: Node<Condition>
}
