/** A revision: the immutable content of a workspace at one moment, named by the hash of what it means. */
import { createHash } from 'node:crypto'
import { canonicalJson } from '@tributary/schemas'
import { parseYaml } from './document.js'
import { IDENTITY_FILE, type WorkspaceFiles } from './files.js'

/**
 * SHA-256 (hex) of what the files mean: the same whatever the order of keys, comments, line ends and spacing.
 * @throws when a file is no YAML
 */
export function revisionHash(files: WorkspaceFiles): string {
  const values = Object.fromEntries(
    Object.entries(files).map(([file, text]) => [file, meaning(file, parseYaml(text))]),
  )
  return createHash('sha256').update(canonicalJson(values)).digest('hex')
}

/** The order of keys means something in one place only: the priority of identifiers. */
function meaning(file: string, value: unknown): unknown {
  if (file !== IDENTITY_FILE || typeof value !== 'object' || value === null) return value
  const { identifiers } = value as { readonly identifiers?: unknown }
  const order = typeof identifiers === 'object' && identifiers !== null ? Object.keys(identifiers) : []
  return { ...value, order }
}
