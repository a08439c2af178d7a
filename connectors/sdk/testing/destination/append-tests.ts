/** Conformance: every event that is appended is kept. */
import type { DestinationRecord } from '../../destination.js'
import type { DestinationDriver } from './driver.js'
import { assertHoldings } from './holdings.js'
import type { ObjectCase } from './options.js'
import { assertAllOk, samples } from './records.js'

export function registerAppendTests<Config>(driver: DestinationDriver<Config>, object: ObjectCase): void {
  const append = async (...batches: readonly DestinationRecord[][]): Promise<void> => {
    const run = driver.run(object, 'append')
    for (const batch of batches) assertAllOk(await run.write(batch), batch.length)
    await run.finish()
  }

  it('keeps who entered and who left', async () => {
    const entered = samples(object, 'append', 3)
    const left = samples(object, 'append', 2).map((record) => ({ ...record, event: 'left' as const }))
    await append(entered)
    await append(left)
    await assertHoldings(driver.vendor(), object, 'append', [...entered, ...left])
  })
  it('keeps the events by which a run is taken back', async () => {
    if (driver.object(object).undo !== 'compensate') return
    const entered = samples(object, 'append', 2)
    const taken = entered.map((record) => ({ ...record, event: 'left' as const, compensates: 'run-1' }))
    await append(entered)
    await append(taken)
    await assertHoldings(driver.vendor(), object, 'append', [...entered, ...taken])
  })
  it('keeps an event of a later batch or run beside one that looks the same', async () => {
    const events = samples(object, 'append', 2)
    await append(events, events)
    await append(events)
    await assertHoldings(driver.vendor(), object, 'append', [...events, ...events, ...events])
  })
}
