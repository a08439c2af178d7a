import assert from 'node:assert/strict'
import { selectRow } from '../../warehouse/query.js'
import { openTestEngine, type TestEngine } from '../engine.testing.js'
import { acceptTestStep, testStep } from '../facts/facts.testing.js'
import { openStep } from '../steps/derived-load.js'
import { prepareDictionaries, profileOf, reloadProfileOf } from './dictionaries.js'

describe('dictionaries', function () {
  this.timeout(60_000)
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  after(() => engine?.close())

  const profile = async (node: number) =>
    (await selectRow<{ profile: number }>(engine.warehouse, `SELECT ${profileOf(String(node))} AS profile`))
      ?.profile
  /** Accepts a load that joins a node to a profile, and dies before it loads the dictionary. */
  const join = async (node: number, profile: number) => {
    const step = await openStep<object>(testStep(engine.warehouse), 'identity')
    const staged = await step.stage(async ({ loadId, generation, version }) => {
      const row = { node, profile, raw: profile, version, _load_id: loadId, _generation: generation }
      await engine.warehouse.insert({
        table: 'cdp.node_profiles__rows',
        values: [row],
        format: 'JSONEachRow',
      })
      return { rows: 1, state: {} }
    })
    await acceptTestStep(engine.warehouse, staged)
  }

  it('are loaded again where a refresh ended between an acceptance and the loading', async () => {
    await prepareDictionaries(engine.warehouse)
    assert.deepEqual([await profile(7), await profile(8)], [7, 8])
    await join(7, 3)
    assert.equal(await profile(7), 7)
    await prepareDictionaries(engine.warehouse)
    assert.deepEqual([await profile(7), await profile(8)], [3, 8])
  })

  it('are made anew where an earlier release defined them', async () => {
    const { warehouse } = engine
    await warehouse.command({
      query: `CREATE OR REPLACE DICTIONARY cdp.profile_of (node UInt64, profile UInt32) PRIMARY KEY node
        SOURCE(CLICKHOUSE(QUERY 'SELECT 7 AS node, 5 AS profile')) LAYOUT(FLAT()) LIFETIME(0)`,
    })
    assert.equal(await profile(7), 5)
    await prepareDictionaries(warehouse)
    assert.equal(await profile(7), 3)
  })

  it('hold the newest profile of every node, whatever the order of the loads', async () => {
    await join(9, 8)
    await join(7, 7)
    await join(9, 2)
    await reloadProfileOf(engine.warehouse)
    assert.deepEqual([await profile(7), await profile(8), await profile(9)], [7, 8, 2])
    await join(7, 3)
    await reloadProfileOf(engine.warehouse)
  })

  it('are made anew where they can no longer be read as their user', async () => {
    await engine.warehouse.command({ query: 'DROP DICTIONARY cdp.profile_of' })
    const rotated = { username: 'tester', password: 'of-yesterday' }
    await assert.rejects(async () => {
      await prepareDictionaries(engine.warehouse, rotated)
      await profile(7)
    }, /Authentication failed/)
    await prepareDictionaries(engine.warehouse)
    assert.equal(await profile(7), 3)
  })
})
