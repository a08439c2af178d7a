/** Conformance: one bad record spoils nothing but itself, and its reason tells no value of it. */
import assert from 'node:assert/strict'
import type { DestinationRecord, RecordResult } from '../../destination.js'
import type { DestinationDriver } from './driver.js'
import { assertHoldings } from './holdings.js'
import type { ObjectCase } from './options.js'
import { mainOperation, recordFor, samples } from './records.js'

export function registerRejectTests<Config>(
  driver: DestinationDriver<Config>,
  object: ObjectCase,
  badSample: (n: number) => DestinationRecord,
): void {
  const operation = mainOperation(object)
  if (!operation) return
  const bad = (n: number): DestinationRecord => recordFor(operation, badSample(n))
  const deliver = async (records: readonly DestinationRecord[]): Promise<readonly RecordResult[]> => {
    const run = driver.run(object, operation)
    const results = await run.write(records)
    await run.finish()
    return results
  }
  const rejections = (results: readonly RecordResult[]): string[] =>
    results.flatMap((result) =>
      result.status === 'rejected' ? [`${result.reason} ${result.code ?? ''}`] : [],
    )

  it('rejects bad records alone, in their places, and brings the others', async () => {
    const [first, second, third] = samples(object, operation, 3) as [
      DestinationRecord,
      DestinationRecord,
      DestinationRecord,
    ]
    const results = await deliver([bad(0), first, second, bad(1), third])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'ok', 'ok', 'rejected', 'ok'],
    )
    await assertHoldings(driver.vendor(), object, operation, [first, second, third])
  })
  it('answers a batch of nothing but bad records', async () => {
    const results = await deliver([bad(0), bad(1)])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    await assertHoldings(driver.vendor(), object, operation, [])
  })
  it('gives a reason without a value of the record', async () => {
    const record = bad(0)
    const reasons = rejections(await deliver([record]))
    assert.equal(reasons.length, 1)
    const values = [...Object.values(record.match), ...Object.values(record.fields)].flatMap((value) =>
      typeof value === 'string' || typeof value === 'number' ? [String(value)] : [],
    )
    const shown = values.filter((value) => value.length >= 4 && reasons[0]!.includes(value))
    assert.equal(shown.length, 0, 'a value of the record is in the reason')
  })
}
