/** Finds a connector by what a workspace file calls it: a package name, or a path of the workspace. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { nearestName } from '@tributary/schemas'
import type { SourceDefinition } from '../contract.js'
import type { DestinationDefinition } from '../destination.js'
import { ConnectorError, ConnectorErrorKind } from '../errors.js'
import { type ConnectorManifest, listConnectors, readManifest } from './list-connectors.js'

/** What is known of a connector's package, whatever its kind. */
export interface LoadedPackage {
  readonly name: string
  readonly version: string
  readonly title: string
  /** The package's folder. */
  readonly directory: string
}

export interface LoadedConnector extends LoadedPackage {
  readonly source: SourceDefinition<Record<string, unknown>>
}

export interface LoadedDestination extends LoadedPackage {
  readonly destination: DestinationDefinition<Record<string, unknown>>
}

type Kind = ConnectorManifest['kind']

/** Where this kit is installed: connectors beside it are found without being installed in the workspace. */
const INSTALLATION = dirname(fileURLToPath(import.meta.url))

/**
 * Loads a source connector. A name is looked for in the node_modules of `fromDirectory` and above, then of this
 * installation; a bare `source-x` also as `@tributary/source-x`. A path starts with `.` or `/` and at `fromDirectory`.
 * @throws ConnectorError ConfigInvalid when there is no such connector (with the nearest name) or it is no source;
 * ContractViolation when its code fails to load.
 */
export async function loadConnector(reference: string, fromDirectory: string): Promise<LoadedConnector> {
  const { entry, ...loaded } = await loadPackage(reference, fromDirectory, 'source')
  if (isSource(entry)) return { ...loaded, source: entry }
  throw noDefinition(reference, 'source')
}

/** Loads a destination connector, as {@link loadConnector} does a source. */
export async function loadDestination(reference: string, fromDirectory: string): Promise<LoadedDestination> {
  const { entry, ...loaded } = await loadPackage(reference, fromDirectory, 'destination')
  if (isDestination(entry)) return { ...loaded, destination: entry }
  throw noDefinition(reference, 'destination')
}

/** Loads a connector of either kind, as {@link loadConnector} does a source. */
export async function loadAnyConnector(
  reference: string,
  fromDirectory: string,
): Promise<LoadedConnector | LoadedDestination> {
  const manifest = readManifest(findDirectory(reference, fromDirectory))
  // What is no connector at all is refused with the words of a source.
  return manifest?.kind === 'destination'
    ? loadDestination(reference, fromDirectory)
    : loadConnector(reference, fromDirectory)
}

/** The package of a connector and the default export of its entry. */
async function loadPackage(
  reference: string,
  fromDirectory: string,
  kind: Kind,
): Promise<LoadedPackage & { readonly entry: unknown }> {
  const directory = findDirectory(reference, fromDirectory, kind)
  const fail = (errorKind: ConnectorErrorKind, text: string): ConnectorError =>
    new ConnectorError(errorKind, `loading the connector ${reference}: ${text}`)
  const manifest = readManifest(directory)
  if (!manifest) {
    throw fail('ConfigInvalid', 'its package.json has no tributary field; name a connector package')
  }
  if (manifest.kind !== kind) {
    throw fail('ConfigInvalid', `it is a ${manifest.kind}, not a ${kind}; use it in ${manifest.kind}s/`)
  }
  const entry = join(directory, manifest.entry)
  if (!existsSync(entry)) {
    throw fail('ConfigInvalid', `${manifest.entry} does not exist; build the connector first (npm run build)`)
  }
  const { name, version, title } = manifest
  try {
    const loaded = (await import(pathToFileURL(entry).href)) as { readonly default?: unknown }
    return { name, version, title, directory, entry: loaded.default }
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown error'
    throw fail('ContractViolation', `its code fails to load (${message}); report it to its author`)
  }
}

/** @param kind of the connectors that a wrong name is compared with; absent: of both kinds */
function findDirectory(reference: string, fromDirectory: string, kind?: Kind): string {
  if (/^(\.{1,2}([/\\]|$)|[/\\])/.test(reference)) {
    const directory = resolve(fromDirectory, reference)
    if (existsSync(join(directory, 'package.json'))) return directory
    throw new ConnectorError(
      ConnectorErrorKind.ConfigInvalid,
      `loading the connector ${reference}: there is no package.json in ${directory}; correct the path`,
    )
  }
  if (!/^(@[\w.-]+\/)?[\w][\w.-]*$/.test(reference)) throw notFound(reference, [], kind)
  const names = reference.startsWith('@') ? [reference] : [reference, `@tributary/${reference}`]
  const folders = [...modulesAbove(resolve(fromDirectory)), ...modulesAbove(INSTALLATION)]
  for (const folder of folders) {
    for (const name of names) {
      if (existsSync(join(folder, name, 'package.json'))) return join(folder, name)
    }
  }
  throw notFound(reference, folders, kind)
}

/** node_modules of a folder and of all above it, nearest first, as Node looks for packages. */
function modulesAbove(directory: string): string[] {
  const above = dirname(directory)
  return [join(directory, 'node_modules'), ...(above === directory ? [] : modulesAbove(above))]
}

function notFound(reference: string, folders: readonly string[], kind?: Kind): ConnectorError {
  const known = listConnectors(folders)
    .filter((manifest) => kind === undefined || manifest.kind === kind)
    .flatMap(({ name }) =>
      name.startsWith('@tributary/') ? [name, name.slice('@tributary/'.length)] : [name],
    )
  const nearest = nearestName(reference, known)
  return new ConnectorError(
    ConnectorErrorKind.ConfigInvalid,
    `loading the connector ${reference}: there is no such package${nearest ? `, did you mean ${nearest}?` : ''}; ` +
      'correct the name, or install it with npm install in the workspace',
  )
}

function noDefinition(reference: string, kind: Kind): ConnectorError {
  return new ConnectorError(
    ConnectorErrorKind.ContractViolation,
    `loading the connector ${reference}: its entry has no ${kind} as default export; report it to its author`,
  )
}

function isSource(value: unknown): value is SourceDefinition<Record<string, unknown>> {
  return isDefinition(value, 'streams')
}

function isDestination(value: unknown): value is DestinationDefinition<Record<string, unknown>> {
  return isDefinition(value, 'objects')
}

/** @param listed the member that lists what it has, or finds it */
function isDefinition(value: unknown, listed: 'streams' | 'objects'): boolean {
  if (typeof value !== 'object' || value === null) return false
  const definition = value as Readonly<Record<string, unknown>>
  const list = definition[listed]
  return (
    'spec' in definition &&
    typeof definition.check === 'function' &&
    (Array.isArray(list) || typeof list === 'function')
  )
}
