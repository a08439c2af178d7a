/** `tributary connector list|check|discover`: connectors, asked directly or, where a worker is, by it. */
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ConnectorManifest, listConnectors } from '@tributary/connector-sdk'
import {
  type Checked,
  type CheckResult,
  type ConnectorCommandInput,
  checkedWords,
  commandWorkflowId,
  MAX_WARNINGS,
} from '../workflows/command-contract.js'
import { TASK_QUEUE } from '../workflows/contract.js'
import { checkOpened, type Discovered, discoverOpened } from './connector-answers.js'
import { type ConnectorConfig, describeFailure, openConnector } from './connector-session.js'
import type { OperationContext } from './context.js'
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

/** What is asked where no worker is. */
export type CheckWithoutWorker = (
  context: OperationContext,
  asked: ConnectorConfig,
) => Promise<ConnectorCheck>

/**
 * Whether the connector can read or write with this config. A worker asks, since what counts is what it can reach; without
 * one, this process does. Never fails for a config that does not work: that is the answer.
 * @param options.signal ends the asking when nobody waits any more
 */
export async function checkConnector(
  context: OperationContext,
  asked: ConnectorConfig,
  options: { readonly signal?: AbortSignal; readonly without?: CheckWithoutWorker } = {},
): Promise<ConnectorCheck> {
  const { signal, without = checkHere } = options
  const byWorker = await checkByWorker(context, asked, signal)
  return byWorker ?? without(context, asked)
}

/** The same in this process. */
export function checkHere(context: OperationContext, asked: ConnectorConfig): Promise<ConnectorCheck> {
  return asCheck(asked, async (warnings) => {
    const opened = await openConnector(context, asked)
    return checkOpened(context, opened, { onWarning: (warning) => warnings.push(warning) })
  })
}

/** Makes the answer of a check from what came of it. */
export async function asCheck(
  { id }: Pick<ConnectorConfig, 'id'>,
  check: (warnings: string[]) => Promise<Checked>,
): Promise<ConnectorCheck> {
  const startedAt = performance.now()
  const warnings: string[] = []
  const rest = () => ({
    seconds: Math.round(performance.now() - startedAt) / 1000,
    by: 'this process' as const,
    ...(warnings.length > 0 && { warnings: warnings.slice(0, MAX_WARNINGS) }),
  })
  try {
    return { ok: true, message: checkedWords(id, await check(warnings)), ...rest() }
  } catch (error) {
    return { ok: false, ...describeFailure(error), ...rest() }
  }
}

async function checkByWorker(
  { temporal }: OperationContext,
  { id, kind = 'source', connector, config }: ConnectorConfig,
  signal: AbortSignal | undefined,
): Promise<ConnectorCheck | undefined> {
  try {
    const client = await temporal()
    await assertPolling(client)
    const input: ConnectorCommandInput = { kind: 'check', source: id, draft: { kind, connector, config } }
    const handle = await client.workflow.start('connectorCommand', {
      workflowId: commandWorkflowId('check', id, crypto.randomUUID()),
      taskQueue: TASK_QUEUE,
      args: [input],
      staticSummary: `Can ${id} be ${kind === 'source' ? 'read' : 'written to'}?`.slice(0, 190),
      ...(kind === 'source' && { typedSearchAttributes: sourceAttributes(id) }),
    })
    const result = handle.result() as Promise<CheckResult>
    return { ...(await untilAborted(result, signal, () => handle.cancel())), by: 'worker' }
  } catch (error) {
    if (error instanceof Error && NO_WORKER.has(error.name)) return undefined
    throw error
  }
}

/** Once nobody waits for the answer, nobody goes on for it either. @throws the signal's reason */
function untilAborted<Value>(
  value: Promise<Value>,
  signal: AbortSignal | undefined,
  cancel: () => Promise<unknown>,
): Promise<Value> {
  if (signal === undefined) return value
  return new Promise((resolve, reject) => {
    const leave = () => {
      reject(signal.reason)
      cancel().catch(() => undefined)
    }
    signal.addEventListener('abort', leave, { once: true })
    if (signal.aborted) leave()
    value.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}

const NO_WORKER = new Set(['NotConfigured', 'TemporalUnreachable', 'NothingPolling'])

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
  return discoverOpened(context, opened, onWarning && { onWarning })
}
