/** Conformance: upserts and removes do what the contract says of them, to the records that they are given and to no other. */
import assert from 'node:assert/strict'
import type { DestinationRecord } from '../../destination.js'
import type { JsonValue } from '../../json.js'
import type { DestinationDriver } from './driver.js'
import { assertHoldings } from './holdings.js'
import type { ObjectCase } from './options.js'
import { assertAllOk, recordFor, samples, UNSENT, withFields } from './records.js'

export function registerUpsertTests<Config>(driver: DestinationDriver<Config>, object: ObjectCase): void {
  const upsert = async (...batches: readonly DestinationRecord[][]): Promise<void> => {
    const run = driver.run(object, 'upsert')
    for (const batch of batches) assertAllOk(await run.write(batch), batch.length)
    await run.finish()
  }
  const assertHeld = (expected: readonly DestinationRecord[]): Promise<void> =>
    assertHoldings(driver.vendor(), object, 'upsert', expected)

  it('creates records, also one alone, and answers each', async () => {
    const records = samples(object, 'upsert', 4)
    await upsert(records.slice(0, 3), records.slice(3))
    await assertHeld(records)
  })
  it('changes the fields that are given and leaves the others', async () => {
    const [first, second] = samples(object, 'upsert', 2) as [DestinationRecord, DestinationRecord]
    const changed = changedField(first, object.sample(UNSENT))
    if (!changed) return
    const [name, value] = changed
    await upsert([first, second])
    await upsert([withFields(first, { ...requiredFields(driver, object, first), [name]: value })])
    await assertHeld([withFields(first, { ...first.fields, [name]: value }), second])
  })
  it('unsets a field that is null', async () => {
    const [first, second] = samples(object, 'upsert', 2) as [DestinationRecord, DestinationRecord]
    const required = requiredFields(driver, object, first)
    await upsert([first, second])
    const unset = Object.fromEntries(Object.keys(first.fields).map((name) => [name, null]))
    await upsert([withFields(first, { ...unset, ...required })])
    await assertHeld([withFields(first, required), second])
  })
  it('changes nothing when what is there is written again', async () => {
    const records = samples(object, 'upsert', 3)
    await upsert(records)
    await upsert(records.toReversed())
    await assertHeld(records)
  })
}

export function registerRemoveTests<Config>(driver: DestinationDriver<Config>, object: ObjectCase): void {
  const operation = object.operations.includes('upsert') ? 'upsert' : 'replace'
  const remove = async (records: readonly DestinationRecord[]): Promise<void> => {
    const run = driver.run(object, 'remove')
    const removed = records.map((record) => recordFor('remove', record))
    assertAllOk(await run.write(removed), records.length)
    await run.finish()
  }

  it('says ok to removing what is not there', async () => {
    await remove(samples(object, 'remove', 2))
    await assertHoldings(driver.vendor(), object, 'remove', [])
  })
  if (!object.operations.includes(operation)) return
  it('removes those records and no others, once and again', async () => {
    const records = samples(object, operation, 5)
    const run = driver.run(object, operation)
    await run.write(records)
    await run.finish()
    for (let time = 0; time < 2; time++) {
      await remove([records[1]!, records[3]!])
      await assertHoldings(
        driver.vendor(),
        object,
        operation,
        records.filter((_, n) => n !== 1 && n !== 3),
      )
    }
  })
}

/** A field of the record that has another value in the other. */
function changedField(record: DestinationRecord, other: DestinationRecord): [string, JsonValue] | undefined {
  const names = Object.keys(record.fields)
  const name = names.find(
    (key) =>
      (other.fields[key] ?? null) !== null &&
      JSON.stringify(other.fields[key]) !== JSON.stringify(record.fields[key]),
  )
  assert.ok(name !== undefined || names.length === 0, 'all samples have the same fields: let one differ')
  return name === undefined ? undefined : [name, other.fields[name]!]
}

function requiredFields<Config>(
  driver: DestinationDriver<Config>,
  object: ObjectCase,
  { fields }: DestinationRecord,
): DestinationRecord['fields'] {
  const known = driver.object(object).fields
  return Object.fromEntries(Object.entries(fields).filter(([name]) => known[name]?.required))
}
