/** A whole local stack in a folder of its own, for tests: real Temporal, real ClickHouse, a real worker. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Backoff } from '../../local/supervisor/service.js'
import { type Stack, startStack } from '../../local/supervisor/stack.js'
import { createContext, type OperationContext } from '../../operations/context.js'

export interface TestStack {
  readonly workspaceDir: string
  readonly stack: Stack
  readonly context: OperationContext
  /** Writes files of the workspace. */
  write(files: Readonly<Record<string, string>>): Promise<void>
  /** Removes a file of the workspace. */
  remove(path: string): Promise<void>
  stop(): Promise<void>
}

export interface TestStackOptions {
  /** Program of the server. @default none */
  readonly serverEntry?: string
  readonly env?: Readonly<Record<string, string>>
  readonly workers?: number
  /** How fast a part that ended is started again. */
  readonly backoff?: Backoff
  /** Called with the workspace's folder before anything starts. */
  readonly prepare?: (workspaceDir: string) => Promise<void>
  /** Called when everything has stopped. */
  readonly cleanUp?: (workspaceDir: string) => Promise<void>
}

/** Starts everything; the folder is gone after `stop`. */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const workspaceDir = await mkdtemp(join(tmpdir(), 'tributary-test-'))
  await options.prepare?.(workspaceDir)
  const env = {
    ...process.env,
    TRIBUTARY_LOG_LEVEL: 'warn',
    // Where the systems of tests are.
    TRIBUTARY_ALLOW_PRIVATE_ADDRESSES: '127.0.0.1',
    ...options.env,
  }
  const stack = await startStack(
    {
      workspaceDir,
      workers: options.workers ?? 1,
      ...(options.serverEntry !== undefined && { serverEntry: options.serverEntry }),
    },
    { env, ...(options.backoff && { backoff: options.backoff }) },
  )
  const context = createContext(workspaceDir, env)
  return {
    workspaceDir,
    stack,
    context,
    async write(files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(workspaceDir, path)), { recursive: true })
        await writeFile(join(workspaceDir, path), text)
      }
    },
    remove: (path) => rm(join(workspaceDir, path)),
    async stop() {
      await context.close()
      await stack.stop()
      await options.cleanUp?.(workspaceDir)
      await rm(workspaceDir, { recursive: true, force: true })
    },
  }
}
