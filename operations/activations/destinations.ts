/** Destinations as the page lists them, drafts beside what is published, and what can be written to one. */
import { type DestinationFile, destinationFileSchema } from '@tributary/schemas'
import { schemaProblems } from '../../runtime/validation.js'
import { parseYaml } from '../../workspace/document.js'
import { idOf, readFiles, type WorkspaceFiles } from '../../workspace/files.js'
import { discoverApart } from '../apart/connectors.js'
import { connectedConfig } from '../connected-documents.js'
import { catalogueTitles } from '../connector-catalogue.js'
import type { OperationContext } from '../context.js'
import type { DiscoveredObject } from '../discovered-objects.js'
import { publishedRevision } from '../published-workspace.js'
import { type DraftState, listFiles } from '../workspace-files.js'

type DestinationsContext = Pick<OperationContext, 'warehouse' | 'workspaceDir'>

export interface ListedDestination {
  readonly id: string
  readonly state: DraftState
  /** Of the draft; null where there is none any more. */
  readonly etag: string | null
  /** As its file says it; null where it has not the shape. */
  readonly connector: string | null
  /** What the connector is called; null where it is not installed. */
  readonly title: string | null
  /** Ids of activations that send to it, published or drafts. */
  readonly activations: readonly string[]
}

/** By id. */
export async function listDestinations(context: DestinationsContext): Promise<readonly ListedDestination[]> {
  const [lines, { files: drafts }, latest] = await Promise.all([
    listFiles(context),
    readFiles(context.workspaceDir),
    context.warehouse().then(publishedRevision),
  ])
  const files = { ...latest?.revision.files, ...drafts }
  const titles = catalogueTitles(context.workspaceDir)
  const senders = sendersByDestination(files)
  return lines.flatMap(({ kind, id, state, etag, path }): ListedDestination[] => {
    if (kind !== 'destination' || id === null) return []
    const connector = readDestination(files[path])?.connector ?? null
    const title = connector === null ? null : (titles.get(connector) ?? null)
    return [{ id, state, etag, connector, title, activations: senders.get(id) ?? [] }]
  })
}

function readDestination(text: string | undefined): DestinationFile | undefined {
  const value = readYaml(text ?? '')
  return schemaProblems(destinationFileSchema, value).length === 0 ? (value as DestinationFile) : undefined
}

function sendersByDestination(files: WorkspaceFiles): ReadonlyMap<string, readonly string[]> {
  const senders = new Map<string, string[]>()
  for (const file of Object.keys(files).sort()) {
    const id = idOf('activations', file)
    const value = id === undefined ? undefined : readYaml(files[file]!)
    const { destination } = (value ?? {}) as { readonly destination?: unknown }
    if (typeof destination === 'string') senders.set(destination, [...(senders.get(destination) ?? []), id!])
  }
  return senders
}

function readYaml(text: string): unknown {
  try {
    return parseYaml(text)
  } catch {
    return undefined
  }
}

/** What can be written to a destination, asked of itself. @throws FileUnknown, ConnectorError, SecretMissing */
export async function destinationObjects(
  context: OperationContext,
  id: string,
  signal: AbortSignal,
): Promise<{ readonly objects: readonly DiscoveredObject[]; readonly warnings: readonly string[] }> {
  const asked = await connectedConfig(context, 'destination', id)
  const { discovered, warnings } = await discoverApart(context, asked, signal)
  return { objects: discovered.kind === 'destination' ? discovered.objects : [], warnings }
}
