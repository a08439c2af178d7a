import assert from 'node:assert/strict'
import { openTestEngine, type TestEngine } from '../engine.testing.js'
import { acceptTestStep, testStep, writeFacts } from '../facts/facts.testing.js'
import { openStep } from '../steps/derived-load.js'
import { identify, refreshTraits } from '../traits/traits.testing.js'
import { showProfile } from './show-profile.js'

const NOW = new Date('2026-05-13T10:00:00.000Z')
const at = (hour: number) => new Date(Date.UTC(2026, 4, 12, hour))
const TRAITS = {
  computed: {
    orders: { event: 'Order', aggregate: 'count' },
    visits: { event: 'Visit', aggregate: 'count' },
  },
} as const

describe('a shown profile', function () {
  this.timeout(120_000)
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  beforeEach(() => engine.clear())
  after(() => engine.close())

  it('says who a person is, what holds of them, where they belong and what they did', async () => {
    const { warehouse } = engine
    await writeFacts(warehouse, {
      nodes: [
        { node: 1, type: 'customer', value: 'c1' },
        { node: 2, type: 'email', value: 'b@example.org' },
        { node: 3, type: 'email', value: 'a@example.org' },
        { node: 4, type: 'email', value: 'other@example.org' },
        { node: 5, type: 'email', value: 'no.fact@example.org' },
      ],
      links: [{ a: 1, b: 3, ts: at(1) }],
      events: [
        {
          node: 2,
          event: 'Order',
          ts: at(1),
          row: '7',
          properties: { total: 5, sent: at(2), tags: ['x'], no: null },
        },
        { node: 1, event: 'Order', ts: at(3), row: '8', properties: { total: 'none', 'paid:by': true } },
        { node: 4, event: 'Order', ts: at(3) },
      ],
      traits: [
        { node: 1, trait: 'city', value: 'Lyon', ts: at(1) },
        { node: 2, trait: 'born', value: at(0), ts: at(2), source: 'crm' },
        { node: 2, trait: 'gone', value: null, ts: at(2) },
      ],
    })
    await identify(warehouse, { 1: 1, 2: 1, 3: 1, 5: 1 })
    await refreshTraits(warehouse, TRAITS, { now: NOW })
    await writeVersion(engine, { old: [1], lapsed: [1, 4] })
    await writeVersion(engine, { _everyone: [1, 4], lapsed: undefined, vips: [1], others: [4] })
    const expected = {
      profile: 'p1',
      identifiers: { customer: ['c1'], email: ['a@example.org', 'b@example.org'] },
      traits: {
        born: { value: '2026-05-12T00:00:00.000Z', source: 'crm', at: '2026-05-12T02:00:00.000Z' },
        city: { value: 'Lyon', source: 'shop', at: '2026-05-12T01:00:00.000Z' },
        orders: { value: 2, source: 'computed', at: '2026-05-12T03:00:00.000Z' },
        visits: { value: 0, source: 'computed', at: null },
      },
      segments: ['lapsed', 'vips'],
      events: [
        {
          event: 'Order',
          at: '2026-05-12T03:00:00.000Z',
          source: 'shop',
          message_id: '8',
          properties: { 'paid:by': true, total: 'none' },
        },
        {
          event: 'Order',
          at: '2026-05-12T01:00:00.000Z',
          source: 'shop',
          message_id: '7',
          properties: { sent: '2026-05-12T02:00:00.000Z', tags: ['x'], total: 5 },
        },
      ],
    }
    assert.deepEqual(await showProfile(warehouse, { id: 'p1' }), expected)
    assert.deepEqual(await showProfile(warehouse, { node: 3 }), expected)
    assert.deepEqual(await showProfile(warehouse, { id: 'p2' }), { ...expected, redirectedFrom: 'p2' })
    assert.deepEqual(await showProfile(warehouse, { id: 'p1' }, { events: 1 }), {
      ...expected,
      events: expected.events.slice(0, 1),
    })
  })

  it('is nobody where no fact counts or the id is none', async () => {
    await writeFacts(engine.warehouse, { nodes: [{ node: 1, type: 'email', value: 'a@example.org' }] })
    for (const id of ['p1', 'p2', 'p0', 'p99999999999', 'x', '1']) {
      assert.equal(await showProfile(engine.warehouse, { id }), undefined)
    }
  })
})

/** One accepted version of segments; undefined: nobody came or went. */
async function writeVersion(
  { warehouse }: TestEngine,
  segments: Readonly<Record<string, readonly number[] | undefined>>,
): Promise<void> {
  const step = await openStep(testStep(warehouse), 'segments')
  const staged = await step.stage(async ({ loadId, version }) => {
    for (const [segment, members] of Object.entries(segments)) {
      await warehouse.command({
        query: `INSERT INTO cdp.segment_versions__rows (segment, members, carries, version, _load_id)
          SELECT {segment:String}, bitmapBuild({members:Array(UInt32)}), {carries:UInt8}, ${version}, ${loadId}`,
        query_params: { segment, members: members ?? [], carries: members ? 1 : 0 },
      })
    }
    return { rows: 1, state: {} }
  })
  await acceptTestStep(warehouse, staged)
}
