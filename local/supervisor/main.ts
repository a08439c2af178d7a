/** The background process of `up --detach`: takes the options as JSON in its only argument and reports to its parent until it is ready. */
import type { StackStatus } from './control.js'
import { runStack } from './run.js'
import type { StackOptions } from './stack.js'

/** What the background process tells its parent. */
export type DetachedMessage =
  | { readonly type: 'log'; readonly message: string }
  | { readonly type: 'ready'; readonly status: StackStatus }
  | { readonly type: 'failed'; readonly message: string }

/** Resolves when the parent has the message; it leaves once the stack is ready, and then nobody is told. */
const tell = (message: DetachedMessage) =>
  new Promise<void>((resolve) => {
    if (process.connected && process.send) process.send(message, undefined, undefined, () => resolve())
    else resolve()
  })

const log = (message: string) => {
  process.stderr.write(`${new Date().toISOString()} ${message}\n`)
  void tell({ type: 'log', message })
}

const options = JSON.parse(process.argv[2] ?? '{}') as StackOptions
try {
  await runStack(options, (status) => void tell({ type: 'ready', status }), { log })
} catch (error) {
  const { message } = error as Error
  process.stderr.write(`${new Date().toISOString()} ${message}\n`)
  await tell({ type: 'failed', message })
  process.exitCode = 1
}
if (process.connected) process.disconnect()
