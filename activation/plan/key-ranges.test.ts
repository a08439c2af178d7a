import assert from 'node:assert/strict'
import { selectRows } from '../../warehouse/query.js'
import { quoteString } from '../../warehouse/types/identifiers.js'
import { inRange, type KeyRange, keyRanges } from './key-ranges.js'
import { PlanScratch } from './scratch.js'
import { openPlanWorld, type PlanWorld } from './world.testing.js'

describe('ranges of keys', function () {
  this.timeout(60_000)
  let world: PlanWorld
  let scratch: PlanScratch
  before(async () => {
    world = await openPlanWorld()
    scratch = await PlanScratch.open(world.context)
  })
  after(async () => {
    await scratch?.drop()
    await world?.close()
  })

  const rangesOf = (keys: string, rangeRows: number) => keyRanges(scratch, keys, {}, rangeRows)
  const countIn = async (keys: string, range: KeyRange) => {
    const rows = await selectRows<{ rows: number }>(
      world.warehouse,
      `SELECT toUInt32(count()) AS rows FROM (${keys}) WHERE ${inRange(range)}`,
      { ...range },
    )
    return rows[0]!.rows
  }

  it('hold every key once, in shares that are about the same', async () => {
    const start = quoteString('{"id":"\\\\ \\" é \t \'/')
    const keys = `SELECT concat(${start}, toString(number), '"}') AS key FROM numbers(10000)`
    const ranges = await rangesOf(keys, 2000)
    const counts = await Promise.all(ranges.map((range) => countIn(keys, range)))
    assert.equal(ranges.length, 5)
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      10_000,
    )
    assert.ok(Math.max(...counts) < 3000, counts.join())
    for (const [index, { upTo }] of ranges.entries()) assert.equal(upTo, ranges[index + 1]?.from)
  })

  it('are one where there is little, or nothing', async () => {
    assert.deepEqual(await rangesOf("SELECT 'a' AS key FROM numbers(100)", 100), [{}])
    assert.deepEqual(await rangesOf("SELECT 'a' AS key FROM numbers(0)", 100), [{}])
  })

  it('do not part what has the same key', async () => {
    const keys = "SELECT 'a' AS key FROM numbers(1000)"
    const ranges = await rangesOf(keys, 100)
    const counts = await Promise.all(ranges.map((range) => countIn(keys, range)))
    assert.deepEqual(
      counts.filter((count) => count > 0),
      [1000],
    )
  })
})
