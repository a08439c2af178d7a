/** A mapping that is edited, gone or cut short: the old facts hold until the new ones are whole. */
import assert from 'node:assert/strict'
import type { Warehouse } from '../../../warehouse/client.js'
import { selectRow, selectRows } from '../../../warehouse/query.js'
import { acceptTestStep, testStep } from '../../facts/facts.testing.js'
import { dropMapping, stageMapping } from '../stage-mapping.js'
import { runMapping } from '../streams.testing.js'
import { IDENTITY, type Orders, row } from './orders.testing.js'

export function editing(world: Orders): void {
  const { orders, totals } = world
  let warehouse: Warehouse
  before(() => {
    warehouse = world.warehouse
  })

  it('maps everything anew beside the old after an edit, and switches when it is accepted', async () => {
    const { stream, input } = await orders()
    await stream.load([row(1, 5), row(2, 6, { status: 'draft' })])
    await runMapping(warehouse, input)
    const { events, ...rest } = input.mapping
    const { when: _, ...event } = events![0]!
    const edited = { ...input, mapping: { ...rest, events: [event] } }
    const staged = await stageMapping(testStep(warehouse), edited)
    assert.deepEqual(await totals(input), [5])
    await acceptTestStep(warehouse, staged!)
    assert.deepEqual(await totals(input), [5, 6])
    assert.equal(await stageMapping(testStep(warehouse), edited), undefined)
    const rules = { ...edited, identity: { ...IDENTITY, block: { values: ['c1'] } } }
    await runMapping(warehouse, rules)
    assert.deepEqual(await totals(input), [6])
    const limits = { ...rules.identity.identifiers, email: { ...IDENTITY.identifiers.email, limit: 3 } }
    assert.equal(
      await stageMapping(testStep(warehouse), {
        ...rules,
        identity: { ...rules.identity, identifiers: limits },
      }),
      undefined,
    )
  })

  it('shows nothing of attempts that died, and gives their numbers to others', async () => {
    const { stream, input } = await orders()
    await stream.load([row(1, 5, { customer: 'dead-1' }), row(2, 6, { customer: 'dead-2' })])
    await stageMapping(testStep(warehouse), input)
    await stageMapping(testStep(warehouse), input)
    assert.deepEqual(await totals(input), [])
    await runMapping(warehouse, input)
    assert.deepEqual(await totals(input), [5, 6])
    const nodes = await selectRow<{ nodes: number; values: number; highest: number }>(
      warehouse,
      `SELECT toUInt32(uniqExact(node)) AS nodes, toUInt32(uniqExact(type, value)) AS values, max(node) AS highest
       FROM cdp.nodes`,
    )
    assert.deepEqual(nodes, { nodes: nodes!.highest, values: nodes!.highest, highest: nodes!.highest })
    const left = await selectRows(
      warehouse,
      `SELECT name FROM system.tables WHERE database = 'cdp' AND startsWith(name, 'work_')`,
    )
    assert.deepEqual(left, [])
  })

  it('forgets a mapping that is gone, and knows it again when it comes back', async () => {
    const { stream, input } = await orders()
    assert.equal(await dropMapping(testStep(warehouse), input.name), undefined)
    await stream.load([row(1, 5)])
    await runMapping(warehouse, input)
    await acceptTestStep(warehouse, (await dropMapping(testStep(warehouse), input.name))!)
    assert.deepEqual(await totals(input), [])
    assert.equal(await dropMapping(testStep(warehouse), input.name), undefined)
    await runMapping(warehouse, input)
    assert.deepEqual(await totals(input), [5])
  })
}
