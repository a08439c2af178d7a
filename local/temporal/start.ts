/**
 * Starts Temporal's development server: the real server and Web UI in one process, state in one SQLite file that survives kill -9.
 * The promise holds from the moment it resolves: clients can connect, and every search attribute exists.
 */
import type { ChildProcess } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Connection } from '@temporalio/client'
import { SEARCH_ATTRIBUTES, type SearchAttributeType } from '../../runtime/search-attributes.js'
import { connectTemporal } from '../../runtime/temporal-client.js'
import { accepts, freePort, isPortFree, retryTakenPort } from '../ports.js'
import { type ProcessExit, startProcess, waitUntilReady } from '../process.js'
import { findTemporalCli } from './cli.js'

export interface StartTemporalOptions {
  /** SQLite file that keeps the state; made when missing. */
  readonly dbFile: string
  /** gRPC port. @default a free one */
  readonly port?: number
  /** Web UI port. @default a free one */
  readonly uiPort?: number
  /** @default default */
  readonly namespace?: string
  /** @default the project's table, runtime/search-attributes.ts */
  readonly searchAttributes?: Readonly<Record<string, SearchAttributeType>>
  /** @default the one that findTemporalCli() finds or gets */
  readonly cliPath?: string
  /** Output of the server is appended here. @default temporal.log beside the SQLite file */
  readonly logFile?: string
  /** Told in one line each what is being done. */
  readonly log?: (message: string) => void
  /** Gives up the start. */
  readonly signal?: AbortSignal
}

export interface Temporal {
  /** host:port of the gRPC frontend. */
  readonly address: string
  readonly uiUrl: string
  readonly namespace: string
  readonly port: number
  readonly uiPort: number
  readonly pid: number
  readonly child: ChildProcess
  readonly exited: Promise<ProcessExit>
  /** Stops the server (about 1 s; killed after 5 s, which loses nothing acknowledged). Idempotent. */
  stop(timeoutMs?: number): Promise<void>
  /** SIGKILL. Starting again with the same file and ports goes on where it was. */
  kill(): Promise<void>
  /** The last lines of the server's log. */
  tail(): string
}

const HOST = '127.0.0.1'
const READY_TIMEOUT_MS = 30_000
const FRONTEND = 'temporal.api.workflowservice.v1.WorkflowService'

/** temporal.api.enums.v1.IndexedValueType */
const INDEXED_VALUE_TYPE: Readonly<Record<SearchAttributeType, number>> = { Keyword: 2, Int: 3, Datetime: 6 }

/**
 * Starts the server on loopback and resolves when its frontend serves the namespace.
 * @throws when the CLI cannot be had, a given port is taken, or the server ends or is not ready within 30 s; the message has the tail of its log
 */
export function startTemporal(options: StartTemporalOptions): Promise<Temporal> {
  return retryTakenPort(() => startOnce(options))
}

async function startOnce(options: StartTemporalOptions): Promise<Temporal> {
  const { dbFile, namespace = 'default', searchAttributes = SEARCH_ATTRIBUTES, log, signal } = options
  const cli = options.cliPath ?? (await findTemporalCli({ ...(log && { log }), ...(signal && { signal }) }))
  const port = await choosePort(options.port, 'gRPC')
  const uiPort = await choosePort(options.uiPort, 'Web UI')
  await mkdir(dirname(dbFile), { recursive: true })
  const server = await startProcess({
    name: 'Temporal',
    command: cli,
    args: [
      ...`server start-dev --ip ${HOST} --port ${port} --ui-port ${uiPort} --namespace ${namespace}`.split(
        ' ',
      ),
      ...`--log-level error --dynamic-config-value frontend.enableServerVersionCheck=false`.split(' '),
      ...['--db-filename', dbFile],
      ...Object.entries(searchAttributes).flatMap(([name, type]) => [
        '--search-attribute',
        `${name}=${type}`,
      ]),
    ],
    logFile: options.logFile ?? join(dirname(dbFile), 'temporal.log'),
  })
  const address = `${HOST}:${port}`
  try {
    await waitUntilReady(
      server,
      async () => (await accepts(port)) && (await accepts(uiPort)),
      READY_TIMEOUT_MS,
    )
    const { client, close } = await connectTemporal({ address, namespace, tls: false }, READY_TIMEOUT_MS)
    const connection = client.connection as Connection
    try {
      const serving = async () => (await connection.healthService.check({ service: FRONTEND })).status === 1
      await waitUntilReady(server, () => serving().catch(() => false), READY_TIMEOUT_MS, signal)
      await registerMissing(connection, namespace, searchAttributes)
    } finally {
      await close()
    }
  } catch (error) {
    await server.kill()
    throw error
  }
  const { pid, child, exited, stop, kill, tail } = server
  return {
    address,
    uiUrl: `http://${HOST}:${uiPort}`,
    namespace,
    port,
    uiPort,
    pid,
    child,
    exited,
    stop,
    kill,
    tail,
  }
}

async function choosePort(wanted: number | undefined, what: string): Promise<number> {
  if (wanted === undefined) return freePort()
  if (await isPortFree(wanted)) return wanted
  throw new Error(`starting Temporal: ${what} port ${wanted} is taken; free it or choose another`)
}

/** The server's own flag registers attributes only when it makes the namespace, not in a file that an earlier version made. */
async function registerMissing(
  connection: Connection,
  namespace: string,
  wanted: Readonly<Record<string, SearchAttributeType>>,
): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace })
  const missing = Object.entries(wanted).filter(([name]) => !(name in (customAttributes ?? {})))
  if (missing.length === 0) return
  const searchAttributes = Object.fromEntries(missing.map(([name, type]) => [name, INDEXED_VALUE_TYPE[type]]))
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes })
}
