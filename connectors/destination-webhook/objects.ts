/** The one object of a webhook: records of whatever fields an activation names. */
import { defineObject, type ObjectDefinition } from '@tributary/connector-sdk'
import type { WebhookConfig } from './spec.js'
import { writeBatch } from './write.js'

/** @param config decides how large batches are, and what may be promised of batches that come twice */
export function webhookObjects(config: WebhookConfig): readonly ObjectDefinition<WebhookConfig>[] {
  return [
    defineObject<WebhookConfig>({
      name: 'records',
      title: 'Records',
      description: 'Messages about records: upsert, remove, or append of an event.',
      operations: ['upsert', 'remove', 'append'],
      fields: {},
      openFields: true,
      batch: { records: config.batch_size ?? 1000 },
      idempotency: config.deduplicates ? 'keyed' : 'none',
      undo: 'inverse',
      write: writeBatch,
    }),
  ]
}
