/** Conditions as they begin, before the reader says more. */
import type { Condition, ConditionKind, PropertyTest, Step, Where } from './conditions.js'
import { leafNode, newId } from './tree.js'

/** Kinds that can be added, in words, in the order of the menu. */
export const KINDS: readonly {
  readonly kind: Exclude<ConditionKind, 'other'>
  readonly title: string
  readonly hint: string
}[] = [
  { kind: 'trait', title: 'What they are', hint: 'A trait: city, tier, lifetime value' },
  { kind: 'performed', title: 'What they did', hint: 'An event: how often, how much, when, or never' },
  { kind: 'sequence', title: 'One thing after another', hint: 'Did A, then B; or did A and not B' },
  { kind: 'segment', title: 'Another segment', hint: 'Who is in it already' },
  { kind: 'consent', title: 'Consent', hint: 'Who agreed to a purpose' },
  { kind: 'identifier', title: 'How they can be reached', hint: 'Whose e-mail or phone is known' },
  { kind: 'list', title: 'A list', hint: 'People named one by one' },
  { kind: 'random', title: 'A random share', hint: 'For tests: always the same people' },
  { kind: 'everyone', title: 'Everyone', hint: 'All people' },
]

/** A condition of a kind with nothing filled in. */
export function blankCondition(kind: Exclude<ConditionKind, 'other'>): Condition {
  switch (kind) {
    case 'trait':
      return { kind, trait: '', test: { operator: 'exists', value: true } }
    case 'performed':
      return { kind, event: '', question: { ask: 'any' }, window: { span: 'within', within: '30d' } }
    case 'sequence':
      return { kind, steps: [blankStep(), blankStep()], within: '7d' }
    case 'segment':
      return { kind, segment: '' }
    case 'list':
      return { kind, list: '' }
    case 'consent':
      return { kind, purpose: 'marketing' }
    case 'identifier':
      return { kind, type: 'email', known: true }
    case 'random':
      return { kind, share: 0.1 }
    case 'everyone':
      return { kind }
  }
}

/** A step of a sequence. */
export function blankStep(): Step {
  return { id: newId(), not: false, event: '' }
}

/** A condition on a property. */
export function blankWhere(): Where {
  return leafNode<PropertyTest>({ kind: 'property', property: '', test: { operator: 'eq', value: '' } })
}
