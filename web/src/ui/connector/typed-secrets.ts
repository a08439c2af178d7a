/**
 * Secrets on their way to the server. A form keeps what was typed beside its data and names it there; whoever tries or keeps
 * the config sends the typed values in their places, and the server answers with references in their stead.
 */

type Json = unknown

/** The data with typed values in place of the references to them; references to secrets that are kept already stay. */
export function withTypedSecrets<Data>(data: Data, typed: Readonly<Record<string, string>>): Data {
  return replace(data, typed) as Data
}

function replace(value: Json, typed: Readonly<Record<string, string>>): Json {
  if (typeof value === 'string') {
    const name = /^\$\{secret:([A-Za-z_][A-Za-z0-9_.-]*)\}$/.exec(value)?.[1]
    return name !== undefined && Object.hasOwn(typed, name) ? typed[name] : value
  }
  if (Array.isArray(value)) return value.map((item) => replace(item, typed))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, typed)]))
}
