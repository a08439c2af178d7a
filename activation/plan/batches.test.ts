import assert from 'node:assert/strict'
import fc from 'fast-check'
import { batchCutter } from './batches.js'

describe('batches', () => {
  it('hold records of one operation, within the limits, and no fewer than fit', () => {
    const record = fc.record({
      group: fc.integer({ min: 1, max: 3 }),
      bytes: fc.integer({ min: 1, max: 120 }),
    })
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 200 }),
        (records, most, bytes) => {
          const cutter = batchCutter({ records: most, bytes })
          for (const { group, bytes: size } of records) cutter.take(group, size)
          const { starts } = cutter
          const batches = starts.map((start, index) => records.slice(start, starts[index + 1]))
          assert.deepEqual(batches.flat(), records)
          const sizeOf = (batch: typeof records) => batch.reduce((sum, { bytes: size }) => sum + size, 0)
          for (const [index, batch] of batches.entries()) {
            assert.ok(batch.length >= 1 && batch.length <= most)
            assert.equal(new Set(batch.map(({ group }) => group)).size, 1)
            assert.ok(batch.length === 1 || sizeOf(batch) <= bytes)
            const next = batches[index + 1]?.[0]
            const fits =
              next?.group === batch[0]!.group && batch.length < most && sizeOf(batch) + next.bytes <= bytes
            assert.equal(fits, false)
          }
        },
      ),
    )
  })
})
