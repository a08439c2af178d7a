/** Starts the process that sends to webhooks for benchmarks, and gives it orders. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { DeliverInput } from '../../activation/deliver/types.js'
import type { WarehouseOptions } from '../../warehouse/client.js'

export interface DeliverOrder {
  readonly url: string
  readonly warehouse: WarehouseOptions
  readonly plan: DeliverInput['plan']
  readonly target: string
  readonly consent: readonly string[]
  /** For what a connector may want to write. */
  readonly folder: string
}

export interface PostOrder {
  readonly url: string
  readonly body: string
  readonly times: number
}

export type Order = DeliverOrder | PostOrder

export interface Sender {
  readonly pid: number
  /** Resolves when it is done. @throws with what it says */
  send(order: Order): Promise<void>
  stop(): Promise<void>
}

export async function startSender(): Promise<Sender> {
  const child = fork(fileURLToPath(new URL('../sender.js', import.meta.url)))
  const exited = once(child, 'exit')
  const answer = async () => {
    const [said] = (await Promise.race([
      once(child, 'message'),
      exited.then(() => Promise.reject(new Error('sending: the sender has ended'))),
    ])) as [{ readonly error?: string }]
    if (said.error !== undefined) throw new Error(said.error)
  }
  await answer()
  return {
    pid: child.pid!,
    async send(order) {
      child.send(order)
      await answer()
    },
    async stop() {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}
