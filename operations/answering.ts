/** Asks Temporal for what is good to know and not worth waiting for: without an answer the rest is shown all the same. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import type { OperationContext } from './context.js'

const CONNECT_MS = 1_500
const ANSWER_MS = 2_000

/** The client, where there is a connection soon; undefined otherwise. Connecting goes on for whoever asks next. */
export async function answeringTemporal({
  temporal,
}: Pick<OperationContext, 'temporal'>): Promise<Client | undefined> {
  const tooLate = sleep(CONNECT_MS, undefined, { ref: false })
  return Promise.race([temporal().catch(() => undefined), tooLate])
}

/** What the question gives; undefined where it fails, or there is no answer in time. */
export async function answered<Answer>(
  client: Client | undefined,
  question: (client: Client) => Promise<Answer>,
): Promise<Answer | undefined> {
  if (!client) return undefined
  return client.withDeadline(Date.now() + ANSWER_MS, () => question(client)).catch(() => undefined)
}
