import assert from 'node:assert/strict'
import type { SegmentFile, Who } from '@tributary/schemas'
import { checkSegments, type KnownNames } from './check-segment.js'

const KNOWN: KnownNames = {
  traits: new Set(['city', 'consent.email']),
  events: new Map([['Order', new Set(['total'])]]),
  identifiers: new Set(['email']),
  lists: new Set(['vip']),
}
const segment = (id: string, who: Who) => ({ id, definition: { name: id, who } satisfies SegmentFile })
const found = (...segments: ReturnType<typeof segment>[]) =>
  checkSegments(segments, KNOWN).map(
    (each) => `${each.segment} ${each.path.join('.')}: ${each.message}; ${each.remedy}`,
  )

describe('checking segments', () => {
  it('finds nothing in what is fine', () => {
    const who: Who = {
      all: [
        { trait: 'city', in: ['Paris', 5] },
        { performed: 'Order', within: '30d', aggregate: { sum: 'total' }, gt: { trait: 'city' } },
        { sequence: [{ performed: 'Order' }, { not: { performed: 'Order' } }], within: '1d' },
        {
          any: [
            { list: 'vip' },
            { random: { share: 0.1 } },
            { consent: 'email' },
            { identifier: 'email', exists: true },
          ],
        },
        { segment: 'b' },
      ],
    }
    assert.deepEqual(found(segment('a', who), segment('b', { everyone: true })), [])
  })

  const cases: readonly [Who, string][] = [
    [{ all: [] }, 'who.all: the group is empty; add a condition, or write everyone: true'],
    [
      { trait: 'town', exists: true },
      'who.trait: nothing makes the trait town; map it, or use one of: city, consent.email',
    ],
    [
      { trait: 'city' },
      'who: has no operator; write one, e.g. exists: true; join several conditions with all',
    ],
    [
      { trait: 'city', gt: 'M' },
      'who.gt: only numbers and times have an order; write a number, or a time as ISO 8601, e.g. 2026-01-31',
    ],
    [
      { trait: 'city', matches: '(?=a)' },
      'who.matches: is not a regular expression (RE2); RE2 has no look-around and no back-references; e.g. ^A[0-9]+$',
    ],
    [
      { trait: 'city', before: '2026-02-30' },
      'who.before: is not a time; write a date, or a date and a time of day, e.g. 2026-01-31 or 2026-01-31T08:30',
    ],
    [
      { trait: 'city', between: [1, '2026-01-01'] },
      'who.between: is between a number and a time; write two numbers or two times',
    ],
    [{ trait: 'city', eq: 'a\0' }, 'who.eq: the text has a NUL character; take it out'],
    [{ performed: 'Cart' }, 'who.performed: no mapping makes the event Cart; events are: Order'],
    [
      { performed: 'Order', where: [{ property: 'city', exists: true }] },
      'who.where.0.property: Order has no property city; its properties are: total',
    ],
    [
      { performed: 'Order', within: '1d', calendar: 'today' },
      'who: has several windows: within, calendar; keep one of them',
    ],
    [
      { performed: 'Order', between: { from: '1d', to: '3d' } },
      'who.between: ends before it begins; from is the further end: { from: 90d, to: 30d }',
    ],
    [
      { performed: 'Order', aggregate: { sum: 'total' } },
      'who: the aggregate is compared with nothing; write one, e.g. gte: 100',
    ],
    [
      { performed: 'Order', aggregate: 'count', eq: 'many' },
      'who.eq: compares a number with something else; write a number',
    ],
    [
      { performed: 'Order', gt: 5 },
      'who.gt: compares nothing; add aggregate, or put the condition on a property into where',
    ],
    [
      { sequence: [{ not: { performed: 'Order' } }, { performed: 'Order' }], within: '1d' },
      'who.sequence.0: begins with a step that did not happen; begin with an event that happened',
    ],
    [{ segment: 'b' }, 'who.segment: there is no segment b; segments are: a'],
    [{ segment: 'a' }, 'who.segment: the segment names itself: a → a; take one of these conditions out'],
    [{ list: 'none' }, 'who.list: there is no list none; lists are: vip'],
    [
      { identifier: 'phone', exists: true },
      'who.identifier: identity.yaml knows no identifier phone; identifiers are: email',
    ],
    [{ random: { share: 0.00001 } }, 'who.random.share: shares are told apart in steps of 0.0001; write 0'],
  ]
  for (const [who, problem] of cases) {
    it(`says ${problem}`, () => assert.deepEqual(found(segment('a', who)), [`a ${problem}`]))
  }

  it('names a circle at each of its places', () => {
    assert.deepEqual(
      found(
        segment('a', { not: { segment: 'b' } }),
        segment('b', { all: [{ everyone: true }, { segment: 'a' }] }),
      ),
      [
        'a who.not.segment: the segment names itself: a → b → a; take one of these conditions out',
        'b who.all.1.segment: the segment names itself: b → a → b; take one of these conditions out',
      ],
    )
  })
})
