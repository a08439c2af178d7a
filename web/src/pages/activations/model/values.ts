/** What can be sent of a person, and what is most likely meant for a field of a tool. */
import type { Value } from './definition.js'

/** What is known of people, as far as values can name it. */
export interface Known {
  /** Types of identifiers, by priority. */
  readonly identifiers: readonly string[]
  readonly traits: readonly KnownTrait[]
}

interface KnownTrait {
  readonly trait: string
  /** How many people have a value, by its kind. */
  readonly people: { readonly [kind in 'text' | 'number' | 'boolean' | 'time' | 'list']?: number }
}

/** A field of a tool, as far as it decides what fits. */
export interface TargetField {
  readonly name: string
  readonly type: string
}

/** How a value is said: by its name, or as one of the kinds that are written. */
export type ValueKind = 'named' | 'constant' | 'template' | 'split'

export function kindOf(value: Value): ValueKind {
  if (typeof value === 'string') return 'named'
  if ('constant' in value) return 'constant'
  return 'template' in value ? 'template' : 'split'
}

/** What a value of another kind begins with; a name that was chosen goes into the text. */
export function freshValue(kind: Exclude<ValueKind, 'named'>, before: Value | undefined): Value {
  if (kind === 'constant') return { constant: '' }
  if (kind === 'split') return { split: { a: 0.5, b: 0.5 } }
  return { template: typeof before === 'string' ? `{{ ${before} }}` : '' }
}

/** A choice in the list of values. */
export interface NamedValue {
  readonly value: string
  readonly label: string
}

/** As a list of choices takes it. */
interface ValueGroup {
  readonly group: string
  readonly items: NamedValue[]
}

/** Everything that a value can name, in groups as a list shows them. */
export function namedValues({ identifiers, traits }: Known): ValueGroup[] {
  return [
    {
      group: 'Who somebody is',
      items: [
        ...identifiers.map((type) => ({ value: `identifiers.${type}`, label: wordsOf(type) })),
        { value: 'profile.id', label: 'Profile number' },
      ],
    },
    {
      group: 'What is known of somebody',
      items: traits.map(({ trait }) => ({ value: `traits.${trait}`, label: wordsOf(trait) })),
    },
    {
      group: 'The segment',
      items: [
        { value: 'segment.name', label: 'Name of the segment' },
        { value: 'segment.id', label: 'Id of the segment' },
      ],
    },
  ].filter(({ items }) => items.length > 0)
}

/** A name as people read it: `first_name` is `First name`. */
export function wordsOf(name: string): string {
  const words = name.replaceAll(/[_.]/g, ' ').trim()
  return words === '' ? name : words.charAt(0).toUpperCase() + words.slice(1)
}

/** Names that tools have for the same thing; each begins with what it is called here most often. */
const SAME: readonly (readonly string[])[] = [
  ['phone', 'phonenumber', 'mobile', 'mobilephone', 'tel'],
  ['email', 'emailaddress', 'mail'],
  ['customerid', 'externalid', 'userid'],
  ['firstname', 'fn', 'givenname'],
  ['lastname', 'ln', 'surname', 'familyname'],
  ['country', 'countrycode'],
  ['zip', 'postcode', 'postalcode', 'zipcode'],
]

/** What a field most likely takes: something of the same name whose values are of its type. Identifiers go before traits. */
export function suggestValue({ name, type }: TargetField, known: Known): string | undefined {
  const wanted = [plain(name), ...(SAME.find((names) => names.includes(plain(name))) ?? [])]
  const named = [
    ...known.identifiers.map((id) => ({ value: `identifiers.${id}`, name: plain(id), kinds: ['text'] })),
    ...known.traits.map(({ trait, people }) => ({
      value: `traits.${trait}`,
      name: plain(trait),
      kinds: Object.keys(people),
    })),
  ].filter(({ kinds }) => fits(type, kinds))
  for (const each of wanted) {
    const found = named.find((value) => value.name === each)
    if (found !== undefined) return found.value
  }
  return undefined
}

/** The name that a field gets where the tool takes any. */
export function fieldNameFor(value: string, taken: readonly string[]): string {
  const name = value.slice(value.indexOf('.') + 1)
  const base = value.startsWith('segment.') ? `segment_${name}` : value === 'profile.id' ? 'profile_id' : name
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? base : `${base}_${number}`
    if (!taken.includes(candidate)) return candidate
  }
}

const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

/** Whether values of these kinds can be of the type; of a trait that nobody has yet nothing is known. */
function fits(type: string, kinds: readonly string[]): boolean {
  if (kinds.length === 0) return true
  if (/array/.test(type)) return true
  if (/date|timestamp|\btime\b/.test(type)) return kinds.includes('time') || kinds.includes('text')
  if (/^bool/.test(type)) return kinds.includes('boolean')
  if (/^(u?int|float|double|decimal|number|integer)/.test(type)) return kinds.includes('number')
  return kinds.some((kind) => kind !== 'list') || type === 'any'
}
