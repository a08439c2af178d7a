/** The target of an activation: where its records are, and by what they are found there. */
import type { ActivationFile } from '@tributary/schemas'

/** What was acknowledged of one target says nothing of another. */
export function targetOf({
  destination,
  object,
  match,
}: Pick<ActivationFile, 'destination' | 'object' | 'match'>): string {
  return `${destination}/${object}/${Object.keys(match).sort().join(',')}`
}
