/** How each part of the local stack is started, as the supervisor needs it: under which name, on which port, with which environment. */
import { fileURLToPath } from 'node:url'
import { accepts, isPortFree } from '../ports.js'
import { type ManagedProcess, startProcess, waitUntilReady } from '../process.js'
import { startTemporal } from '../temporal/start.js'
import type { ServiceSpec } from './service.js'

const CLICKHOUSE_MAIN = fileURLToPath(new URL('../clickhouse/main.js', import.meta.url))
const READY_TIMEOUT_MS = 60_000

/**
 * The parts stop one after another and together take less than 10 s: after that a container or a person loses patience.
 * Whatever is cut off is made good at the next start.
 */
const STOP_TIMEOUT_MS = { worker: 4000, server: 1000, temporal: 1500, clickhouse: 2500 } as const

/** Temporal's development server. */
export function temporalService(options: {
  readonly dbFile: string
  readonly port: number
  readonly uiPort: number
  readonly namespace: string
  readonly logFile: string
  readonly log: (message: string) => void
}): ServiceSpec {
  return {
    name: 'Temporal',
    stopTimeoutMs: STOP_TIMEOUT_MS.temporal,
    start: (signal) => startTemporal({ ...options, signal }),
  }
}

/** A worker makes much garbage that dies young; the default nursery would cost it 25 MB more. */
const MEMORY_FLAGS: Readonly<Record<string, readonly string[]>> = { worker: ['--max-semi-space-size=2'] }

/** The local ClickHouse process. */
export function clickhouseService(options: {
  readonly dataDir: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly infileRoots: string
  readonly logFile: string
}): ServiceSpec {
  const { dataDir, port, user, password, infileRoots, logFile } = options
  return {
    name: 'ClickHouse',
    stopTimeoutMs: STOP_TIMEOUT_MS.clickhouse,
    async start(signal) {
      if (!(await isPortFree(port)))
        throw new Error(`starting ClickHouse: port ${port} is taken; free it or choose another`)
      const clickhouse = await startProcess({
        name: 'ClickHouse',
        command: process.execPath,
        args: [CLICKHOUSE_MAIN, '--data', dataDir, '--port', String(port)],
        env: {
          ...process.env,
          UV_THREADPOOL_SIZE: '64',
          TRIBUTARY_INFILE_ROOTS: infileRoots,
          TRIBUTARY_CLICKHOUSE_USER: user,
          TRIBUTARY_CLICKHOUSE_PASSWORD: password,
        },
        logFile,
      })
      await waitUntilReady(clickhouse, () => accepts(port), READY_TIMEOUT_MS, signal)
      return clickhouse
    },
  }
}

/**
 * One of the project's own Node programs. It says that it serves by `process.send?.({ ready: true })`, and it is asked to stop by SIGTERM.
 */
export function nodeService(options: {
  readonly name: string
  readonly role: 'worker' | 'server'
  readonly entry: string
  readonly env: NodeJS.ProcessEnv
  readonly logFile: string
}): ServiceSpec {
  const { name, role, entry, env, logFile } = options
  return {
    name,
    stopTimeoutMs: STOP_TIMEOUT_MS[role],
    async start(signal) {
      const node = await startProcess({
        name,
        command: process.execPath,
        args: ['--enable-source-maps', ...(MEMORY_FLAGS[role] ?? []), entry],
        // Ends a little before the supervisor's patience does.
        env: {
          MALLOC_ARENA_MAX: '2',
          ...env,
          TRIBUTARY_SHUTDOWN_GRACE_MS: String(STOP_TIMEOUT_MS[role] - 500),
        },
        logFile,
        ipc: true,
      })
      const ready = readyMessage(node)
      await waitUntilReady(node, async () => ready(), READY_TIMEOUT_MS, signal)
      return node
    },
  }
}

function readyMessage({ child }: ManagedProcess): () => boolean {
  let ready = false
  child.on('message', (message) => {
    if (typeof message === 'object' && message !== null && 'ready' in message) ready = true
  })
  child.on('error', () => undefined)
  return () => ready
}
