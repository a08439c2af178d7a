import assert from 'node:assert/strict'
import type { SegmentFile, Who } from '@tributary/schemas'
import { selectRow } from '../../warehouse/query.js'
import { openTestEngine, type TestEngine } from '../engine.testing.js'
import { writeFacts } from '../facts/facts.testing.js'
import { compileSegment } from './compile/compile.js'
import { explainMembership } from './evaluate/explain.js'
import { type PreviewQuestion, previewSegment } from './preview.js'
import { SEMANTICS_NOW, SEMANTICS_OPERATORS, SEMANTICS_VALUES, semanticsRow } from './semantics.js'
import { sentenceOf } from './sentence.js'

const who = (who: Who): SegmentFile => ({ name: 'S', who })
const question = (definition: SegmentFile): PreviewQuestion => ({
  id: 's',
  definition,
  segment: () => undefined,
  now: SEMANTICS_NOW,
  timeZone: 'UTC',
})

describe('segments on the engine', function () {
  this.timeout(60_000)
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
    const ts = new Date('2026-01-31T08:00:00Z')
    await writeFacts(engine.warehouse, {
      nodes: SEMANTICS_VALUES.map((_, index) => ({
        node: index + 1,
        type: 'email',
        value: `${index}@example.com`,
      })),
      links: SEMANTICS_VALUES.map((_, index) => ({ a: index + 1, b: index + 1, ts })),
      events: [{ node: 1, event: 'Order', ts, properties: { total: 5, channel: 'store' } }],
    })
    const { traits } = literalTraits()
    await engine.warehouse.command({ query: `CREATE VIEW cdp.semantics AS SELECT * FROM ${traits}` })
  })
  after(() => engine.close())

  for (const operator of SEMANTICS_OPERATORS) {
    it(`evaluates ${JSON.stringify(operator)} as the published table says`, async () => {
      const compiled = compileSegment('s', who({ trait: 'x', ...operator }), {
        now: SEMANTICS_NOW,
        timeZone: 'UTC',
        propertyKinds: () => [],
      })
      const sources = { events: '', traits: 'cdp.semantics', nodes: '', lists: '', everyone: '' }
      const members = compiled.members({
        leaf: () => `(SELECT groupBitmapState(profile) FROM (${compiled.leaves[0]!.sql(sources)}))`,
        segment: () => '',
        everyone: `(SELECT groupBitmapState(toUInt32(number + 1)) FROM numbers(${SEMANTICS_VALUES.length}))`,
      })
      const row = await selectRow<{ members: number[] }>(
        engine.warehouse,
        `SELECT bitmapToArray(${members}) AS members`,
      )
      const expected = semanticsRow(operator).flatMap((holds, index) => (holds ? [index + 1] : []))
      assert.deepEqual(
        row!.members.sort((a, b) => a - b),
        expected,
      )
    })
  }

  it('previews how many there are and who', async () => {
    const { seconds, ...preview } = await previewSegment(
      engine.warehouse,
      question(who({ performed: 'Order' })),
    )
    assert.ok(seconds > 0)
    assert.deepEqual(preview, {
      size: 1,
      sample: [{ profile: 'p1', identifiers: { email: ['0@example.com'] }, traits: {} }],
    })
    const others = await previewSegment(engine.warehouse, question(who({ not: { performed: 'Order' } })))
    assert.equal(others.size, SEMANTICS_VALUES.length - 1)
  })

  it('ends a preview with its caller', async () => {
    const signal = AbortSignal.abort(new Error('gone'))
    await assert.rejects(
      previewSegment(engine.warehouse, { ...question(who({ performed: 'Order' })), signal }),
    )
  })

  it('explains by which facts a person belongs', async () => {
    const definition = who({
      all: [{ performed: 'Order', within: '1d' }, { not: { trait: 'x', exists: true } }],
    })
    const explanation = await explainMembership(engine.warehouse, {
      ...question(definition),
      definition,
      profile: 1,
    })
    assert.deepEqual(explanation, {
      member: true,
      tree: {
        condition: 'who did Order in the last 1 day and who are not among those whose x is known',
        truth: true,
        evidence: [],
        combines: 'all',
        children: [
          {
            condition: 'who did Order in the last 1 day',
            truth: true,
            evidence: [
              { count: 1 },
              { event: 'Order', at: '2026-01-31T08:00:00.000Z', properties: { total: 5, channel: 'store' } },
            ],
          },
          {
            condition: 'who are not among those whose x is known',
            truth: true,
            evidence: [],
            combines: 'not',
            children: [{ condition: 'whose x is known', truth: false, evidence: [] }],
          },
        ],
      },
    })
  })
})

