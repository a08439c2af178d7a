/** What the builder says where a definition is not complete: what is blank is to be chosen, and no mistake yet. */
import { sentenceOf } from '../../../ui/words.js'
import type { Json, Path } from './definition.js'

interface Problem {
  /** The rest of the path inside the condition. */
  readonly rest: Path
  readonly message: string
  readonly remedy: string
}

/** By the key whose value is blank. */
const CHOOSE: Readonly<Record<string, string>> = {
  performed: 'Choose an event.',
  trait: 'Choose a trait.',
  segment: 'Choose a segment.',
  list: 'Choose a list.',
  consent: 'Choose what they agreed to.',
  property: 'Choose a property.',
  all: 'Add a condition to this group.',
  any: 'Add a condition to this group.',
}

/** @param condition as the file has it; the problem's path leads into it */
export function problemWords(condition: Json, { rest, message, remedy }: Problem): string {
  if (!isBlank(valueAt(condition, rest))) return sentenceOf(`${message}: ${remedy}`)
  const known = CHOOSE[String(rest.at(-1))]
  if (known !== undefined) return known
  return rest.at(-2) === 'aggregate' ? 'Choose what is computed with.' : 'Fill in what to compare with.'
}

function valueAt(value: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>(
    (within, key) => (within as Readonly<Record<string | number, Json>> | null | undefined)?.[key],
    value,
  )
}

function isBlank(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}
