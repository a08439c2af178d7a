/** What people, and what is known of them, are called on the page. */
import { seen } from '../../../ui/seen.js'

/** What stands in place of values that the reader may not see. */
export const MASK = '•••'

/** Values of identifiers by type; hidden ones come as one text in place of the list. */
export type Identifiers = Readonly<Record<string, readonly string[] | string>>

/** The values of one type. */
export function valuesOf(values: readonly string[] | string | undefined): readonly string[] {
  if (values === undefined) return []
  return typeof values === 'string' ? [values] : values
}

/** The name of a person, or else what identifies them best, or the id. */
export function labelOf(person: {
  readonly profile: string
  readonly name?: string | null
  readonly identifiers: Identifiers
}): string {
  if (typeof person.name === 'string' && person.name !== '') return seen(person.name)
  const best = [person.identifiers.email, ...Object.values(person.identifiers)].flatMap(valuesOf)[0]
  return best === undefined || best === MASK ? person.profile : seen(best)
}

/** `lifetime_value` as words. */
export function words(name: string): string {
  return name.replaceAll('_', ' ').replaceAll('.', ': ')
}

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/

/** True for a value that is a moment, to be shown in the workspace's zone. */
export function isMoment(value: unknown): value is string {
  return typeof value === 'string' && ISO_TIME.test(value)
}
