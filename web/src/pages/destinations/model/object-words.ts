/** What a destination can hold, in words: how records are written, found and taken back, and what each field takes. */
import type { DiscoveredObject } from '../api.js'

type Field = DiscoveredObject['fields'][number]

const WRITING: Readonly<Record<string, string>> = {
  upsert: 'adds and changes',
  remove: 'removes',
  append: 'notes who came and who left',
  replace: 'puts a whole list in place of the last',
}

/** "Adds and changes, removes." */
export function writingOf({ operations }: Pick<DiscoveredObject, 'operations'>): string {
  return sentence(operations.map((operation) => WRITING[operation] ?? operation).join(', '))
}

/** "A record is found by email, or by phone and country." */
export function findingOf(object: Pick<DiscoveredObject, 'matchKeys' | 'fields'>): string {
  const keys = object.matchKeys.map((fields) => joined(fields.map((name) => titleIn(object.fields, name))))
  return keys.length === 0
    ? 'A record is found by whatever the activation names.'
    : `A record is found by ${keys.join(', or by ')}.`
}

const TAKING_BACK: Readonly<Record<string, string>> = {
  inverse: 'A run can be taken back.',
  compensate: 'A run is taken back by further messages that say the opposite.',
  none: 'A run cannot be taken back.',
}

/** "A run can be taken back." */
export function takingBackOf({ undo }: Pick<DiscoveredObject, 'undo'>): string {
  return TAKING_BACK[undo] ?? ''
}

/** What a field demands besides its kind: "required", "finds the record", "sent as a hash only". */
export function marksOf(
  { name, required, hashed, personal, oneOf, maxLength }: Field,
  matchKeys: DiscoveredObject['matchKeys'],
): readonly string[] {
  return [
    ...(required ? ['required'] : []),
    ...(matchKeys.some((key) => key.includes(name)) ? ['finds the record'] : []),
    ...(hashed ? ['sent as a hash only'] : []),
    ...(personal ? ['personal data'] : []),
    ...(oneOf === undefined ? [] : [`one of ${oneOf.join(', ')}`]),
    ...(maxLength === undefined ? [] : [`at most ${maxLength.toLocaleString('en')} characters`]),
  ]
}

function titleIn(fields: readonly Field[], name: string): string {
  return fields.find((field) => field.name === name)?.title?.toLowerCase() ?? name
}

function joined(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
