/** Rules for the ids that people choose. Pure, usable in workflows. */

/** Databases of the warehouse itself and of Tributary: no source may load into them. */
const RESERVED_SOURCE_IDS: readonly string[] = ['tributary', 'cdp', 'system', 'default', 'information_schema']

const SOURCE_ID = /^[a-z][a-z0-9_]{0,62}$/

/**
 * What is wrong with a source's id, as the end of a sentence that starts with the id; undefined when it is fine. The id
 * names a database that people query without quotes, and is part of workflow ids.
 */
export function sourceIdProblem(id: string): string | undefined {
  if (RESERVED_SOURCE_IDS.includes(id)) return 'is a reserved database name; choose another file name'
  if (SOURCE_ID.test(id)) return undefined
  const proposal = id
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^[^a-z]+/, '')
    .slice(0, 63)
  const remedy = SOURCE_ID.test(proposal) ? `e.g. ${proposal}.yaml` : 'e.g. shop.yaml'
  return `cannot name a database: use lower-case letters, digits and _, starting with a letter, ${remedy}`
}

const DEFINITION_ID = /^[a-z][a-z0-9_-]{0,62}$/

/**
 * What to do about the id of a mapping, a segment, a destination or an activation; undefined when it is fine. Such ids are
 * parts of names in the warehouse, of workflow ids and of addresses, but no names of databases: they may hold `-`.
 */
export function definitionIdProblem(id: string): string | undefined {
  if (DEFINITION_ID.test(id)) return undefined
  return 'rename the file: small letters, digits, _ and -, beginning with a letter'
}

/** `${secret:NAME}`, whole or as part of a text. */
const SECRET_REFERENCE = /\$\{secret:([A-Za-z_][A-Za-z0-9_.-]*)\}/g

/** True when the whole text is one reference to a secret. */
export function isSecretReference(text: string): boolean {
  return new RegExp(`^${SECRET_REFERENCE.source}$`).test(text)
}

/** Names of the secrets that a text refers to, in order. */
export function secretNames(text: string): readonly string[] {
  return [...text.matchAll(SECRET_REFERENCE)].map((match) => match[1]!)
}
