/** Hides what is personal from those who may not see it: the one place where that happens, by the marks of the schemas. */
import type { Schema } from '../runtime/validation.js'
import { MASK } from './schema.js'

/** A copy of the value in which everything that its schema marks as personal is {@link MASK}. Null stays null. */
export function masked(value: unknown, schema: Schema): unknown {
  return mask(value, schema, schema)
}

function mask(value: unknown, schema: Schema, root: Schema): unknown {
  if (value === null || value === undefined) return value
  if (schema['x-personal'] === true) return MASK
  if (typeof schema.$ref === 'string') return mask(value, definition(root, schema.$ref), root)
  // Of alternatives all speak: what one of them hides is hidden.
  const alternatives = ['anyOf', 'oneOf', 'allOf'].flatMap(
    (key) => (schema[key] as Schema[] | undefined) ?? [],
  )
  const reduced = alternatives.reduce<unknown>((result, branch) => mask(result, branch, root), value)
  if (Array.isArray(reduced)) {
    const items = schema.items as Schema | undefined
    return items === undefined ? reduced : reduced.map((item) => mask(item, items, root))
  }
  if (typeof reduced !== 'object' || reduced === null) return reduced
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>
  const others =
    typeof schema.additionalProperties === 'object' ? (schema.additionalProperties as Schema) : {}
  return Object.fromEntries(
    Object.entries(reduced).map(([key, item]) => [
      key,
      mask(item, Object.hasOwn(properties, key) ? properties[key]! : others, root),
    ]),
  )
}

function definition(root: Schema, reference: string): Schema {
  const definitions = (root.$defs ?? {}) as Readonly<Record<string, Schema>>
  return definitions[reference.replace('#/$defs/', '')] ?? {}
}
