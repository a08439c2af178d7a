/** The connectors that a person can choose from, and what one asks for: for forms. */
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { type ConnectorManifest, type JsonSchema, loadAnyConnector } from '@tributary/connector-sdk'
import { nearestName } from '@tributary/schemas'
import { connectors } from './connectors.js'
import type { OperationContext } from './context.js'

export type CatalogueContext = Pick<OperationContext, 'workspaceDir'>

export interface CatalogueEntry {
  /** Of the package; those of Tributary's own without their scope. */
  readonly name: string
  /** What a file of the workspace calls it. */
  readonly reference: string
  readonly kind: 'source' | 'destination'
  readonly title: string
  readonly description: string
  readonly version: string
  /** How far it is: `alpha`, `beta`, `stable`; null where its package does not say. */
  readonly status: string | null
  /** Whether it was run against a real account of its vendor; null where there are no accounts. */
  readonly triedOnLiveAccount: boolean | null
  /** A picture as a `data:` address; null where it has none. */
  readonly icon: string | null
}

export interface CatalogueDetails extends CatalogueEntry {
  /** JSON Schema of its config; secrets are `writeOnly`. */
  readonly spec: JsonSchema
  /** Its guide, Markdown; null where it has none. */
  readonly guide: string | null
}

/** No such connector is installed. */
export class ConnectorUnknown extends Error {
  override readonly name = 'ConnectorUnknown'
}

/** By name. */
export function listCatalogue({ workspaceDir }: CatalogueContext): Promise<readonly CatalogueEntry[]> {
  return Promise.all(installed(workspaceDir).map((manifest) => entryOf(workspaceDir, manifest)))
}

/** @param nameOrReference as the catalogue or a file says it @throws ConnectorUnknown with the nearest name */
export async function catalogueEntry(
  context: CatalogueContext,
  nameOrReference: string,
): Promise<CatalogueEntry> {
  return entryOf(context.workspaceDir, findManifest(context.workspaceDir, nameOrReference))
}

/** The same with its spec and guide; runs the connector's module. @throws ConnectorUnknown, ConnectorError */
export async function catalogueDetails(
  context: CatalogueContext,
  nameOrReference: string,
): Promise<CatalogueDetails> {
  const manifest = findManifest(context.workspaceDir, nameOrReference)
  const entry = await entryOf(context.workspaceDir, manifest)
  const loaded = await loadAnyConnector(entry.reference, context.workspaceDir)
  const { spec } = 'source' in loaded ? loaded.source : loaded.destination
  const guide = await fileOf(manifest, manifest.docs, /\.md$/)
  return { ...entry, spec, guide: guide?.toString('utf8') ?? null }
}

/** Looking reads every package above the workspace, and nothing else is done meanwhile: not at every request. */
const LOOK_AGAIN_MS = 10_000
const looked = new Map<string, { readonly atMs: number; readonly found: readonly ConnectorManifest[] }>()

function installed(workspaceDir: string): readonly ConnectorManifest[] {
  const before = looked.get(workspaceDir)
  if (before && performance.now() - before.atMs < LOOK_AGAIN_MS) return before.found
  const found = connectors(workspaceDir)
  looked.set(workspaceDir, { atMs: performance.now(), found })
  return found
}

/** Titles by all that files may call their connectors. */
export function catalogueTitles(workspaceDir: string): ReadonlyMap<string, string> {
  return new Map(
    installed(workspaceDir).flatMap((manifest) => [
      [manifest.name, manifest.title] as const,
      [referenceOf(workspaceDir, manifest), manifest.title] as const,
    ]),
  )
}

function findManifest(workspaceDir: string, nameOrReference: string): ConnectorManifest {
  const isMeant = (manifest: ConnectorManifest) =>
    manifest.name === nameOrReference ||
    shortName(manifest.name) === nameOrReference ||
    referenceOf(workspaceDir, manifest) === nameOrReference
  let known = installed(workspaceDir)
  if (!known.some(isMeant)) {
    // It may have been installed a moment ago.
    looked.delete(workspaceDir)
    known = installed(workspaceDir)
  }
  const found = known.find(isMeant)
  if (found) return found
  const meant = nearestName(
    nameOrReference,
    known.map(({ name }) => shortName(name)),
  )
  const remedy = meant === undefined ? 'see tributary connector list' : `did you mean ${meant}?`
  throw new ConnectorUnknown(`finding the connector ${nameOrReference}: it is not installed; ${remedy}`)
}

async function entryOf(workspaceDir: string, manifest: ConnectorManifest): Promise<CatalogueEntry> {
  const { name, kind, title, description = '', version, status = null, triedOnLiveAccount = null } = manifest
  return {
    name: shortName(name),
    reference: referenceOf(workspaceDir, manifest),
    kind,
    title,
    description,
    version,
    status,
    triedOnLiveAccount,
    icon: await iconOf(manifest),
  }
}

function shortName(name: string): string {
  return name.replace(/^@tributary\//, '')
}

/** Those of the workspace's own folder have no place where packages are looked for. */
function referenceOf(workspaceDir: string, { name, directory }: ConnectorManifest): string {
  const own = path.relative(path.join(workspaceDir, 'connectors'), directory)
  const isOwn = own !== '' && !own.startsWith('..') && !path.isAbsolute(own)
  return isOwn ? `./connectors/${own.split(path.sep).join('/')}` : shortName(name)
}

const MAX_FILE_BYTES = 262_144

async function iconOf(manifest: ConnectorManifest): Promise<string | null> {
  const icon = await fileOf(manifest, manifest.icon, /\.svg$/)
  return icon ? `data:image/svg+xml;base64,${icon.toString('base64')}` : null
}

/** A file that a package names; undefined where it has none, or one that is no small file of its own. */
async function fileOf(
  { directory }: ConnectorManifest,
  name: string | undefined,
  pattern: RegExp,
): Promise<Buffer | undefined> {
  if (name === undefined || !pattern.test(name)) return undefined
  const file = path.resolve(directory, name)
  if (!file.startsWith(directory + path.sep)) return undefined
  const size = await stat(file).then(
    (stats) => (stats.isFile() ? stats.size : MAX_FILE_BYTES + 1),
    () => MAX_FILE_BYTES + 1,
  )
  return size > MAX_FILE_BYTES ? undefined : readFile(file)
}
