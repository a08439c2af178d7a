/** Any HTTP endpoint as a destination: signed JSON messages, a batch or a record each. */
import { randomUUID } from 'node:crypto'
import { defineDestination } from '@tributary/connector-sdk'
import { pingMessage } from './message.js'
import { webhookObjects } from './objects.js'
import { post } from './receiver.js'
import { spec, type WebhookConfig } from './spec.js'

export type { WebhookConfig } from './spec.js'

export default defineDestination<WebhookConfig>({
  spec,
  check: async (context) => {
    await post(context, pingMessage(`ping-${randomUUID()}`), [])
  },
  objects: async ({ config }) => webhookObjects(config),
  knownObjects: webhookObjects,
})