describe('sentences', () => {
  const cases: readonly [Who, string][] = [
    [{ everyone: true }, 'Everyone.'],
    [
      {
        all: [
          { trait: 'lifetime_value', gte: 500 },
          {
            performed: 'Order Completed',
            times: { gte: 3 },
            within: '365d',
            where: [{ property: 'channel', eq: 'store' }],
          },
          { not: { performed: 'Order Completed', within: '60d' } },
        ],
      },
      'People whose lifetime value is at least 500 and who did Order Completed with channel that is “store” at least 3 times in the last 365 days and who never did Order Completed in the last 60 days.',
    ],
    [
      { sequence: [{ performed: 'Cart' }, { not: { performed: 'Order' } }], within: '1d' },
      'People who did Cart, then did not do Order, all within 1 day.',
    ],
    [
      { performed: 'Order', aggregate: { sum: 'total' }, within: '90d', gt: 100 },
      'People whose added-up total of Order in the last 90 days is more than 100.',
    ],
    [
      { performed: 'Order', aggregate: { avg: 'total' }, gt: 100 },
      'People whose average total of Order is more than 100.',
    ],
    [
      {
        not: {
          any: [
            { trait: 'city', eq: 'Paris' },
            { performed: 'Order', calendar: 'this_month' },
          ],
        },
      },
      'People who are not among those (whose city is “Paris” or who did Order this month).',
    ],
    [
      {
        all: [
          { trait: 'lifetime_value', between: [1250.5, 33000] },
          { trait: 'born', gte: 1985 },
          { trait: 'joined', before: '2017-12-15' },
        ],
      },
      'People whose lifetime value is between 1250.5 and 33,000 and whose born is at least 1985 and whose joined is before 15 Dec 2017.',
    ],
    [
      { performed: 'Order', since: '2026-01-01', until: '2026-03-31', time_zone: 'Asia/Tokyo' },
      'People who did Order since 1 Jan 2026 until 31 Mar 2026 (Asia/Tokyo time).',
    ],
  ]
  for (const [definition, sentence] of cases) {
    it(`says ${sentence}`, () => assert.equal(sentenceOf(who(definition)), sentence))
  }

  it('says what people call a segment, where that is known', () => {
    const definition = who({ all: [{ segment: 'vips' }, { not: { segment: 'lost' } }] })
    const titles = new Map([['vips', 'Our best']])
    assert.equal(
      sentenceOf(definition, (id) => titles.get(id)),
      'People who are in the segment “Our best” and who are not in the segment lost.',
    )
  })

  it('says by whose clock dates are, where the segment names one', () => {
    const definition = who({ performed: 'Order', calendar: 'today' })
    assert.equal(
      sentenceOf({ ...definition, time_zone: 'Asia/Tokyo' }),
      'People who did Order today. Dates are by the clock of Asia/Tokyo.',
    )
  })
})

/** The values of the table as rows of traits, those that are none left out. */
function literalTraits() {
  const rows = SEMANTICS_VALUES.flatMap(([, value], index) => {
    if (value === undefined) return []
    const kind =
      value === null ? 'null' : value instanceof Date ? 'time' : Array.isArray(value) ? 'list' : typeof value
    const column = (of: string, empty: string, full: string) => (kind === of ? full : empty)
    const time = value instanceof Date ? value.getTime() : 0
    const list = Array.isArray(value) ? `[${value.map((text) => `'${text}'`).join(', ')}]` : '[]'
    return [
      `SELECT 'x' AS trait, toUInt32(${index + 1}) AS profile, '${kind === 'string' ? 'text' : kind}' AS kind,
        ${column('string', "''", `'${value}'`)} AS text, toFloat64(${column('number', '0', String(value))}) AS number,
        toUInt8(${column('boolean', '0', '1')}) AS boolean, fromUnixTimestamp64Milli(toInt64(${time}), 'UTC') AS time,
        CAST(${list} AS Array(String)) AS list`,
    ]
  })
  return { traits: `(${rows.join(' UNION ALL ')})` }
}
