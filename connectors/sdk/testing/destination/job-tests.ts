/** Conformance: what a vendor works on later is answered by whoever asks, as often as they ask. */
import assert from 'node:assert/strict'
import type { RecordResult, WriteResult } from '../../destination.js'
import { pollBatch, writeBatch } from '../../write-batch.js'
import type { DestinationDriver } from './driver.js'
import type { ObjectCase } from './options.js'
import { mainOperation, samples } from './records.js'

export function registerJobTests<Config>(driver: DestinationDriver<Config>, object: ObjectCase): void {
  const operation = mainOperation(object)
  if (!operation) return

  it('begins a job, and answers whoever asks after it, again too', async () => {
    const definition = driver.object(object)
    const batch = driver.run(object, operation).batch(samples(object, operation, 3))
    let result: WriteResult = await writeBatch(definition, driver.open(), batch)
    assert.ok('job' in result, 'it answers without a job')
    let asked = result.job
    for (let polls = 0; 'job' in result; polls++) {
      assert.ok(polls < 200, 'its job does not end')
      asked = result.job
      driver.said.push(JSON.stringify(asked))
      await driver.vendor().advance?.()
      result = await pollBatch(definition, driver.open(), batch, asked)
    }
    // The answer may be lost on its way: a worker that dies between asking and noting it.
    const again = await pollBatch(definition, driver.open(), batch, asked)
    assert.deepEqual(again, result satisfies { readonly results: readonly RecordResult[] })
  })
}
