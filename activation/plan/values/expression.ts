/** A value of an activation's file as a small tree: what it needs of a profile, and what it makes of it. */
import type { JsonValue } from '@tributary/connector-sdk'
import type { ActivationValue } from '@tributary/schemas'
import { parseReference, type Reference } from './reference.js'
import { parseTemplate, type TemplatePart } from './template.js'

export type Expression =
  | Reference
  | { readonly is: 'constant'; readonly value: JsonValue }
  | { readonly is: 'template'; readonly parts: readonly TemplatePart[] }
  | { readonly is: 'split'; readonly groups: readonly SplitGroup[]; readonly seed: string | undefined }

/** Everybody below `upTo`, and not below an earlier group's, of 0 to 1. */
export interface SplitGroup {
  readonly name: string
  readonly upTo: number
}

/** @throws SyntaxError in words for the author of the file */
export function parseValue(value: ActivationValue): Expression {
  if (typeof value === 'string') return parseReference(value)
  if ('constant' in value) return { is: 'constant', value: value.constant }
  if ('template' in value) return { is: 'template', parts: parseTemplate(value.template) }
  return { is: 'split', groups: groupsOf(value.split), seed: value.seed }
}

/** What an expression reads. */
export function referencesOf(expression: Expression): readonly Reference[] {
  switch (expression.is) {
    case 'constant':
    case 'split':
      return []
    case 'template':
      return expression.parts.flatMap((part) => (part.is === 'output' ? [part.reference] : []))
    default:
      return [expression]
  }
}

/** In the order of their names: the order in a file means nothing. */
function groupsOf(shares: Readonly<Record<string, number>>): readonly SplitGroup[] {
  let upTo = 0
  return Object.keys(shares)
    .sort()
    .map((name) => {
      upTo += shares[name]!
      return { name, upTo }
    })
}
