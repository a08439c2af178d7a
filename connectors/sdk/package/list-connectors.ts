/** Which connectors are installed, from their package.json alone: no code of theirs runs. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a connector's package.json says of it. */
export interface ConnectorManifest {
  readonly name: string
  readonly version: string
  readonly kind: 'source' | 'destination'
  readonly title: string
  readonly description?: string
  readonly status?: string
  /** Whether it was run against a real account of its vendor; absent where there are no accounts. */
  readonly triedOnLiveAccount?: boolean
  /** Relative to the directory. */
  readonly icon?: string
  readonly docs?: string
  readonly directory: string
  /** The module with the default export, relative to the directory. */
  readonly entry: string
}

/**
 * The connectors in the given folders: packages, and packages within `@scope` folders. A folder that does not exist holds
 * none; of a name that comes twice the first counts. Sorted by name.
 */
export function listConnectors(directories: readonly string[]): ConnectorManifest[] {
  const found = new Map<string, ConnectorManifest>()
  for (const directory of directories) {
    for (const name of foldersIn(directory)) {
      const packages = name.startsWith('@')
        ? foldersIn(join(directory, name)).map((inner) => join(directory, name, inner))
        : [join(directory, name)]
      for (const folder of packages) {
        const manifest = readManifest(folder)
        if (manifest && !found.has(manifest.name)) found.set(manifest.name, manifest)
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The manifest of one package's folder, or undefined when it is no connector. */
export function readManifest(directory: string): ConnectorManifest | undefined {
  const file = readJson(join(directory, 'package.json'))
  const tributary = asObject(file?.tributary)
  const kind = tributary?.kind
  if (!file || !tributary || (kind !== 'source' && kind !== 'destination')) return undefined
  const name = text(file.name) ?? ''
  return {
    name,
    version: text(file.version) ?? '0.0.0',
    kind,
    title: text(tributary.title) ?? name,
    directory,
    entry: entryOf(file),
    ...optional('description', text(tributary.description) ?? text(file.description)),
    ...optional('status', text(tributary.status)),
    ...(typeof tributary.triedOnLiveAccount === 'boolean' && {
      triedOnLiveAccount: tributary.triedOnLiveAccount,
    }),
    ...optional('icon', text(tributary.icon)),
    ...optional('docs', text(tributary.docs)),
  }
}

function entryOf(file: Record<string, unknown>): string {
  const exported = asObject(file.exports)?.['.'] ?? file.exports
  const conditions = asObject(exported)
  return (
    text(exported) ?? text(conditions?.import) ?? text(conditions?.default) ?? text(file.main) ?? 'index.js'
  )
}

function foldersIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => !name.startsWith('.'))
  } catch {
    return []
  }
}

function readJson(path: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function optional<Key extends string>(key: Key, value: string | undefined): { [K in Key]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: string }
}
