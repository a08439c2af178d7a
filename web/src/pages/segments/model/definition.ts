/**
 * A segment's definition as the API takes and gives it (the value of segments/<id>.yaml). Loose on purpose: a definition that
 * somebody is still writing, or wrote by hand, has to pass through here whatever is wrong with it.
 */

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

/** A segment as a file. */
export interface Definition {
  readonly name: string
  readonly description?: string
  readonly time_zone?: string
  /** A condition, or all / any / not of conditions. */
  readonly who: Json
}

/** Keys and indexes from the definition's root, as the API names the place of a problem. */
export type Path = readonly (string | number)[]

/** True for `{ … }`. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** True where two values are the same, whatever the order of their keys. */
export function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((each, index) => isSame(each, other[index]))
  if (isObject(one) && isObject(other)) {
    const keys = Object.keys(one)
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => key in other && isSame(one[key], other[key]))
    )
  }
  return Object.is(one, other)
}
