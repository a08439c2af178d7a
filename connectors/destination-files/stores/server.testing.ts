/** For the tests: real servers on this machine, started and ended by the test that needs them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

export interface Server {
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>
}

/**
 * Starts a program and resolves when `ready` finds in its output what it waits for; the program ends with this process.
 * @throws with the end of its output when it ends before
 */
export async function startServer<T>(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  ready: (output: string) => T | undefined,
): Promise<Server & { readonly found: T }> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  const gone = once(child, 'close')
  const stop = async (): Promise<void> => {
    process.removeListener('exit', kill)
    child.kill('SIGTERM')
    await gone
  }
  try {
    return { found: await outputWith(child, ready), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function outputWith<T>(child: ChildProcess, ready: (output: string) => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    let output = ''
    const take = (chunk: Buffer): void => {
      // Read to its end also when nobody listens any more: a full pipe would stop the server.
      output = (output + chunk.toString('utf8')).slice(-8192)
      const found = ready(output)
      if (found !== undefined) resolve(found)
    }
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.once('error', reject)
    child.once('close', (code) => reject(new Error(`the server ended with ${code}: ${output}`)))
  })
}

/** The first of these programs that can be run: absolute paths, or names on PATH. */
export async function findProgram(...names: readonly string[]): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter)
  for (const name of names)
    for (const path of name.startsWith('/') ? [name] : folders.map((folder) => join(folder, name)))
      if (
        await access(path, constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return path
  return undefined
}

/**
 * Skips the tests that need the server where it cannot run, and says so; never in CI, where they must run.
 * @param remedy what to do to have them run
 */
export function skipWithout(context: Mocha.Context, server: string, remedy: string): void {
  if (process.env.CI) throw new Error(`${server} is missing; ${remedy}`)
  console.warn(`skipped: tests against ${server}, which is missing; ${remedy}`)
  context.skip()
}
