/** Starts each part of a stack, or takes the running one that the environment names, and says how to connect to it. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StackConnections, StackRecord, stackPaths } from '../../runtime/stack.js'
import { clickhouseFromEnvironment, temporalFromEnvironment } from './external.js'
import type { Parts } from './parts.js'
import { clickhouseService, nodeService, temporalService } from './services.js'
import { clickhousePassword, type StackPorts } from './stack-files.js'

/** What every start needs to know. */
export interface StartContext {
  readonly workspaceDir: string
  readonly paths: ReturnType<typeof stackPaths>
  readonly ports: StackPorts
  readonly env: NodeJS.ProcessEnv
  readonly log: (message: string) => void
  readonly parts: Parts
}

type TemporalPart = NonNullable<StackRecord['temporal']>
type ClickHousePart = NonNullable<StackConnections['clickhouse']>

const WORKER_MAIN = fileURLToPath(new URL('../../worker.js', import.meta.url))
const LOCAL_USER = 'tributary'
const HOST = '127.0.0.1'

/** @throws when the server does not start, or the one that TEMPORAL_ADDRESS names does not answer */
export async function startTemporal({ paths, ports, env, log, parts }: StartContext): Promise<TemporalPart> {
  const namespace = env.TEMPORAL_NAMESPACE || 'default'
  const external = await temporalFromEnvironment(env)
  if (external) return { ...external, namespace }
  const { temporal: port, temporalUi: uiPort } = ports
  const files = { dbFile: paths.temporalDb, logFile: join(paths.logs, 'temporal.log') }
  await parts.start('temporal', temporalService({ ...files, port, uiPort, namespace, log }))
  return { address: `${HOST}:${port}`, ui: `http://${HOST}:${uiPort}`, namespace }
}

/** @throws when the server does not start, or the one that CLICKHOUSE_URL names does not answer */
export async function startClickHouse(context: StartContext): Promise<ClickHousePart> {
  const { workspaceDir, paths, ports, env, parts } = context
  const external = await clickhouseFromEnvironment(env)
  if (external) return external
  const credentials = { user: LOCAL_USER, password: await clickhousePassword(workspaceDir) }
  const files = {
    dataDir: paths.clickhouse,
    infileRoots: workspaceDir,
    logFile: join(paths.logs, 'clickhouse.log'),
  }
  await parts.start('clickhouse', clickhouseService({ ...credentials, ...files, port: ports.clickhouse }))
  return { url: `http://${HOST}:${ports.clickhouse}`, ...credentials }
}

/**
 * Starts the workers and the server, which learn from their environment where everything is.
 * @returns where the server is, if one was asked for
 * @throws when one of them does not say that it is ready
 */
export async function startPrograms(
  { workspaceDir, paths, ports, env, parts }: StartContext,
  { temporal, clickhouse }: { readonly temporal: TemporalPart; readonly clickhouse: ClickHousePart },
  options: { readonly workers?: number; readonly workerEntry?: string; readonly serverEntry?: string },
): Promise<{ readonly url: string } | null> {
  const { workers = 1, workerEntry = WORKER_MAIN, serverEntry } = options
  const childEnv = {
    ...env,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    CLICKHOUSE_URL: clickhouse.url,
    CLICKHOUSE_USER: clickhouse.user,
    CLICKHOUSE_PASSWORD: clickhouse.password,
    TRIBUTARY_WORKSPACE: workspaceDir,
    // A local engine reads the workspace's files by name; any other gets their bytes.
    ...(env.CLICKHOUSE_URL ? {} : { TRIBUTARY_INFILE_ROOTS: workspaceDir }),
  }
  const startWorker = (n: number) => {
    const logFile = join(paths.logs, `worker-${n}.log`)
    const spec = nodeService({
      name: `worker ${n}`,
      role: 'worker',
      entry: workerEntry,
      env: childEnv,
      logFile,
    })
    return parts.start('worker', spec)
  }
  const startServer = async (entry: string) => {
    const serverEnv = { ...childEnv, TRIBUTARY_SERVER_PORT: String(ports.server) }
    const logFile = join(paths.logs, 'server.log')
    await parts.start(
      'server',
      nodeService({ name: 'server', role: 'server', entry, env: serverEnv, logFile }),
    )
    // Behind a proxy people use another address.
    return { url: env.TRIBUTARY_SERVER_URL || `http://${HOST}:${ports.server}` }
  }
  const [server] = await Promise.all([
    serverEntry === undefined ? null : startServer(serverEntry),
    ...Array.from({ length: workers }, (_, index) => startWorker(index + 1)),
  ])
  return server
}
