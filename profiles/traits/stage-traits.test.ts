import assert from 'node:assert/strict'
import type { TraitsFile } from '@tributary/schemas'
import { selectRows } from '../../warehouse/query.js'
import { openTestEngine, type TestEngine } from '../engine.testing.js'
import { acceptTestStep, testStep, writeFacts } from '../facts/facts.testing.js'
import { stageTraits } from './stage-traits.js'
import { sweepTraits } from './sweep-traits.js'
import { countTraits, traitCatalogue } from './trait-catalogue.js'
import { currentValues, identify, refreshTraits } from './traits.testing.js'

const at = (hour: number) => new Date(Date.UTC(2026, 4, 12, hour))
const NOW = at(20)
const PLAIN: TraitsFile = {}
const ORDERS: TraitsFile = { computed: { orders: { event: 'Order', aggregate: 'count', within: '5h' } } }

describe('the golden record', function () {
  this.timeout(120_000)
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  beforeEach(() => engine.clear())
  after(() => engine.close())

  const values = async () =>
    (await currentValues(engine.warehouse)).map(({ profile, trait, value }) => [profile, trait, value])
  const refresh = (traits: TraitsFile = PLAIN, now = NOW, fullShare = 9) =>
    refreshTraits(engine.warehouse, traits, { now, fullShare })

  it('is unset by an explicit null, and set again by a later value', async () => {
    const { warehouse } = engine
    await writeFacts(warehouse, { traits: [{ node: 1, trait: 'city', value: 'Lyon', ts: at(1) }] })
    await refresh()
    await writeFacts(warehouse, { traits: [{ node: 1, trait: 'city', value: null, ts: at(2) }] })
    assert.equal(await refresh(), 'incremental')
    assert.deepEqual(await values(), [])
    await writeFacts(warehouse, { traits: [{ node: 1, trait: 'city', value: '', ts: at(3) }] })
    await refresh()
    assert.deepEqual(await values(), [[1, 'city', '']])
  })

  it('breaks ties by time of statement, of arrival, then row', async () => {
    const statement = (value: string, received: number, row: string) => ({
      node: 1,
      trait: 'city',
      value,
      ts: at(1),
      receivedAt: at(received),
      row,
    })
    await writeFacts(engine.warehouse, {
      traits: [statement('a', 3, '9'), statement('b', 2, '11'), statement('c', 3, '10')],
    })
    await refresh()
    assert.deepEqual(await values(), [[1, 'city', 'c']])
  })

  it('follows a merge and a split, and old values vanish', async () => {
    const { warehouse } = engine
    await writeFacts(warehouse, {
      traits: [
        { node: 1, trait: 'city', value: 'Lyon', ts: at(1) },
        { node: 2, trait: 'city', value: 'Nice', ts: at(2) },
      ],
      events: [
        { node: 1, event: 'Order', ts: at(16) },
        { node: 2, event: 'Order', ts: at(17) },
      ],
    })
    await refresh(ORDERS)
    const apart = [
      [1, 'city', 'Lyon'],
      [1, 'orders', 1],
      [2, 'city', 'Nice'],
      [2, 'orders', 1],
    ]
    assert.deepEqual(await values(), apart)
    await identify(warehouse, { 1: 1, 2: 1 })
    assert.equal(await refresh(ORDERS), 'incremental')
    assert.deepEqual(await values(), [
      [1, 'city', 'Nice'],
      [1, 'orders', 2],
    ])
    await identify(warehouse, { 2: 2 })
    assert.equal(await refresh(ORDERS), 'incremental')
    assert.deepEqual(await values(), apart)
  })

  it('changes as time passes, and where nothing changed there is nothing to do', async () => {
    const { warehouse } = engine
    await writeFacts(warehouse, {
      events: [
        { node: 1, event: 'Order', ts: at(16) },
        { node: 2, event: 'Order', ts: at(21) },
      ],
      traits: [{ node: 3, trait: 'city', value: 'Lyon', ts: at(21) }],
    })
    const orders = async () => (await values()).map(([profile, , value]) => [profile, value])
    assert.equal(await refresh(ORDERS), 'full')
    assert.deepEqual(await orders(), [
      [1, 1],
      [2, 0],
      [3, 0],
    ])
    assert.equal(await refresh(ORDERS, at(21)), undefined)
    assert.equal(await refresh(ORDERS, at(22)), 'incremental')
    assert.deepEqual(await orders(), [
      [1, 0],
      [2, 1],
      [3, 'Lyon'],
      [3, 0],
    ])
  })

  it('is written anew for everybody where a rule changes, and not where words do', async () => {
    await writeFacts(engine.warehouse, {
      traits: [
        { node: 1, trait: 'city', value: 'Lyon', ts: at(1) },
        { node: 1, trait: 'city', value: 'Nice', ts: at(2) },
      ],
    })
    await refresh()
    assert.equal(await refresh({ traits: { city: { rule: 'latest', description: 'Home' } } }), 'full')
    assert.equal(await refresh({ traits: { city: { description: 'Where they live' } } }), undefined)
    assert.equal(await refresh({ traits: { city: { rule: 'first' } } }), 'full')
    assert.deepEqual(await values(), [[1, 'city', 'Lyon']])
  })

  it('is not touched by a load that was never accepted', async () => {
    const { warehouse } = engine
    await writeFacts(warehouse, { traits: [{ node: 1, trait: 'city', value: 'Lyon', ts: at(1) }] })
    await refresh()
    await writeFacts(warehouse, { traits: [{ node: 1, trait: 'city', value: 'Nice', ts: at(2) }] })
    await stageTraits(testStep(warehouse, NOW), { traits: PLAIN, timeZone: 'UTC', fullShare: 9 })
    await warehouse.command({ query: 'SYSTEM RELOAD DICTIONARY cdp.record_of' })
    assert.deepEqual(await values(), [[1, 'city', 'Lyon']])
    await refresh()
    assert.deepEqual(await values(), [[1, 'city', 'Nice']])
  })

  it('keeps what is current when the rest is swept', async () => {
    const { warehouse } = engine
    for (const [index, value] of ['a', 'b', 'c'].entries()) {
      await writeFacts(warehouse, {
        traits: [
          { node: 1, trait: 'city', value, ts: at(index) },
          ...(index === 0 ? [{ node: 2, trait: 'city', value: 'stays', ts: at(0) }] : []),
        ],
      })
      await refreshTraits(warehouse, PLAIN, { now: NOW, fullShare: 9, rebuild: index === 0 })
    }
    await refreshTraits(warehouse, PLAIN, { now: NOW, rebuild: true })
    await writeFacts(warehouse, { traits: [{ node: 1, trait: 'city', value: 'd', ts: at(5) }] })
    await refresh()
    const kept = async () => ({
      values: await selectRows(warehouse, 'SELECT profile, text FROM cdp.trait_values__rows ORDER BY ALL'),
      records: await selectRows(warehouse, 'SELECT profile FROM cdp.records__rows ORDER BY ALL'),
    })
    await sweepTraits(warehouse, { share: 0.9 })
    const { values: worn, records } = await kept()
    assert.deepEqual([worn.length, records], [3, [{ profile: 1 }, { profile: 2 }]])
    await sweepTraits(warehouse)
    await sweepTraits(warehouse)
    assert.deepEqual(await kept(), {
      values: [
        { profile: 1, text: 'd' },
        { profile: 2, text: 'stays' },
      ],
      records: [{ profile: 1 }, { profile: 2 }],
    })
    assert.deepEqual(await values(), [
      [1, 'city', 'd'],
      [2, 'city', 'stays'],
    ])
  })

  it('keeps what people see while it cannot be said who has which record', async () => {
    const { warehouse } = engine
    await writeFacts(warehouse, { traits: [{ node: 1, trait: 'city', value: 'Lyon', ts: at(1) }] })
    await refresh()
    const staged = await stageTraits(testStep(warehouse, NOW), {
      traits: PLAIN,
      timeZone: 'UTC',
      rebuild: true,
    })
    await acceptTestStep(warehouse, staged!)
    const command: typeof warehouse.command = (params) =>
      params.query.startsWith('SYSTEM RELOAD')
        ? Promise.reject(new Error('no memory'))
        : warehouse.command(params)
    const beset = Object.create(warehouse, { command: { value: command } }) as typeof warehouse
    await assert.rejects(sweepTraits(beset), /no memory/)
    assert.deepEqual(await values(), [[1, 'city', 'Lyon']])
  })

  it('is described by a catalogue', async () => {
    const { warehouse } = engine
    await writeFacts(warehouse, {
      traits: [
        { node: 1, trait: 'city', value: 'Lyon', ts: at(1) },
        { node: 2, trait: 'city', value: 7, ts: at(1) },
      ],
    })
    const traits: TraitsFile = { ...ORDERS, traits: { city: { rule: 'first', description: 'Home' } } }
    await refresh(traits)
    const mapping = {
      stream: 'shop.people',
      identifiers: { email: 'email' },
      traits: { city: 'city', age: 'age' },
    }
    assert.deepEqual(
      traitCatalogue(
        { mappings: [{ id: 'people', definition: mapping }], traits },
        await countTraits(warehouse),
      ),
      [
        { trait: 'age', rule: 'latest', sources: ['shop'], people: {} },
        {
          trait: 'city',
          rule: 'first',
          description: 'Home',
          sources: ['shop'],
          people: { number: 1, text: 1 },
        },
        { trait: 'orders', rule: 'computed', sources: [], people: { number: 2 } },
      ],
    )
  })
})
