/**
 * Starts and supervises the local stack of one workspace: Temporal and ClickHouse (unless the environment names running ones), the
 * workers and the server. A part that dies is started again; stop() ends all in order within 10 s.
 */
import { chmod, mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { stackPaths } from '../../runtime/stack.js'
import { removeLeftovers, type StackStatus } from './control.js'
import { acquireLock } from './lock.js'
import { Parts } from './parts.js'
import { StackRecorder } from './recorder.js'
import type { Backoff, ServiceEvent } from './service.js'
import { choosePorts, type StackPorts } from './stack-files.js'
import { type StartContext, startClickHouse, startPrograms, startTemporal } from './start-parts.js'

export interface StackOptions {
  readonly workspaceDir: string
  /** Ports that must be used. @default the ones of last time, else free ones */
  readonly ports?: Partial<StackPorts>
  /** Number of worker processes. @default 1 */
  readonly workers?: number
  /** Program of a worker. @default the built worker.js */
  readonly workerEntry?: string
  /** Program of the server, which gets its port as TRIBUTARY_SERVER_PORT. @default no server */
  readonly serverEntry?: string
}

export interface StackHooks {
  /** Told in one line each what is being done and what happened. */
  readonly log?: (message: string) => void
  readonly onEvent?: (event: ServiceEvent) => void
  /** Gives up the start, or stops the stack when it runs. */
  readonly signal?: AbortSignal
  readonly backoff?: Backoff
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv
}

export interface Stack {
  readonly status: StackStatus
  /** Ends every process and gives the workspace free; less than 10 s. Idempotent. */
  stop(): Promise<void>
  /** Resolves when the stack has been stopped. */
  readonly stopped: Promise<void>
}

/**
 * Resolves when every part serves.
 * @throws when the workspace's stack already runs, or a part does not start (then nothing is left running): the message says which, why and what to do
 */
export async function startStack(options: StackOptions, hooks: StackHooks = {}): Promise<Stack> {
  const workspaceDir = resolve(options.workspaceDir)
  const paths = stackPaths(workspaceDir)
  const { log = () => undefined, env = process.env, signal } = hooks
  const release = await acquireLock(paths.lock)
  const recorder = new StackRecorder(workspaceDir)
  const onEvent = (event: ServiceEvent) => {
    recorder.onEvent(event)
    hooks.onEvent?.(event)
  }
  const parts = new Parts({ log, onEvent, signal, backoff: hooks.backoff })

  const stop = async () => {
    await parts.stop()
    await recorder.remove()
    await release()
  }
  try {
    await mkdir(paths.logs, { recursive: true })
    // Data and logs of the workspace are nobody else's to read.
    await chmod(paths.dir, 0o700)
    if (await removeLeftovers(workspaceDir)) log('Stopped what an earlier stack left running')
    const ports = await choosePorts(workspaceDir, options.ports)
    const context: StartContext = { workspaceDir, paths, ports, env, log, parts }
    const [temporal, clickhouse] = await Promise.all([startTemporal(context), startClickHouse(context)])
    const server = await startPrograms(context, { temporal, clickhouse }, options)
    const status = await recorder.ready({
      temporal,
      clickhouse: { url: clickhouse.url, user: clickhouse.user },
      server,
      workers: options.workers ?? 1,
    })
    return asStack(status, stop, signal)
  } catch (error) {
    await stop()
    throw error
  }
}

function asStack(status: StackStatus, end: () => Promise<void>, signal: AbortSignal | undefined): Stack {
  let stopRequested: () => void
  const stopped = new Promise<void>((resolve) => {
    stopRequested = resolve
  }).then(end)
  const stop = () => {
    stopRequested()
    return stopped
  }
  signal?.addEventListener('abort', stop, { once: true })
  if (signal?.aborted) void stop()
  return { status, stop, stopped }
}
