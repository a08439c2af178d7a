/** Writes a batch: as one message, halved where the receiver refuses it without saying why; or as a message for each record. */
import type { Batch, RecordResult, WriteContext, WriteResult } from '@tributary/connector-sdk'
import { writeHalving } from './halving.js'
import { writeEach } from './single.js'
import type { WebhookConfig } from './spec.js'

/** @throws ConnectorError when nothing was taken and nothing can be said of single records */
export async function writeBatch(context: WriteContext<WebhookConfig>, batch: Batch): Promise<WriteResult> {
  const results: readonly RecordResult[] =
    context.config.format === 'single' ? await writeEach(context, batch) : await writeHalving(context, batch)
  return { results }
}
