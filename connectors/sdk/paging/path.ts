/** Reading a place in a JSON body by a dotted path. */

/** The value at `data.items`, or undefined when a part of the path is missing. Own properties only. */
export function valueAt(body: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    return (value as Record<string, unknown>)[key]
  }, body)
}
