/** Values that people and events have, to choose from instead of guessing their spelling. */
import { useRead } from '../../../api/hooks.js'
import type { SeenValue } from './literals.js'

/** The most frequent values of a trait; none while they are read, and none where reading them fails. */
export function useTraitValues(trait: string): readonly SeenValue[] {
  const answer = useRead(
    '/api/v1/traits/{trait}/values',
    { params: { path: { trait }, query: { limit: 100 } } },
    { enabled: trait !== '' },
  )
  return answer.data?.values ?? NONE
}

/** The most frequent values of a property of an event. */
export function usePropertyValues(event: string, property: string): readonly SeenValue[] {
  const answer = useRead(
    '/api/v1/vocabulary/values',
    { params: { query: { event, property, limit: 100 } } },
    { enabled: event !== '' && property !== '' },
  )
  return answer.data?.values ?? NONE
}

const NONE: readonly SeenValue[] = []
