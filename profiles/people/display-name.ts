/** What a person is called, where a trait says so. */
import type { ShownValue } from './shown-value.js'

const WHOLE = ['name', 'full_name', 'display_name']
const FIRST = ['first_name', 'firstname', 'given_name']
const LAST = ['last_name', 'lastname', 'family_name', 'surname']

/** By the names that traits usually have, whatever their case; null where none of them is there. */
export function displayName(traits: Readonly<Record<string, ShownValue>>): string | null {
  const texts = new Map(
    Object.entries(traits).flatMap(([name, value]) =>
      typeof value === 'string' && value.trim() !== '' ? [[name.toLowerCase(), value.trim()]] : [],
    ),
  )
  const firstOf = (names: readonly string[]) => names.map((name) => texts.get(name)).find(Boolean)
  const whole = firstOf(WHOLE)
  if (whole !== undefined) return whole
  const parts = [firstOf(FIRST), firstOf(LAST)].filter((part) => part !== undefined)
  return parts.length === 0 ? null : parts.join(' ')
}
