/**
 * For the tests: a process that writes a run's batches from a given one on and finishes the run, until it is killed.
 * It says each batch's number when that is written.
 */
import { fileURLToPath } from 'node:url'
import { testWriteContext } from '@tributary/connector-sdk/testing'
import { fileObject } from '../file-object.js'
import { sample } from '../samples.testing.js'
import type { FilesConfig } from '../spec.js'

export const BATCHES = 12
export const BATCH_RECORDS = 200

const [, program, folder, format, from] = process.argv
if (program === fileURLToPath(import.meta.url)) {
  const config = { location: { folder }, format, file_name: '{run}', latest_name: 'latest' } as FilesConfig
  const context = testWriteContext<FilesConfig>(config)
  for (let index = Number(from); index < BATCHES; index++) {
    const records = Array.from({ length: BATCH_RECORDS }, (_, n) => sample(index * BATCH_RECORDS + n))
    await fileObject.write(context, {
      operation: 'upsert',
      records,
      index,
      idempotencyKey: `plan-${index}`,
    })
    process.stdout.write(`${index}\n`)
  }
  await fileObject.finish?.(context, {
    operation: 'upsert',
    batches: BATCHES,
    records: BATCHES * BATCH_RECORDS,
    idempotencyKey: 'plan-finish',
  })
  context.close()
}
