import assert from 'node:assert/strict'
import { newLoadId } from '../../warehouse/ledger/ids.js'
import { selectRows } from '../../warehouse/query.js'
import { PlanScratch } from './scratch.js'
import { openPlanWorld, type PlanWorld } from './world.testing.js'

describe('scratch tables of plans', function () {
  this.timeout(60_000)
  let world: PlanWorld
  before(async () => {
    world = await openPlanWorld()
  })
  after(() => world?.close())

  const left = async () => {
    const rows = await selectRows<{ name: string }>(
      world.warehouse,
      "SELECT name FROM system.tables WHERE database = 'cdp' AND name LIKE 'scratch%' ORDER BY name",
    )
    return rows.map(({ name }) => name)
  }

  it('of others are left alone while those may still work, and swept when they cannot any more', async () => {
    const hours = 3_600_000
    const working = `scratch_activations_${newLoadId(Date.now() - 23 * hours)}_members`
    const dead = `scratch_activations_${newLoadId(Date.now() - 25 * hours)}_members`
    const refresh = `scratch_segments_refresh_${newLoadId(Date.now() - 25 * hours)}_bitmaps`
    for (const table of [working, dead, refresh]) {
      await world.warehouse.command({
        query: `CREATE TABLE cdp.${table} (profile UInt32) ENGINE = MergeTree ORDER BY profile`,
      })
    }
    const scratch = await PlanScratch.open(world.context)
    await scratch.create('members', 'profile UInt32', 'profile')
    assert.equal((await left()).length, 3)
    await scratch.drop()
    assert.deepEqual(await left(), [working, refresh])
  })
})
