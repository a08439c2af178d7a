/** `tributary connector run`: speaks the Airbyte protocol for a connector, without workspace, Temporal or ClickHouse. */
import {
  type ConfiguredCatalog,
  loadConnector,
  type ProtocolVerb,
  runProtocol,
} from '@tributary/connector-sdk'
import { resolveSecrets } from '../runtime/secrets/provider.js'
import { withScratch } from './connector-session.js'
import type { OperationContext } from './context.js'

export interface RunConnectorInput {
  /** A package name, or a path that starts at the workspace. */
  readonly connector: string
  readonly verb: ProtocolVerb
  /** May hold secrets or references to them. */
  readonly config?: unknown
  readonly catalog?: unknown
  readonly state?: unknown
  /** Takes one line; a promise holds the source back. */
  readonly out: (line: string) => void | Promise<void>
  readonly signal: AbortSignal
}

/** The exit code of the protocol. @throws ConnectorError when there is no such connector; SecretMissing */
export async function runConnector(
  { workspaceDir, secrets }: Pick<OperationContext, 'workspaceDir' | 'secrets'>,
  { connector: reference, verb, config, catalog, state, out, signal }: RunConnectorInput,
): Promise<number> {
  const connector = await loadConnector(reference, workspaceDir)
  const resolved = await resolveSecrets(config, secrets)
  return withScratch((scratchDirectory) =>
    runProtocol(connector.source, verb, {
      ...(config !== undefined && { config: resolved }),
      ...(catalog !== undefined && { catalog: catalog as ConfiguredCatalog }),
      ...(state !== undefined && { state }),
      out,
      signal,
      allowPrivateAddresses: true,
      workspaceDirectory: workspaceDir,
      scratchDirectory,
    }),
  )
}

export type { ProtocolVerb }
