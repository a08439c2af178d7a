/** JSON with sorted keys: equal for equal values. What is compared, hashed and used as a key is written like this. */
import type { JsonValue } from '@tributary/connector-sdk'

export function canonicalJson(value: JsonValue | undefined): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null)
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  const fields = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name])}`)
  return `{${fields.join(',')}}`
}

const isList = (value: object): value is readonly JsonValue[] => Array.isArray(value)
