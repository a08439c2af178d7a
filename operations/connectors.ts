/** `tributary connector list|check|discover`: connectors, asked directly or, where a worker is, by it. */
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type ConnectorManifest,
  discover,
  listConnectors,
  type OwnedConnectorContext,
  objectsOf,
} from '@tributary/connector-sdk'
import {
  type CheckResult,
  type ConnectorCommandInput,
  commandWorkflowId,
  MAX_WARNINGS,
} from '../workflows/command-contract.js'
import { TASK_QUEUE } from '../workflows/contract.js'
import { type ConnectorConfig, describeFailure, openConnector, withConnector } from './connector-session.js'
import type { OperationContext } from './context.js'
import { type DiscoveredObject, describeObject, fieldType } from './discovered-objects.js'
import { assertPolling } from './polling.js'
import { sourceAttributes } from './search-attributes.js'

/** Connectors of the workspace, of the node_modules above it, and of this installation, by name. */
export function connectors(workspaceDir: string): readonly ConnectorManifest[] {
  const installation = dirname(fileURLToPath(import.meta.resolve('@tributary/connector-sdk/package.json')))
  return listConnectors([
    join(workspaceDir, 'connectors'),
    ...modulesAbove(resolve(workspaceDir)),
    // Beside the kit: in a checkout it is a link, and its real folder has the other connectors.
    ...modulesAbove(dirname(fileURLToPath(import.meta.url))),
    dirname(installation),
  ])
}

function modulesAbove(directory: string): string[] {
  const above = dirname(directory)
  return [join(directory, 'node_modules'), ...(above === directory ? [] : modulesAbove(above))]
}

export interface ConnectorCheck extends CheckResult {
  /** Who asked: a worker, or this process where none runs. */
  readonly by: 'worker' | 'this process'
}

/**
 * Whether the connector can read or write with this config. A worker asks, since what counts is what it can reach; without
 * one, this process does. Never fails for a config that does not work: that is the answer.
 */
export async function checkConnector(
  context: OperationContext,
  asked: ConnectorConfig,
): Promise<ConnectorCheck> {
  const byWorker = await checkByWorker(context, asked)
  return byWorker ?? checkHere(context, asked)
}

/** The same in this process. */
export async function checkHere(context: OperationContext, asked: ConnectorConfig): Promise<ConnectorCheck> {
  const startedAt = performance.now()
  const warnings: string[] = []
  const rest = () => ({
    seconds: Math.round(performance.now() - startedAt) / 1000,
    by: 'this process' as const,
    ...(warnings.length > 0 && { warnings: warnings.slice(0, MAX_WARNINGS) }),
  })
  try {
    const opened = await openConnector(context, asked)
    const { connector } = opened
    const checked = 'source' in connector ? connector.source : connector.destination
    const check = (open: OpenContext) => checked.check(open)
    await withConnector(context, opened, check, (warning) => warnings.push(warning))
    const can = 'source' in connector ? 'read' : 'written to'
    return { ok: true, message: `${asked.id} can be ${can}`, ...rest() }
  } catch (error) {
    return { ok: false, ...describeFailure(error), ...rest() }
  }
}

async function checkByWorker(
  { temporal }: OperationContext,
  { id, kind = 'source', connector, config }: ConnectorConfig,
): Promise<ConnectorCheck | undefined> {
  try {
    const client = await temporal()
    await assertPolling(client)
    const input: ConnectorCommandInput = { kind: 'check', source: id, draft: { kind, connector, config } }
    const result = (await client.workflow.execute('connectorCommand', {
      workflowId: commandWorkflowId('check', id, crypto.randomUUID()),
      taskQueue: TASK_QUEUE,
      args: [input],
      staticSummary: `Can ${id} be ${kind === 'source' ? 'read' : 'written to'}?`.slice(0, 190),
      ...(kind === 'source' && { typedSearchAttributes: sourceAttributes(id) }),
    })) as CheckResult
    return { ...result, by: 'worker' }
  } catch (error) {
    if (error instanceof Error && NO_WORKER.has(error.name)) return undefined
    throw error
  }
}

const NO_WORKER = new Set(['NotConfigured', 'TemporalUnreachable', 'NothingPolling'])

type OpenContext = OwnedConnectorContext<Record<string, unknown>>

export interface DiscoveredStream {
  readonly name: string
  readonly primaryKey: readonly string[]
  /** The source's own cursor; null where a person chooses one of the candidates, or there is none. */
  readonly cursor: string | null
  readonly cursorCandidates: readonly string[]
  readonly resumable: boolean
  readonly fields: readonly { readonly name: string; readonly type: string }[]
  /** Why nothing of it can be read now; absent where it can. */
  readonly unreadable?: string
}

export type Discovered =
  | { readonly kind: 'source'; readonly streams: readonly DiscoveredStream[] }
  | { readonly kind: 'destination'; readonly objects: readonly DiscoveredObject[] }

/**
 * The streams of a source or the objects of a destination, asked in this process.
 * @param onWarning told what the connector warns of: parts of the source that it cannot read
 * @throws ConnectorError
 */
export async function discoverConnector(
  context: OperationContext,
  asked: ConnectorConfig,
  onWarning?: (warning: string) => void,
): Promise<Discovered> {
  const opened = await openConnector(context, asked)
  const { connector } = opened
  if ('destination' in connector) {
    const find = (open: OpenContext) => objectsOf(connector.destination, open)
    const objects = await withConnector(context, opened, find, onWarning)
    return { kind: 'destination', objects: objects.map(describeObject) }
  }
  const find = (open: OpenContext) => discover(connector.source, open)
  const found = await withConnector(context, opened, find, onWarning)
  const streams = found.map(({ name, primaryKey, cursor, resumable, schema, unreadable }) => ({
    name,
    primaryKey: primaryKey ?? [],
    cursor: cursor?.field ?? null,
    cursorCandidates: cursor?.candidates ?? [],
    resumable: resumable !== false,
    fields: Object.entries(schema.properties).map(([field, definition]) => ({
      name: field,
      type: fieldType(definition),
    })),
    ...(unreadable && { unreadable: unreadable.message }),
  }))
  return { kind: 'source', streams }
}
