/** Conformance: a new whole takes the place of the old one at the end of its run, at once and not before. */
import type { DestinationRecord } from '../../destination.js'
import type { DestinationDriver } from './driver.js'
import { assertHoldings } from './holdings.js'
import type { ObjectCase } from './options.js'
import { assertAllOk, samples } from './records.js'
import type { TestRun } from './run.js'

export function registerReplaceTests<Config>(driver: DestinationDriver<Config>, object: ObjectCase): void {
  const begin = async (...batches: readonly DestinationRecord[][]): Promise<TestRun> => {
    const run = driver.run(object, 'replace')
    for (const batch of batches) assertAllOk(await run.write(batch), batch.length)
    return run
  }
  const assertHeld = (expected: readonly DestinationRecord[]): Promise<void> =>
    assertHoldings(driver.vendor(), object, 'replace', expected)

  it('puts the new whole in place of the old', async () => {
    const records = samples(object, 'replace', 6)
    await (await begin(records.slice(0, 2), records.slice(2, 4))).finish()
    await assertHeld(records.slice(0, 4))
    await (await begin(records.slice(3))).finish()
    await assertHeld(records.slice(3))
  })
  it('keeps the old whole until the new one is finished', async () => {
    const records = samples(object, 'replace', 5)
    await (await begin(records.slice(0, 2))).finish()
    const run = await begin(records.slice(2, 4), records.slice(4))
    await assertHeld(records.slice(0, 2))
    await run.finish()
    await assertHeld(records.slice(2))
  })
  it('is empty after a run of no batches', async () => {
    await (await begin(samples(object, 'replace', 2))).finish()
    await (await begin()).finish()
    await assertHeld([])
  })
  it('takes nothing over from a run that never ended', async () => {
    const records = samples(object, 'replace', 6)
    await begin(records.slice(0, 3))
    await (await begin(records.slice(3))).finish()
    await assertHeld(records.slice(3))
  })
}
