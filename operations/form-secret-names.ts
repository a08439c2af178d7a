/** Names under which secrets that were typed into a form are kept, and what a form shows in their place. */
import { createHash } from 'node:crypto'
import { canonicalJson } from '@tributary/schemas'

/** Stands in place of a secret that a file holds itself, though none should. */
export const HIDDEN_SECRET = '•••'

/** A field of a source's or destination's form. */
export interface SecretPlace {
  readonly kind: 'source' | 'destination'
  readonly id: string
  /** Keys and indexes. */
  readonly path: readonly string[]
}

/** Where a connector goes with a config. */
export interface ConnectionOfUse {
  /** As the catalogue calls it. */
  readonly connector: string
  /** What `connectionOf` says of the config. */
  readonly connection: unknown
}

/** `SOURCE_SHOP__PASSWORD`: parts of a name are joined by one `_`, names by two. */
export function keptName({ kind, id, path }: SecretPlace): string {
  return `${nameOf(56, kind, id)}__${nameOf(56, ...path)}`
}

/**
 * The name of a secret while its config is tried. It holds what the secret was typed for: with another address, nobody has
 * the name of it.
 */
export function trialName(place: SecretPlace, { connector, connection }: ConnectionOfUse): string {
  const { kind, id, path } = place
  const typedFor = canonicalJson([kind, id, path, connector, connection])
  const digest = createHash('sha256').update(typedFor).digest('hex').slice(0, 32).toUpperCase()
  return `${trialPrefix({ kind, id })}${nameOf(40, ...path)}_${digest}`
}

/** What the names of all trials of a source or destination begin with. */
export function trialPrefix({ kind, id }: Pick<SecretPlace, 'kind' | 'id'>): string {
  return `DRAFT_${nameOf(40, kind, id)}__`
}

/** What stands in a config in place of the secret. */
export function referenceTo(name: string): string {
  return `\${secret:${name}}`
}

function nameOf(length: number, ...parts: readonly string[]): string {
  const name = parts.join('_').toUpperCase()
  return name.replace(/[^A-Z0-9]+/g, '_').slice(0, length)
}
