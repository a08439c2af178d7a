/** A source of a published revision, ready to be asked: settings read, connector loaded, secrets resolved. */
import {
  type LoadedConnector,
  loadConnector,
  type OwnedConnectorContext,
  validateConfig,
} from '@tributary/connector-sdk'
import type { SourceFile } from '@tributary/schemas'
import { resolveSecrets } from '../runtime/secrets/provider.js'
import { latestRevision, type RevisionRow, readRevision } from '../warehouse/revisions.js'
import { feedsProfilesOf, openSource } from '../workspace/workspace.js'
import { withConnectorContext } from './connector-context.js'
import type { ActivityDeps } from './deps.js'
import { configInvalid } from './failures.js'

export interface OpenedSource {
  readonly id: string
  readonly revision: string
  readonly definition: SourceFile
  readonly connector: LoadedConnector
  /** Defaults applied, secrets resolved. Never log it. */
  readonly config: Record<string, unknown>
  /** The workspace whose mappings read this source. */
  readonly feedsProfilesOf?: string
}

/** Throws ConfigInvalid where the revision has no such source or its config does not fit the connector's spec. */
export async function openPublishedSource(
  deps: ActivityDeps,
  id: string,
  revision: string | undefined,
): Promise<OpenedSource> {
  const published = await publishedRevision(deps, revision)
  const source = openSource(published.files, id)
  if (source === undefined) {
    throw configInvalid(
      `opening the source ${id}: revision ${published.number} has none of this name; add sources/${id}.yaml and run \`tributary apply\``,
    )
  }
  const opened = await openDefinition(deps, id, published.revision, source.definition)
  const workspace = feedsProfilesOf(published.files, id)
  return workspace === undefined ? opened : { ...opened, feedsProfilesOf: workspace }
}

/** The same for a definition that is not published yet. */
export async function openDefinition(
  deps: ActivityDeps,
  id: string,
  revision: string,
  definition: SourceFile,
): Promise<OpenedSource> {
  const connector = await loadConnector(definition.connector, deps.workspaceDir)
  const resolved = await resolveSecrets(definition.config ?? {}, deps.secrets)
  const config = validateConfig<Record<string, unknown>>(connector.source.spec, resolved)
  return { id, revision, definition, connector, config }
}

/** @throws ConfigInvalid where it was never published */
export async function publishedRevision(
  deps: Pick<ActivityDeps, 'warehouse'>,
  revision: string | undefined,
): Promise<RevisionRow> {
  const row =
    revision === undefined
      ? await latestRevision(deps.warehouse)
      : await readRevision(deps.warehouse, revision)
  if (row !== undefined) return row
  throw configInvalid(
    revision === undefined
      ? 'reading the workspace: nothing has been published yet; run `tributary apply`'
      : `reading revision ${revision}: it was never published; run \`tributary apply\``,
  )
}

export type SourceContext = OwnedConnectorContext<Record<string, unknown>>

/** Runs work with a connector context of the source's own. */
export function withSourceContext<Result>(
  deps: ActivityDeps,
  { id, connector, config }: OpenedSource,
  signal: AbortSignal,
  work: (context: SourceContext) => Promise<Result>,
): Promise<Result> {
  const about = {
    kind: 'source' as const,
    id,
    connector: connector.name,
    spec: connector.source.spec,
    config,
  }
  return withConnectorContext(deps, about, signal, work)
}
