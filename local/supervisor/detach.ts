/** Starts the stack in a background process that outlives the caller (`up --detach`), and hands over its progress until it is ready. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stackPaths } from '../../runtime/stack.js'
import type { StackStatus } from './control.js'
import type { DetachedMessage } from './main.js'
import type { StackHooks, StackOptions } from './stack.js'

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url))

/**
 * Resolves when the stack is ready; it then runs on until stopStack(). The supervisor's own log is `.tributary/logs/supervisor.log`.
 * @throws as startStack does; then nothing is left running
 */
export async function startDetached(
  options: StackOptions,
  { log = () => undefined, signal, env = process.env }: Pick<StackHooks, 'log' | 'signal' | 'env'> = {},
): Promise<StackStatus> {
  const { logs } = stackPaths(resolve(options.workspaceDir))
  mkdirSync(logs, { recursive: true })
  const output = openSync(join(logs, 'supervisor.log'), 'a')
  const child = spawn(process.execPath, ['--enable-source-maps', MAIN, JSON.stringify(options)], {
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
    env,
  })
  closeSync(output)
  const giveUp = () => child.kill('SIGTERM')
  signal?.addEventListener('abort', giveUp, { once: true })
  try {
    return await new Promise<StackStatus>((resolveReady, reject) => {
      child.on('message', (message: DetachedMessage) => {
        if (message.type === 'log') log(message.message)
        else if (message.type === 'ready') resolveReady(message.status)
        else reject(new Error(message.message))
      })
      child.once('error', reject)
      child.once('exit', (code) => {
        reject(
          new Error(
            `starting the stack: its process ended (exit code ${code}); see ${join(logs, 'supervisor.log')}`,
          ),
        )
      })
    })
  } catch (error) {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    throw error
  } finally {
    signal?.removeEventListener('abort', giveUp)
    if (child.connected) child.disconnect()
    child.unref()
  }
}
