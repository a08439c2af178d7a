/** Makes a function of an expression: the value that it has for one person. */
import type { JsonValue } from '@tributary/connector-sdk'
import { murmurHash3 } from '../../../profiles/segments/evaluate/murmur-hash.js'
import type { Expression, SplitGroup } from './expression.js'
import { textOf } from './filters.js'
import type { Need } from './reference.js'

/** One person as a plan reads it: values by the number of the identifier or trait among what the plan needs. */
export interface Person {
  readonly profile: number
  readonly values: readonly JsonValue[]
}

/** @param key the match values as canonical JSON; empty while they are worked out. Null: there is no value */
export type Evaluate = (person: Person, key: string) => JsonValue

export interface EvaluateOptions {
  readonly segment: string
  readonly segmentName: string
  /** Of splits that name none. */
  readonly seed: string
  /** Where the values of an identifier or trait are. */
  slotOf(need: Need): number
}

export function evaluator(expression: Expression, options: EvaluateOptions): Evaluate {
  switch (expression.is) {
    case 'constant':
      return () => expression.value
    case 'profile.id':
      return ({ profile }) => `p${profile}`
    case 'segment.id':
      return () => options.segment
    case 'segment.name':
      return () => options.segmentName
    case 'identifier':
    case 'trait': {
      const slot = options.slotOf(expression)
      return ({ values }) => values[slot] ?? null
    }
    case 'split': {
      const seed = expression.seed ?? options.seed
      return (_, key) => groupOf(expression.groups, shareOf(seed, key))
    }
    case 'template': {
      const parts = expression.parts.map((part): ((person: Person, key: string) => string) => {
        if (part.is === 'text') return () => part.text
        const value = evaluator(part.reference, options)
        return (person, key) =>
          textOf(part.filters.reduce((given, filter) => filter(given), value(person, key)))
      })
      return (person, key) => parts.map((part) => part(person, key)).join('') || null
    }
  }
}

/** From 0 to 1, the same for ever; people with one key are always together. */
export const shareOf = (seed: string, key: string): number => murmurHash3(`${seed}:${key}`) / 2 ** 32

function groupOf(groups: readonly SplitGroup[], share: number): string {
  return (groups.find(({ upTo }) => share < upTo) ?? groups.at(-1)!).name
}
