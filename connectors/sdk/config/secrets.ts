/** Which parts of a config are secret. */
import type { JsonSchema } from '../json.js'
import { pathsOf, stepsOf } from './schema-walk.js'

/**
 * Dotted paths of the secrets of a spec: properties with `writeOnly` (or Airbyte's `airbyte_secret`), in nested objects,
 * alternatives and list items too (`keys[]`). Everything below a secret object is secret.
 */
export function secretPaths(spec: JsonSchema): string[] {
  return pathsOf(spec, ({ writeOnly, airbyte_secret }) => writeOnly === true || airbyte_secret === true)
}

/** The secret texts of a config; numbers as text, objects and lists by their parts. */
export function secretValues(spec: JsonSchema, config: unknown): string[] {
  return [...new Set(secretPaths(spec).flatMap((path) => textsOf(valuesAt(config, path))))]
}

function valuesAt(value: unknown, path: string): unknown[] {
  return stepsOf(path).reduce<unknown[]>(
    (values, key) =>
      values.flatMap((item) => {
        if (key === '[]') return Array.isArray(item) ? (item as unknown[]) : []
        if (typeof item !== 'object' || item === null) return []
        return [(item as Record<string, unknown>)[key]]
      }),
    [value],
  )
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsOf)
}
