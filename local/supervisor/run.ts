/** Runs the stack in the foreground of a process: Ctrl-C, SIGTERM and a closed terminal stop it in order, a second Ctrl-C at once. */
import type { StackStatus } from './control.js'
import { type StackHooks, type StackOptions, startStack } from './stack.js'

/**
 * Starts the stack and resolves when it has been stopped by a signal.
 * @param onReady told once every part serves
 * @throws as startStack does; a signal during the start ends it, which is no error
 */
export async function runStack(
  options: StackOptions,
  onReady: (status: StackStatus) => void,
  hooks: Omit<StackHooks, 'signal'> = {},
): Promise<void> {
  const stopping = new AbortController()
  const onSignal = (signal: NodeJS.Signals) => {
    // What is cut off is stopped by the guard of the children (guard.ts).
    if (stopping.signal.aborted && signal === 'SIGINT') process.exit(130)
    hooks.log?.('Stopping')
    stopping.abort()
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, onSignal)
  try {
    const stack = await startStack(options, { ...hooks, signal: stopping.signal })
    onReady(stack.status)
    await stack.stopped
  } catch (error) {
    if (!stopping.signal.aborted) throw error
  } finally {
    for (const signal of signals) process.off(signal, onSignal)
  }
}
