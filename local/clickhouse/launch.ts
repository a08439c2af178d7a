/** Starts the local ClickHouse process and knows when it is ready; it ends with the process that started it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** What to start. */
export interface ClickHouseOptions {
  readonly dataDir: string
  /** @default 0, any free port */
  readonly port?: number
  readonly user: string
  readonly password: string
  /** Folders whose files inserts may name by path. @default none */
  readonly infileRoots?: readonly string[]
  /** More variables for the process, such as TRIBUTARY_CLICKHOUSE_SPOOL_BYTES. */
  readonly env?: Readonly<Record<string, string>>
  /** Takes each line the process writes to its standard error. */
  log?(line: string): void
}

/** A running local ClickHouse. */
export interface ClickHouseProcess {
  readonly url: string
  readonly pid: number
  readonly child: ChildProcess
  /** Ends it after its running queries (5 s at most); may be called again. */
  stop(): Promise<void>
}

const READY_MS = 60_000
const STOP_MS = 15_000
const main = fileURLToPath(new URL('./main.js', import.meta.url))

/** Starts ClickHouse on loopback and resolves when it answers. @throws with what the process said when it ends instead */
export const startClickHouse = async (options: ClickHouseOptions): Promise<ClickHouseProcess> => {
  const args = [main, '--data', options.dataDir, '--port', String(options.port ?? 0), '--stop-with-stdin']
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      UV_THREADPOOL_SIZE: '64',
      TRIBUTARY_INFILE_ROOTS: (options.infileRoots ?? []).join(':'),
      ...options.env,
      TRIBUTARY_CLICKHOUSE_USER: options.user,
      TRIBUTARY_CLICKHOUSE_PASSWORD: options.password,
    },
  })
  const said: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (said.length < 50) said.push(line)
    options.log?.(line)
  })
  const exited = once(child, 'exit')
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await exited
    clearTimeout(timer)
  }
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      try {
        resolve((JSON.parse(line) as { url: string }).url)
      } catch {
        reject(new Error(`starting ClickHouse: it printed ${JSON.stringify(line.slice(0, 200))}`))
      }
    })
    child.once('error', reject)
    void exited.then(([code]) =>
      reject(new Error(`starting ClickHouse: it ended with ${code}: ${said.join('\n')}`)),
    )
    setTimeout(
      () => reject(new Error(`starting ClickHouse: not ready within ${READY_MS} ms`)),
      READY_MS,
    ).unref()
  })
  try {
    return { url: await ready, pid: child.pid!, child, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
