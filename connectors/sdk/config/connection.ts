/** What of a config says where a connection leads and as whom: a credential was given for that, and for nothing else. */
import type { JsonSchema } from '../json.js'
import { alternativesOf, asSchema, conjunctsOf, pathsOf, propertiesOf, stepsOf } from './schema-walk.js'
import { secretPaths } from './secrets.js'

type Steps = readonly string[]

/**
 * The config without its secrets, without what its spec marks `x-connection: false`, and without what is empty. All else
 * counts: a spec that marks nothing errs on the safe side.
 */
export function connectionOf(spec: JsonSchema, config: Readonly<Record<string, unknown>>): unknown {
  const others = pathsOf(spec, (property) => property['x-connection'] === false)
  const left = [...secretPaths(spec), ...others].reduce<unknown>(
    (value, path) => without(value, stepsOf(path)),
    config,
  )
  return withoutEmpty(left) ?? {}
}

/** What a form calls the property at a path (`ssl`, `mode`): the titles on the way, or the last key where it has none. */
export function titleAt(spec: JsonSchema, path: Steps): string {
  let schemas: readonly JsonSchema[] = [spec]
  const titles = path.flatMap((key) => {
    schemas = schemas.flatMap((schema) => below(schema, key))
    const title = schemas.find((schema) => typeof schema.title === 'string')?.title
    return typeof title === 'string' ? [title] : []
  })
  return titles.length === 0 ? String(path.at(-1) ?? '') : [...new Set(titles)].join(', ')
}

function below(schema: JsonSchema, key: string): JsonSchema[] {
  const parts = [schema, ...alternativesOf(schema)].flatMap(conjunctsOf)
  return parts.flatMap((part) => {
    const items = /^\d+$/.test(key) ? asSchema(part.items) : undefined
    return [
      ...propertiesOf(part).flatMap(([name, property]) => (name === key ? [property] : [])),
      ...(items ? [items] : []),
    ]
  })
}

function without(value: unknown, [step, ...rest]: Steps): unknown {
  if (step === undefined) return undefined
  if (step === '[]') return Array.isArray(value) ? value.map((item) => without(item, rest)) : value
  if (!isObject(value) || !Object.hasOwn(value, step)) return value
  return { ...value, [step]: without(value[step], rest) }
}

/** Undefined for what holds nothing. */
function withoutEmpty(value: unknown): unknown {
  if (value === null || value === '') return undefined
  if (Array.isArray(value)) {
    const items = value.map(withoutEmpty)
    return items.some((item) => item !== undefined) ? items.map((item) => item ?? null) : undefined
  }
  if (!isObject(value)) return value
  const entries = Object.entries(value).flatMap(([key, item]) => {
    const kept = withoutEmpty(item)
    return kept === undefined ? [] : [[key, kept] as const]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
