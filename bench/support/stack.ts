/** A whole local stack in a folder of its own for one benchmark: real Temporal, real ClickHouse, one real worker. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startStack } from '../../local/supervisor/stack.js'
import { createContext, type OperationContext } from '../../operations/context.js'

export interface BenchStack {
  readonly workspaceDir: string
  /** Of the page; undefined without a server. */
  readonly serverUrl: string | undefined
  readonly context: OperationContext
  /** Ids of the processes: `worker`, `clickhouse`, `temporal`, `server`. */
  readonly processes: Readonly<Record<string, number>>
  /** Writes files of the workspace. */
  write(files: Readonly<Record<string, string>>): Promise<void>
  stop(): Promise<void>
}

const NAMES: Readonly<Record<string, string>> = {
  Temporal: 'temporal',
  ClickHouse: 'clickhouse',
  'worker 1': 'worker',
  server: 'server',
}

export interface BenchStackOptions {
  /** Where its workspace stays afterwards. @default a folder that is gone after `stop` */
  readonly workspaceDir?: string
  /** Program of the server. @default no server */
  readonly serverEntry?: string
}

/** Starts everything. */
export async function startBenchStack(
  env: Readonly<Record<string, string>> = {},
  { workspaceDir: kept, serverEntry }: BenchStackOptions = {},
): Promise<BenchStack> {
  if (kept !== undefined) await mkdir(kept, { recursive: true })
  const workspaceDir = kept ?? (await mkdtemp(join(tmpdir(), 'tributary-bench-')))
  const clear = () => (kept === undefined ? rm(workspaceDir, { recursive: true, force: true }) : undefined)
  const variables = {
    ...process.env,
    TRIBUTARY_LOG_LEVEL: 'warn',
    // Where the systems of benchmarks are.
    TRIBUTARY_ALLOW_PRIVATE_ADDRESSES: '127.0.0.1',
    ...env,
  }
  const processes: Record<string, number> = {}
  const stack = await startStack(
    { workspaceDir, workers: 1, ...(serverEntry !== undefined && { serverEntry }) },
    {
      env: variables,
      onEvent: (event) => {
        const name = NAMES[event.name]
        if (event.type === 'started' && name !== undefined) processes[name] = event.pid
      },
    },
  ).catch(async (error) => {
    await clear()
    throw error
  })
  const context = createContext(workspaceDir, variables)
  return {
    workspaceDir,
    serverUrl: stack.status.server?.url,
    context,
    processes,
    async write(files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(workspaceDir, path)), { recursive: true })
        await writeFile(join(workspaceDir, path), text)
      }
    },
    async stop() {
      await context.close()
      await stack.stop()
      await clear()
    },
  }
}
