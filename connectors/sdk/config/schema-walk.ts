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

/**
 * Dotted paths of the outermost properties that a test picks, in nested objects, alternatives and list items too (`keys[]`),
 * each once.
 */
export function pathsOf(schema: JsonSchema, isMeant: (property: JsonSchema) => boolean): string[] {
  return [...new Set(collect(schema, '', isMeant))]
}

function collect(schema: JsonSchema, path: string, isMeant: (property: JsonSchema) => boolean): string[] {
  if (path !== '' && isMeant(schema)) return [path]
  return conjunctsOf(schema).flatMap((part) => {
    const items = asSchema(part.items)
    return [
      ...propertiesOf(part).flatMap(([key, property]) =>
        collect(property, path === '' ? key : `${path}.${key}`, isMeant),
      ),
      ...alternativesOf(part).flatMap((alternative) => collect(alternative, path, isMeant)),
      ...(items ? collect(items, `${path}[]`, isMeant) : []),
    ]
  })
}

/** The steps of a path of {@link pathsOf}: `keys[].key` is `keys`, `[]`, `key`. */
export function stepsOf(path: string): readonly string[] {
  return path.split(/\.|(?=\[\])/)
}

function toSchema(value: unknown): JsonSchema[] {
  const schema = asSchema(value)
  return schema ? [schema] : []
}
