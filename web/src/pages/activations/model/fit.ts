/** How an activation fits the object that it is sent to: what can happen there, by what records are found, which fields it takes. */
import type { components } from '../../../api/schema.js'
import { type Definition, type Mode, type Value, type Values, withPart } from './definition.js'
import { type Known, suggestValue } from './values.js'

/** What can be written at a destination, as it says itself. */
export type TargetObject = components['schemas']['DiscoveredObject']
export type TargetField = TargetObject['fields'][number]

/** What a mode is called, and what it means. */
export const MODES: readonly { readonly mode: Mode; readonly title: string; readonly meaning: string }[] = [
  {
    mode: 'mirror',
    title: 'Keep in step',
    meaning: 'Who enters the segment is added, who changes is updated, who leaves is removed.',
  },
  {
    mode: 'upsert',
    title: 'Add and update only',
    meaning: 'Who enters is added, who changes is updated. Nobody is ever removed.',
  },
  {
    mode: 'append',
    title: 'Report who enters and leaves',
    meaning: 'An event is added for everyone who enters or leaves. What was reported stays.',
  },
  {
    mode: 'full',
    title: 'Send everybody, every time',
    meaning: 'All members are sent in each run, changed or not.',
  },
]

const NEEDED: Readonly<Record<Mode, readonly (readonly string[])[]>> = {
  upsert: [['upsert']],
  mirror: [['upsert', 'remove']],
  append: [['append']],
  full: [['replace'], ['upsert']],
}

/** Modes that the object has the operations for, in the order in which they are offered. */
export function modesOf({ operations }: Pick<TargetObject, 'operations'>): readonly Mode[] {
  return MODES.map(({ mode }) => mode).filter((mode) =>
    NEEDED[mode].some((needed) => needed.every((operation) => operations.includes(operation))),
  )
}

/** The field of that name; undefined where the object does not name it. */
export function fieldOf(object: TargetObject | undefined, name: string): TargetField | undefined {
  return object?.fields.find((field) => field.name === name)
}

/** What people call a field. */
export function titleOf(object: TargetObject | undefined, name: string): string {
  return fieldOf(object, name)?.title ?? name
}

/** Fields of the object that must have a value and have none yet. */
export function requiredLeft(definition: Definition, object: TargetObject): readonly TargetField[] {
  const { match, fields = {} } = definition
  return object.fields.filter(
    ({ name, required }) => required && !Object.hasOwn(match, name) && !Object.hasOwn(fields, name),
  )
}

/** The key of the object that the definition finds records by; undefined: none of its keys. */
export function keyInUse(definition: Definition, object: TargetObject): readonly string[] | undefined {
  const names = Object.keys(definition.match).sort().join('\0')
  return object.matchKeys.find((key) => [...key].sort().join('\0') === names)
}

/** Goes over to an object: what fits it stays, and what it needs is proposed. */
export function chooseObject(definition: Definition, object: TargetObject, known: Known): Definition {
  const modes = modesOf(object)
  const chosen = {
    ...definition,
    object: object.name,
    mode:
      modes.includes(definition.mode) && definition.object !== '' ? definition.mode : (modes[0] ?? 'upsert'),
  }
  const keyed =
    keyInUse(chosen, object) === undefined ? chooseKey(chosen, bestKey(object, known), object, known) : chosen
  const missing = requiredLeft(keyed, object).flatMap((field) => {
    const value = suggestValue(field, known)
    return value === undefined ? [] : [[field.name, value] as const]
  })
  return missing.length === 0
    ? keyed
    : { ...keyed, fields: { ...keyed.fields, ...Object.fromEntries(missing) } }
}

/** Finds records by another key: its fields keep the values that they have, or get what is most likely meant. */
export function chooseKey(
  definition: Definition,
  key: readonly string[],
  object: TargetObject,
  known: Known,
): Definition {
  const { match, fields = {} } = definition
  const entries = key.flatMap((name) => {
    const value =
      match[name] ?? fields[name] ?? suggestValue(fieldOf(object, name) ?? { name, type: 'string' }, known)
    return value === undefined ? [] : [[name, value] as const]
  })
  const others = Object.entries(fields).filter(([name]) => !key.includes(name))
  return withPart(
    { ...definition, match: Object.fromEntries(entries) as Values },
    'fields',
    others.length === 0 ? undefined : Object.fromEntries(others),
  )
}

/** The first key whose fields all have a likely value; of an object that is found by anything, the first identifier. */
function bestKey({ matchKeys, fields }: TargetObject, known: Known): readonly string[] {
  if (matchKeys.length === 0)
    return known.identifiers.includes('email') ? ['email'] : known.identifiers.slice(0, 1)
  const typeOf = (name: string) => fields.find((field) => field.name === name)?.type ?? 'string'
  const likely = matchKeys.find((key) =>
    key.every((name) => suggestValue({ name, type: typeOf(name) }, known)?.startsWith('identifiers.')),
  )
  return likely ?? matchKeys[0]!
}

/** Fields that are not sent yet, and what is known under the same name. */
export function suggestions(
  definition: Definition,
  object: TargetObject,
  known: Known,
): readonly { readonly name: string; readonly value: Value }[] {
  const { match, fields = {} } = definition
  return object.fields.flatMap((field) => {
    if (Object.hasOwn(match, field.name) || Object.hasOwn(fields, field.name)) return []
    const value = suggestValue(field, known)
    return value === undefined ? [] : [{ name: field.name, value }]
  })
}
