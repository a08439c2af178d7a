/** Conformance of batches, whatever is done with their records: limits, text, repetition, runs beside each other. */
import assert from 'node:assert/strict'
import type { DestinationRecord, Operation } from '../../destination.js'
import type { DestinationDriver } from './driver.js'
import { assertHoldings, comparable, readHoldings } from './holdings.js'
import type { ObjectCase } from './options.js'
import { assertAllOk, mainOperation, samples, withFields } from './records.js'

const TEXT = 'ünï 😀 "q" \'s\' \\N %s {{x}} =1+1 ;,\t\r\n\u2028 عربي'
const DEFAULT_BATCH_BYTES = 4 * 1024 * 1024

export function registerBatchTests<Config>(driver: DestinationDriver<Config>, object: ObjectCase): void {
  const operation = mainOperation(object)
  if (!operation) return

  it('takes a batch at its limit', async () => {
    const { batch } = driver.object(object)
    const records = withinBytes(samples(object, operation, batch.records), batch.bytes ?? DEFAULT_BATCH_BYTES)
    const run = driver.run(object, operation)
    assertAllOk(await run.write(records), records.length)
    await run.finish()
    await assertHoldings(driver.vendor(), object, operation, records)
  })
  it('takes fields of any name, or only those that it names', async () => {
    const records = samples(object, operation, 2).map((record) =>
      withFields(record, { ...record.fields, zz_unknown: 'text' }),
    )
    const run = driver.run(object, operation)
    if (driver.object(object).openFields) {
      assertAllOk(await run.write(records), records.length)
      await run.finish()
      await assertHoldings(driver.vendor(), object, operation, records)
    } else {
      await assert.rejects(run.write(records), { kind: 'SchemaIncompatible' })
      await assertHoldings(driver.vendor(), object, operation, [])
    }
  })
  it('carries any characters unchanged', async () => {
    const records = samples(object, operation, 2).map((record) => {
      const { fields } = driver.object(object)
      const names = object.freeText ?? freeTextOf(driver, object, record)
      const texts = names.map((name) => [name, cut(TEXT, fields[name]?.maxLength)])
      return withFields(record, { ...record.fields, ...Object.fromEntries(texts) })
    })
    const run = driver.run(object, operation)
    assertAllOk(await run.write(records), records.length)
    await run.finish()
    await assertHoldings(driver.vendor(), object, operation, records)
  })
  for (const repeated of object.operations.filter((name) => name !== 'remove')) {
    it(`counts a batch of ${repeated} once that arrives twice, or says that it may not`, async () => {
      const { idempotency } = driver.object(object)
      const records = samples(object, repeated, 5)
      const run = driver.run(object, repeated)
      const [first, second] = [run.batch(records.slice(0, 3)), run.batch(records.slice(3))]
      // In a crash either only the answer is lost, or the next batch has left already.
      for (const batch of [first, first, second, first]) {
        assertAllOk(await run.deliver(batch), batch.records.length)
      }
      await run.finish()
      await run.finish()
      if (idempotency !== 'none') await assertHoldings(driver.vendor(), object, repeated, records)
      else await assertHeldAtLeast(driver, object, repeated, records, 3)
    })
  }
  if (operation === 'replace') return
  it('keeps two runs of two activations apart that take turns', async () => {
    const records = samples(object, operation, 8)
    const runs = ['one', 'other'].map((activation) => driver.run(object, operation, { activation }))
    for (const part of [0, 1]) {
      for (const [index, run] of runs.entries()) {
        const from = 4 * index + 2 * part
        assertAllOk(await run.write(records.slice(from, from + 2)), 2)
      }
    }
    for (const run of runs) await run.finish()
    await assertHoldings(driver.vendor(), object, operation, records)
  })
}

/** Fails unless the vendor holds each record once at least and `most` times at most, and nothing else. */
export async function assertHeldAtLeast<Config>(
  driver: DestinationDriver<Config>,
  object: ObjectCase,
  operation: Operation,
  records: readonly DestinationRecord[],
  most: number,
): Promise<void> {
  const held = await readHoldings(driver.vendor(), object, operation)
  const expected = comparable(records.map((record) => object.holds?.(record) ?? record))
  assert.deepEqual([...new Set(held)], [...new Set(expected)])
  const times = Math.max(0, ...expected.map((text) => held.filter((other) => other === text).length))
  assert.ok(times <= most, `a record is held ${times} times`)
}

/** The free text of a sample: fields whose characters mean nothing to the destination. */
function freeTextOf<Config>(
  driver: DestinationDriver<Config>,
  object: ObjectCase,
  { fields }: DestinationRecord,
): string[] {
  const known = driver.object(object).fields
  return Object.entries(fields).flatMap(([name, value]) => {
    const field = known[name]
    if (typeof value !== 'string') return []
    const exact = field?.['x-type']
    const text =
      exact === undefined ? [field?.type ?? 'string'].flat().includes('string') : exact === 'string'
    const special = field?.format ?? field?.oneOf ?? field?.enum ?? field?.normalize ?? field?.hash
    return text && special === undefined ? [name] : []
  })
}

function withinBytes(records: readonly DestinationRecord[], most: number): DestinationRecord[] {
  let bytes = 0
  return records.filter((record) => {
    bytes += Buffer.byteLength(JSON.stringify(record)) + 1
    return bytes <= most
  })
}

function cut(text: string, most = Number.POSITIVE_INFINITY): string {
  return [...text].slice(0, most).join('')
}
