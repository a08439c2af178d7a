/** Starts the receiver of webhooks that benchmarks send to. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Receiver {
  readonly pid: number
  readonly url: string
  /** Messages and bytes of their bodies since it was started. */
  received(): Promise<{ readonly messages: number; readonly bytes: number }>
  stop(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const child = fork(fileURLToPath(new URL('../receiver.js', import.meta.url)))
  const exited = once(child, 'exit')
  const [port] = (await Promise.race([
    once(child, 'message'),
    exited.then(() => Promise.reject(new Error('starting the receiver: it ended at once'))),
  ])) as [number]
  const url = `http://127.0.0.1:${port}/`
  return {
    pid: child.pid!,
    url,
    received: async () => (await fetch(url)).json() as ReturnType<Receiver['received']>,
    async stop() {
      child.disconnect()
      await exited
    },
  }
}
