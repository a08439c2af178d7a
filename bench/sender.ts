/**
 * Sends to a webhook in a process of its own, as a worker would, so that its CPU and memory are those of nothing else: a
 * frozen plan through the connector, or bodies alone. Takes one order at a time, and says when it is done.
 */
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { createConnectorContext, type WriteContext } from '@tributary/connector-sdk'
import webhook, { type WebhookConfig } from '@tributary/destination-webhook'
import { deliverBatches } from '../activation/deliver/deliver-batches.js'
import { connectWarehouse } from '../warehouse/client.js'
import type { DeliverOrder, Order, PostOrder } from './support/sender.js'

process.on('message', (order: Order) => {
  const work = 'plan' in order ? deliver(order) : post(order)
  work.then(
    () => process.send?.({}),
    (error: Error) => process.send?.({ error: error.stack ?? error.message }),
  )
})
// It ends with whoever started it.
process.on('disconnect', () => process.exit(0))
process.send?.({})

async function deliver({
  plan,
  target,
  consent,
  url,
  warehouse: login,
  folder,
}: DeliverOrder): Promise<void> {
  const warehouse = connectWarehouse(login)
  const { signal } = new AbortController()
  const quiet = () => undefined
  const context = createConnectorContext<WebhookConfig>({
    config: { url, secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` },
    signal,
    log: { debug: quiet, info: quiet, warn: quiet },
    secrets: { get: async () => undefined, update: async () => undefined },
    allowPrivateAddresses: true,
    workspaceDirectory: folder,
    scratchDirectory: folder,
  })
  try {
    const objects = typeof webhook.objects === 'function' ? await webhook.objects(context) : webhook.objects
    const { done } = await deliverBatches(
      { warehouse, signal, progress: quiet, endRequested: quiet, now: Date.now, attempt: 1 },
      {
        run: `run-${plan.plan}`,
        plan,
        progress: { batches: 0, acknowledged: 0, rejected: 0, withheld: 0, repeated: 0 },
        target,
        consent,
        object: objects[0]!,
        write: { ...context, activation: plan.activation, run: `run-${plan.plan}` } as WriteContext<unknown>,
      },
    )
    if (!done) throw new Error('delivering: the plan was not sent to its end')
  } finally {
    context.close()
    await warehouse.close()
  }
}

/** The limit: one body after another over one connection. */
async function post({ url, body: text, times }: PostOrder): Promise<void> {
  const body = Buffer.from(text)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  for (let time = 0; time < times; time++) {
    const posted = request(url, { method: 'POST', agent, headers })
    posted.end(body)
    const [response] = await once(posted, 'response')
    response.resume()
    await once(response, 'end')
  }
  agent.destroy()
}
