/** The mapping of an activation's file, parsed, and what it has to know of people. */
import type { ActivationFile } from '@tributary/schemas'
import { type Expression, parseValue, referencesOf } from './values/expression.js'
import { isNeed, type Need, nameOfReference } from './values/reference.js'

export interface Mapping {
  /** By the destination's field, sorted. */
  readonly match: readonly MappedField[]
  readonly fields: readonly MappedField[]
  /** The identifiers and traits in them, each once: the number of one is its place. */
  readonly needs: readonly Need[]
}

export interface MappedField {
  readonly name: string
  readonly expression: Expression
}

/** @throws SyntaxError in words for the author of the file */
export function parseMapping({ match, fields = {} }: Pick<ActivationFile, 'match' | 'fields'>): Mapping {
  const parsed = (values: ActivationFile['match']): MappedField[] =>
    Object.keys(values)
      .sort()
      .map((name) => ({ name, expression: parseValue(values[name]!) }))
  const mapping = { match: parsed(match), fields: parsed(fields) }
  const needs = [...mapping.match, ...mapping.fields]
    .flatMap(({ expression }) => referencesOf(expression))
    .filter(isNeed)
  return { ...mapping, needs: [...new Map(needs.map((need) => [nameOfReference(need), need])).values()] }
}

export function slotOf(needs: readonly Need[], need: Need): number {
  const name = nameOfReference(need)
  return needs.findIndex((known) => nameOfReference(known) === name)
}
