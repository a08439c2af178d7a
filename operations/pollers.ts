/** Who takes work from Temporal now. The server names a poller for five minutes after its last word, also one that died. */
import type { Client } from '@temporalio/client'
import { SYNC_TASK_QUEUE, TASK_QUEUE, WAREHOUSE_TASK_QUEUE } from '../workflows/contract.js'

/** A poll waits up to a minute for work, and the next follows at once: who was silent for longer is gone. */
const SILENCE_MS = 75_000

/** temporal.api.enums.v1.TaskQueueType */
const QUEUE_TYPES = { workflow: 1, activity: 2 } as const

/** A worker process is one poller a role (worker.ts): `tributary@host:123:sync`. */
const ROLE = /:(main|sync|warehouse)$/

interface Queue {
  readonly name: string
  readonly type: keyof typeof QUEUE_TYPES
}

/** Every queue needs somebody: a run waits for ever at the first that has nobody. */
const QUEUES: readonly Queue[] = [
  { name: TASK_QUEUE, type: 'workflow' },
  { name: TASK_QUEUE, type: 'activity' },
  { name: SYNC_TASK_QUEUE, type: 'activity' },
  { name: WAREHOUSE_TASK_QUEUE, type: 'activity' },
]

/** A poller of one queue, as the server remembers it. */
export interface Poller {
  readonly queue: string
  readonly identity: string
  readonly lastAskedMs: number
}

export interface Polling {
  /** Identities of workers that live. */
  readonly workers: readonly string[]
  /** Queues from which nobody takes work. */
  readonly idle: readonly string[]
}

/** Looks at every queue. */
export async function lookAtPollers(client: Client, nowMs = Date.now()): Promise<Polling> {
  const pollers = await Promise.all(QUEUES.map((queue) => pollersOf(client, queue)))
  return polling(
    QUEUES.map(({ name }) => name),
    pollers.flat(),
    nowMs,
  )
}

/** A worker that is busy asks one queue for nothing, and another all the same: it lives where it asks any. */
export function polling(queues: readonly string[], pollers: readonly Poller[], nowMs: number): Polling {
  const workers = new Set(
    pollers.filter(({ lastAskedMs }) => nowMs - lastAskedMs <= SILENCE_MS).map(({ identity }) => identity),
  )
  const isServed = (queue: string) =>
    pollers.some((poller) => poller.queue === queue && workers.has(poller.identity))
  return { workers: [...workers], idle: [...new Set(queues)].filter((queue) => !isServed(queue)) }
}

async function pollersOf(client: Client, { name, type }: Queue): Promise<Poller[]> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name },
    taskQueueType: QUEUE_TYPES[type],
  })
  return (pollers ?? []).map(({ identity, lastAccessTime }) => ({
    queue: name,
    identity: (identity ?? '').replace(ROLE, ''),
    lastAskedMs: Number(lastAccessTime?.seconds ?? 0) * 1000,
  }))
}
