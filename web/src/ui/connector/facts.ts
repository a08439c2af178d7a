/** What a config says of where a connection leads, in the words of its form: addresses, databases, accounts; never a secret. */
import { isSchema, isSecret, orderOf } from '../schema-form/prepare.js'
import type { JsonSchema } from '../schema-form/types.js'
import type { Config } from './api.js'

/** A field and what stands in it. */
export interface Fact {
  readonly title: string
  readonly value: string
  /** Of the field in the form. */
  readonly fieldId: string
}

/** Text and numbers of fields that must be filled in, secrets left out; in the order of the form, also below its choices. */
export function factsOf(spec: JsonSchema, config: Config): readonly Fact[] {
  return factsBelow(spec, config, 'root')
}

function factsBelow(schema: JsonSchema, value: Config, id: string): readonly Fact[] {
  const properties = schema.properties ?? {}
  const own = orderOf(properties).flatMap((name): readonly Fact[] => {
    const property = properties[name]
    const held = value[name]
    if (!isSchema(property) || schema.required?.includes(name) !== true) return []
    if (property.writeOnly === true || isSecret(property)) return []
    const fieldId = `${id}_${name}`
    if (isObject(held)) return factsBelow(property, held, fieldId)
    if (typeof held !== 'string' && typeof held !== 'number') return []
    return [{ title: property.title ?? name, value: String(held), fieldId }]
  })
  const choice = chosen(schema, value)
  return choice === undefined ? own : [...own, ...factsBelow(choice, value, id)]
}

/** The option whose required keys are there. */
function chosen(schema: JsonSchema, value: Config): JsonSchema | undefined {
  const options = (schema.oneOf ?? schema.anyOf ?? []).filter(isSchema)
  return options.find(({ required }) => required?.every((key) => Object.hasOwn(value, key)))
}

/** The host that was refused as private; undefined for any other failure. */
export function refusedHost(message: string): string | undefined {
  if (!message.includes('TRIBUTARY_ALLOW_PRIVATE_ADDRESSES')) return undefined
  return /connecting to (\S+): the address is private/.exec(message)?.[1]
}

function isObject(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
