import assert from 'node:assert/strict'
import { openTestEngine, type TestEngine } from '../engine.testing.js'
import { writeFacts } from '../facts/facts.testing.js'
import { countEvents, readPropertyValues } from '../facts/seen-values.js'
import { readSnapshot } from '../facts/snapshot.js'
import { readEvidence } from '../identity/evidence.js'
import { identify } from '../traits/traits.testing.js'
import { displayName } from './display-name.js'
import { nodesOf } from './nodes-of.js'
import { CursorInvalid, readTimeline } from './timeline.js'

const at = (hour: number) => new Date(Date.UTC(2026, 4, 12, hour))

describe('what is known of a person, part by part', function () {
  this.timeout(120_000)
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  beforeEach(() => engine.clear())
  after(() => engine.close())

  const page = async (cursor?: string, limit = 2) =>
    readTimeline(engine.warehouse, await readSnapshot(engine.warehouse), [1, 2], {
      limit,
      ...(cursor !== undefined && { cursor }),
    })

  it('comes as events in pages, each once, also where several are of one time or come meanwhile', async () => {
    const { warehouse } = engine
    const event = (row: string, hour: number, node = 1) => ({ node, event: 'Seen', ts: at(hour), row })
    await writeFacts(warehouse, {
      events: [
        event('1', 1),
        event('2', 2),
        event('3', 2, 2),
        event('4', 2),
        event('5', 3),
        event('6', 9, 3),
      ],
    })
    const first = await page()
    await writeFacts(warehouse, { mapping: 'late', events: [event('7', 4)] })
    const second = await page(first.next)
    const third = await page(second.next)
    assert.deepEqual(
      [first, second, third].map(({ events }) => events.map(({ message_id }) => message_id)),
      [['5', '4'], ['3', '2'], ['1']],
    )
    assert.equal(third.next, undefined)
    await assert.rejects(page('1.2'), CursorInvalid)
  })

  it('comes as evidence: where each identifier was seen, and what names two together', async () => {
    const { warehouse } = engine
    await writeFacts(warehouse, {
      nodes: [
        { node: 1, type: 'customer', value: 'c1' },
        { node: 2, type: 'email', value: 'a@example.org' },
        { node: 3, type: 'email', value: 'b@example.org' },
        { node: 4, type: 'customer', value: 'c4' },
      ],
      links: [
        { a: 1, b: 2, ts: at(1), row: '1' },
        { a: 1, b: 2, ts: at(2), row: '2' },
        { a: 1, b: 4, ts: at(2), row: '3' },
      ],
    })
    // Rows with one identifier say what happened, and link nothing.
    await writeFacts(warehouse, {
      mapping: 'till',
      source: 'till',
      events: [{ node: 1, event: 'Bought', ts: at(7), row: '4' }],
      traits: [{ node: 3, trait: 'city', ts: at(3), row: '5', value: 'Paris' }],
    })
    await identify(warehouse, { 1: 1, 2: 1, 3: 1 })
    assert.deepEqual(await nodesOf(warehouse, 1), [1, 2, 3])
    const [c1, mail] = [
      { type: 'customer', value: 'c1' },
      { type: 'email', value: 'a@example.org' },
    ]
    const span = { firstAt: '2026-05-12T01:00:00.000Z', lastAt: '2026-05-12T02:00:00.000Z' }
    assert.deepEqual(await readEvidence(warehouse, [1, 2, 3]), {
      identifiers: [
        { ...c1, ...span, lastAt: '2026-05-12T07:00:00.000Z', sources: ['shop', 'till'] },
        { ...mail, ...span, sources: ['shop'] },
        {
          type: 'email',
          value: 'b@example.org',
          firstAt: '2026-05-12T03:00:00.000Z',
          lastAt: '2026-05-12T03:00:00.000Z',
          sources: ['till'],
        },
      ],
      links: [{ a: c1, b: mail, mapping: 'test', source: 'shop', rows: 2, ...span }],
      more: false,
    })
  })

  it('comes as names of events with counts, and the most frequent values of a property of each kind', async () => {
    const { warehouse } = engine
    const event = (name: string, properties: object, hour = 1) => ({
      node: 1,
      event: name,
      ts: at(hour),
      properties: properties as Record<string, string>,
    })
    await writeFacts(warehouse, {
      events: [
        event('Bought', { what: 'Tea', many: 2, tags: ['x', 'y'] }),
        event('Bought', { what: 'Tea', many: 3, tags: ['x'] }, 5),
        event('Bought', { what: "Rooibos'" }),
        event('Seen', { what: 'Coffee' }),
      ],
    })
    const snapshot = await readSnapshot(warehouse)
    assert.deepEqual(
      await countEvents(warehouse, snapshot),
      new Map([
        ['Bought', 3],
        ['Seen', 1],
      ]),
    )
    const values = (property: string, kind: 'text' | 'number' | 'list', search = '') =>
      readPropertyValues(warehouse, snapshot, { event: 'Bought', property, kind }, { search })
    assert.deepEqual(await values('what', 'text'), [
      { value: 'Tea', count: 2 },
      { value: "Rooibos'", count: 1 },
    ])
    assert.deepEqual(await values('what', 'text', "BOS'"), [{ value: "Rooibos'", count: 1 }])
    assert.deepEqual(await values('many', 'number'), [
      { value: 2, count: 1 },
      { value: 3, count: 1 },
    ])
    assert.deepEqual(await values('tags', 'list'), [
      { value: 'x', count: 2 },
      { value: 'y', count: 1 },
    ])
  })
})

describe('what a person is called', () => {
  const cases = [
    [{ name: ' Ada ' }, 'Ada'],
    [{ First_Name: 'Ada', last_name: 'Lovelace' }, 'Ada Lovelace'],
    [{ last_name: 'Lovelace' }, 'Lovelace'],
    [{ name: '', first_name: 'Ada' }, 'Ada'],
    [{ city: 'Paris', name: 12 }, null],
  ] as const
  for (const [traits, expected] of cases) {
    it(`is ${expected} by ${JSON.stringify(traits)}`, () => assert.equal(displayName(traits), expected))
  }
})
