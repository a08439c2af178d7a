/** Walking a config schema: its properties, its alternatives, and which alternative a value has chosen. */
import type { JsonSchema } from '../json.js'

export function asSchema(value: unknown): JsonSchema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonSchema)
    : undefined
}

export function propertiesOf(schema: JsonSchema): [string, JsonSchema][] {
  return Object.entries(asSchema(schema.properties) ?? {}).flatMap(([key, value]) => {
    const property = asSchema(value)
    return property ? [[key, property] as [string, JsonSchema]] : []
  })
}

/** The schemas of `oneOf` and `anyOf`. */
export function alternativesOf(schema: JsonSchema): JsonSchema[] {
  return [schema.oneOf, schema.anyOf].flatMap((list) => (Array.isArray(list) ? list.flatMap(toSchema) : []))
}

/** The schemas that all hold: the schema itself and those of `allOf`. */
export function conjunctsOf(schema: JsonSchema): JsonSchema[] {
  return [schema, ...(Array.isArray(schema.allOf) ? schema.allOf.flatMap(toSchema).flatMap(conjunctsOf) : [])]
}

/** The alternative whose constants the value has, e.g. `auth_type: oauth`; undefined when none or no constants decide. */
export function chosenAlternative(schema: JsonSchema, value: unknown): JsonSchema | undefined {
  const alternatives = alternativesOf(schema)
  if (typeof value !== 'object' || value === null) return undefined
  return alternatives.find((alternative) => {
    const constants = propertiesOf(alternative).filter(([, property]) => 'const' in property)
    return (
      constants.length > 0 &&
      constants.every(([key, property]) => (value as Record<string, unknown>)[key] === property.const)
    )
  })
}

function toSchema(value: unknown): JsonSchema[] {
  const schema = asSchema(value)
  return schema ? [schema] : []
}
