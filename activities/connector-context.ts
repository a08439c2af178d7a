/** The context in which a connector's code runs, for a source and a destination alike. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { log } from '@temporalio/activity'
import {
  type ConnectorLog,
  createConnectorContext,
  type JsonSchema,
  type OwnedConnectorContext,
} from '@tributary/connector-sdk'
import { connectorSecrets } from './connector-secrets.js'
import type { ActivityDeps } from './deps.js'
import { countRequest } from './metrics.js'

export interface ConnectorAbout {
  readonly kind: 'source' | 'destination'
  readonly id: string
  /** Its package's name. */
  readonly connector: string
  readonly spec: JsonSchema
  /** Defaults applied, secrets resolved. Never log it. */
  readonly config: Record<string, unknown>
}

/** Runs work with a connector context of its own; its clients and scratch files are gone afterwards. */
export async function withConnectorContext<Result>(
  deps: ActivityDeps,
  about: ConnectorAbout,
  signal: AbortSignal,
  work: (context: OwnedConnectorContext<Record<string, unknown>>) => Promise<Result>,
): Promise<Result> {
  const scratchDirectory = await mkdtemp(join(deps.scratchRoot ?? tmpdir(), 'tributary-'))
  const context = createConnectorContext({
    config: about.config,
    spec: about.spec,
    signal,
    log: connectorLog(about),
    secrets: connectorSecrets(deps.secrets, about),
    allowPrivateAddresses: deps.allowPrivateAddresses,
    workspaceDirectory: deps.workspaceDir,
    scratchDirectory,
    onRequest: (request) => countRequest(about, request),
  })
  try {
    return await work(context)
  } catch (error) {
    throw context.redact(error)
  } finally {
    context.close()
    await rm(scratchDirectory, { recursive: true, force: true })
  }
}

function connectorLog({ kind, id, connector }: ConnectorAbout): ConnectorLog {
  const fields = { [kind]: id, connector }
  return {
    debug: (message, more) => log.debug(message, { ...fields, ...more }),
    info: (message, more) => log.info(message, { ...fields, ...more }),
    warn: (message, more) => log.warn(message, { ...fields, ...more }),
  }
}
