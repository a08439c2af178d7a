/** A whole local stack in a folder of its own for one benchmark: real Temporal, real ClickHouse, one real worker. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startStack } from '../../local/supervisor/stack.js'
import { createContext, type OperationContext } from '../../operations/context.js'

export interface BenchStack {
  readonly workspaceDir: string
  readonly context: OperationContext
  /** Ids of the processes: `worker`, `clickhouse`, `temporal`. */
  readonly processes: Readonly<Record<string, number>>
  /** Writes files of the workspace. */
  write(files: Readonly<Record<string, string>>): Promise<void>
  stop(): Promise<void>
}

const NAMES: Readonly<Record<string, string>> = {
  Temporal: 'temporal',
  ClickHouse: 'clickhouse',
  'worker 1': 'worker',
}

/** Starts everything; the folder is gone after `stop`. */
export async function startBenchStack(env: Readonly<Record<string, string>> = {}): Promise<BenchStack> {
  const workspaceDir = await mkdtemp(join(tmpdir(), 'tributary-bench-'))
  const variables = { ...process.env, TRIBUTARY_LOG_LEVEL: 'warn', ...env }
  const processes: Record<string, number> = {}
  const stack = await startStack(
    { workspaceDir, workers: 1 },
    {
      env: variables,
      onEvent: (event) => {
        const name = NAMES[event.name]
        if (event.type === 'started' && name !== undefined) processes[name] = event.pid
      },
    },
  ).catch(async (error) => {
    await rm(workspaceDir, { recursive: true, force: true })
    throw error
  })
  const context = createContext(workspaceDir, variables)
  return {
    workspaceDir,
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
      await rm(workspaceDir, { recursive: true, force: true })
    },
  }
}
