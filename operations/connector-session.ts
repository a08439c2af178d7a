/** A connector opened in this process: found, its config checked and its secrets resolved, its scratch files gone afterwards. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type ConnectorLog,
  createConnectorContext,
  isConnectorError,
  type JsonSchema,
  type LoadedConnector,
  type LoadedDestination,
  loadAnyConnector,
  type OwnedConnectorContext,
  validateConfig,
  warningText,
} from '@tributary/connector-sdk'
import { nearestName } from '@tributary/schemas'
import { resolveSecrets } from '../runtime/secrets/provider.js'
import { readFiles } from '../workspace/files.js'
import { openDestination, openSource } from '../workspace/workspace.js'
import type { OperationContext } from './context.js'
import { knownSource } from './sources.js'

/** A connector and how it is configured; secrets as references. */
export interface ConnectorConfig {
  /** Id of the source or destination, or the connector's name. */
  readonly id: string
  /** Where it stands in the workspace; absent for a connector with a config of its own. */
  readonly kind?: 'source' | 'destination'
  /** A package name, or a path of the workspace. */
  readonly connector: string
  readonly config: Readonly<Record<string, unknown>>
}

/** The workspace has no such destination. */
export class DestinationUnknown extends Error {
  override readonly name = 'DestinationUnknown'
}

export interface OpenedConnector {
  readonly connector: LoadedConnector | LoadedDestination
  readonly spec: JsonSchema
  /** Secrets resolved. Never log it. */
  readonly config: Record<string, unknown>
}

/**
 * What the workspace's file of a source or destination says, or the published source where there is no file. Where one name
 * is both, the source is meant; `destinations/<id>` says the other.
 * @throws SourceUnknown, DestinationUnknown
 */
export async function workspaceConfig(
  context: Pick<OperationContext, 'workspaceDir' | 'warehouse'>,
  name: string,
): Promise<ConnectorConfig> {
  const [, folder, id] = /^(?:(sources|destinations)\/)?(.*?)(?:\.yaml)?$/.exec(name)!
  const { files } = await readFiles(context.workspaceDir)
  const configured = (
    kind: 'source' | 'destination',
    { connector, config }: { readonly connector: string; readonly config?: Record<string, unknown> },
  ): ConnectorConfig => ({ id: id!, kind, connector, config: config ?? {} })
  const source = folder === 'destinations' ? undefined : openSource(files, id!)
  if (source) return configured('source', source.definition)
  const destination = folder === 'sources' ? undefined : openDestination(files, id!)
  if (destination) return configured('destination', destination.definition)
  if (folder === 'destinations') throw destinationUnknown(id!, Object.keys(files))
  return configured('source', (await knownSource(context, id!)).definition)
}

function destinationUnknown(id: string, files: readonly string[]): DestinationUnknown {
  const names = files.flatMap((file) => /^destinations\/([^/]+)\.yaml$/.exec(file)?.[1] ?? [])
  const meant = nearestName(id, names)
  const remedy = meant === undefined ? `write destinations/${id}.yaml` : `did you mean ${meant}?`
  return new DestinationUnknown(`finding the destination ${id}: there is no such file; ${remedy}`)
}

/** @throws ConnectorError, SecretMissing */
export async function openConnector(
  { workspaceDir, secrets }: Pick<OperationContext, 'workspaceDir' | 'secrets'>,
  { connector: reference, config }: ConnectorConfig,
): Promise<OpenedConnector> {
  return loadOpened(workspaceDir, reference, await resolveSecrets(config, secrets))
}

/** The same with a config whose secrets are resolved. @throws ConnectorError */
export async function loadOpened(
  workspaceDir: string,
  reference: string,
  resolved: unknown,
): Promise<OpenedConnector> {
  const connector = await loadAnyConnector(reference, workspaceDir)
  const { spec } = 'source' in connector ? connector.source : connector.destination
  return { connector, spec, config: validateConfig<Record<string, unknown>>(spec, resolved) }
}

export interface AskOptions {
  /** Told what the connector warns of: parts of a system that it cannot read. */
  readonly onWarning?: (warning: string) => void
  /** @default every address: whoever is at the machine reaches them anyway */
  readonly allowPrivateAddresses?: boolean | readonly string[]
}

/** Runs work with a context of its own; errors come out with the config's secrets masked. */
export async function withConnector<Result>(
  { workspaceDir }: Pick<OperationContext, 'workspaceDir'>,
  { spec, config }: OpenedConnector,
  work: (context: OwnedConnectorContext<Record<string, unknown>>) => Promise<Result>,
  { onWarning = () => {}, allowPrivateAddresses = true }: AskOptions = {},
): Promise<Result> {
  return withScratch(async (scratchDirectory) => {
    const context = createConnectorContext({
      config,
      spec,
      signal: new AbortController().signal,
      log: { ...SILENT, warn: (message, fields) => onWarning(warningText(message, fields)) },
      // Nothing that rotates here is kept: the worker's copy is the one that counts.
      secrets: { get: async () => undefined, update: async () => undefined },
      allowPrivateAddresses,
      workspaceDirectory: workspaceDir,
      scratchDirectory,
    })
    try {
      return await work(context)
    } catch (error) {
      throw context.redact(error)
    } finally {
      context.close()
    }
  })
}

/** A folder for scratch files that is gone afterwards. */
export async function withScratch<Result>(work: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-'))
  try {
    return await work(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

const SILENT: ConnectorLog = { debug() {}, info() {}, warn() {} }

/** Type and sentence of what a connector threw. */
export function describeFailure(error: unknown): { readonly type: string; readonly message: string } {
  if (isConnectorError(error)) return { type: error.kind, message: error.message }
  if (error instanceof Error) return { type: error.name, message: error.message }
  return { type: 'Error', message: String(error) }
}
