/** Says why a person belongs to a segment or does not, by their facts as they are now. */
import type { SegmentFile, Who } from '@tributary/schemas'
import type { Warehouse } from '../../../warehouse/client.js'
import { type EvaluationOptions, evaluateSegment, type TruthTree } from './evaluate.js'
import { loadPerson } from './load-person.js'

/** JSON-safe. */
export interface Explanation {
  readonly member: boolean
  readonly tree: TruthTree
}

/**
 * @param profile the least node of the person
 * @throws Error when the definition is one that `checkSegments` refuses
 */
export async function explainMembership(
  warehouse: Warehouse,
  {
    id,
    definition,
    profile,
    ...options
  }: EvaluationOptions & { readonly id: string; readonly definition: SegmentFile; readonly profile: number },
): Promise<Explanation> {
  const events = new Set<string>()
  gatherEvents(definition.who, options, events, new Set())
  const person = await loadPerson(warehouse, profile, [...events])
  const tree = evaluateSegment(id, definition, person, options)
  return { member: tree.truth, tree }
}

function gatherEvents(who: Who, options: EvaluationOptions, events: Set<string>, seen: Set<string>): void {
  const parts = 'all' in who ? who.all : 'any' in who ? who.any : 'not' in who ? [who.not] : []
  for (const part of parts) gatherEvents(part, options, events, seen)
  if ('performed' in who) events.add(who.performed)
  if ('sequence' in who) {
    for (const step of who.sequence) events.add('not' in step ? step.not.performed : step.performed)
  }
  if ('segment' in who && !seen.has(who.segment)) {
    seen.add(who.segment)
    const nested = options.segment(who.segment)
    if (nested) gatherEvents(nested.who, options, events, seen)
  }
}
