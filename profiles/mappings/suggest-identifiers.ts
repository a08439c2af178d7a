/** Which columns of a stream tell people apart, by their names: numbers of people, addresses, phones, devices. Pure. */

import type { ValueKind } from '../facts/values.js'
import { tokensOf } from './column-words.js'

export interface SuggestMappingInput {
  /** `source.stream`. */
  readonly stream: string
  readonly columns: readonly { readonly name: string; readonly kind: ValueKind }[]
  /** Columns that identify a row; empty where none are known. */
  readonly key: readonly string[]
  /** Types of identity.yaml, by priority. */
  readonly identifiers: readonly string[]
  /** Those of them that other streams of the same source give. @default none */
  readonly ofSource?: readonly string[]
}

/** What people are called where rows are about them. */
export const PEOPLE =
  /^(customer|user|member|contact|person|people|client|profile|lead|subscriber|household|account|patient|student|guest|employee)s?$/
const PERSON_ID =
  /^(customer|user|member|contact|person|client|subscriber|household|patient|student|guest)_?(id|number|no|key|ref)$/

/** Of `shop.public.orders`: orders. */
export function lastWord(stream: string): string {
  return tokensOf(stream.split(/[./]/).at(-1) ?? '').join('_')
}

/**
 * Column by identifier type, by the priority of identity.yaml and then as they were found.
 * @param say told why a column is one
 */
export function suggestIdentifiers(
  { stream, columns, key, identifiers, ofSource = [] }: SuggestMappingInput,
  say: (column: string, type: string, why: string) => void,
): Record<string, string> {
  const found = new Map<string, string>()
  const use = (type: string, column: string, why: string): void => {
    if (found.has(type) || [...found.values()].includes(column)) return
    found.set(type, column)
    say(column, type, why)
  }
  const scalars = columns.filter(({ kind }) => kind === 'text' || kind === 'number')
  for (const { name } of scalars) {
    const type = identifiers.find((known) => tokensOf(known).join('_') === tokensOf(name).join('_'))
    if (type !== undefined) use(type, name, `has the name of the identifier ${type}`)
  }
  for (const { name } of scalars) {
    if (PERSON_ID.test(tokensOf(name).join('_')))
      use(personType(identifiers, ofSource, name), name, 'looks like the number of a person')
  }
  const [id] = key
  const isPeople = PEOPLE.test(lastWord(stream))
  const isNumbered = [...found.values()].some((column) => PERSON_ID.test(tokensOf(column).join('_')))
  if (isPeople && key.length === 1 && scalars.some(({ name }) => name === id) && !isNumbered) {
    const type = personType(identifiers, ofSource, `${lastWord(stream)}_id`)
    use(type, id!, 'is the key of a row about a person')
  }
  for (const { name } of scalars.filter(({ kind }) => kind === 'text')) {
    const words = tokensOf(name)
    const has = (pattern: RegExp) => words.some((word) => pattern.test(word))
    if (has(/^e?mail(address)?$/) && !has(/^(id|status|opt|hash|type|consent|template|subject)$/))
      use('email', name, 'looks like an e-mail address')
    else if (has(/^(phone|mobile|tel|telephone|msisdn|cell)$/) && !has(/^(type|model|consent)$/))
      use('phone', name, 'looks like a phone number')
    else if (words.includes('anonymous') || words.join('_') === 'device_id')
      use('anonymous_id', name, 'looks like the id of a device')
  }
  // By the priority of identity.yaml, then as they were found: numbers of people first.
  const rank = (type: string) => (identifiers.includes(type) ? identifiers.indexOf(type) : identifiers.length)
  return Object.fromEntries([...found].sort(([a], [b]) => rank(a) - rank(b)))
}

/**
 * What a source calls its people is its own: its number 7 is not the 7 of another source. So it is a type of the same name, or one
 * by which other streams of the same source number people, or else a new one.
 */
function personType(identifiers: readonly string[], ofSource: readonly string[], column: string): string {
  const type = tokensOf(column)
    .join('_')
    .replace(/s?_(id|number|no|key|ref)$/, '_id')
  if (identifiers.includes(type)) return type
  return identifiers.find((known) => PERSON_ID.test(known) && ofSource.includes(known)) ?? type
}
