/** A hundred different segments, and beside each the query that one would write by hand for it. */
import type { PropertyWhere, SegmentFile, Who } from '@tributary/schemas'
import { quoteString } from '../../warehouse/types/identifiers.js'
import { NOW } from '../support/people-data.js'
import { dateTime64, EVENT_NAMES, type EventName } from '../support/people-events.js'

export interface BenchSegment {
  readonly id: string
  readonly definition: SegmentFile
  /** SELECT of `id`, without visibility and identity. */
  readonly byHand: string
}

/** A condition both ways. */
interface Condition {
  readonly who: Who
  readonly byHand: string
}

const DAY_MS = 86_400_000

const eventsOf = (event: EventName, days: number) =>
  `FROM cdp.events__rows WHERE event = ${quoteString(event)}
   AND ts >= ${dateTime64(new Date(NOW.getTime() - days * DAY_MS))} AND ts < ${dateTime64(NOW)}`

const did = (event: EventName, days: number, times = 1): Condition => ({
  who: { performed: event, times: { gte: times }, within: `${days}d` },
  byHand: `SELECT node AS id ${eventsOf(event, days)} GROUP BY node HAVING count() >= ${times}`,
})

const spent = (event: EventName, days: number, amount: number): Condition => ({
  who: { performed: event, aggregate: { sum: 'amount' }, gt: amount, within: `${days}d` },
  byHand: `SELECT node AS id ${eventsOf(event, days)} GROUP BY node HAVING sum(\`number:amount\`) > ${amount}`,
})

const variety = (event: EventName, days: number, categories: number): Condition => ({
  who: { performed: event, aggregate: { unique: 'category' }, gte: categories, within: `${days}d` },
  byHand: `SELECT node AS id ${eventsOf(event, days)} GROUP BY node HAVING uniqExact(\`text:category\`) >= ${categories}`,
})

const didIn = (
  event: EventName,
  days: number,
  property: 'category' | 'channel',
  value: string,
): Condition => {
  const where: PropertyWhere[] = [{ property, eq: value }]
  return {
    who: { performed: event, where, within: `${days}d` },
    byHand: `SELECT DISTINCT node AS id ${eventsOf(event, days)} AND \`text:${property}\` = ${quoteString(value)}`,
  }
}

const trait = (name: 'city' | 'tier', value: string): Condition => ({
  who: { trait: name, eq: value },
  byHand: `SELECT profile AS id FROM cdp.trait_values__rows WHERE trait = '${name}' AND text = ${quoteString(value)}`,
})

const computed = (name: 'orders' | 'lifetime_value', value: number): Condition => ({
  who: { trait: name, gte: value },
  byHand: `SELECT profile AS id FROM cdp.trait_values__rows WHERE trait = '${name}' AND number >= ${value}`,
})

const then = (first: EventName, second: EventName, days: number): Condition => ({
  who: { sequence: [{ performed: first }, { performed: second }], within: `${days}d` },
  byHand: `SELECT node AS id FROM cdp.events__rows
    WHERE event IN (${quoteString(first)}, ${quoteString(second)}) AND ts < ${dateTime64(NOW)} GROUP BY node
    HAVING windowFunnel(${days * DAY_MS}, 'strict_increase')(
      toUInt64(toUnixTimestamp64Milli(ts)), event = ${quoteString(first)}, event = ${quoteString(second)}) = 2`,
})

const not = ({ who, byHand }: Condition): Condition => ({
  who: { not: who },
  byHand: `SELECT node AS id FROM cdp.nodes__rows WHERE node NOT IN (${byHand})`,
})

const all = (...parts: readonly Condition[]): Condition => ({
  who: { all: parts.map(({ who }) => who) },
  byHand: parts.map(({ byHand }) => `(${byHand})`).join(' INTERSECT '),
})

const any = (...parts: readonly Condition[]): Condition => ({
  who: { any: parts.map(({ who }) => who) },
  byHand: parts.map(({ byHand }) => byHand).join(' UNION ALL '),
})

const regular = did('Item Purchased', 90, 2)
const REGULAR = 'regular'

/** Regular customers by their segment. */
const regulars: Condition = { who: { segment: REGULAR }, byHand: regular.byHand }

const FUNNEL = [
  ['Page Viewed', 'Product Viewed'],
  ['Product Viewed', 'Product Added'],
  ['Product Added', 'Item Purchased'],
  ['Search Made', 'Product Viewed'],
  ['Email Opened', 'Email Clicked'],
  ['Email Clicked', 'Item Purchased'],
  ['Item Purchased', 'Review Written'],
  ['Item Purchased', 'Support Contacted'],
] as const

const CONDITIONS: readonly Condition[] = [
  ...EVENT_NAMES.flatMap((event) => [did(event, 7), did(event, 30, 2), did(event, 180, 3)]),
  ...EVENT_NAMES.map((event) => not(did(event, 30))),
  ...[30, 90, 180, 365].flatMap((days) => [
    spent('Item Purchased', days, 250),
    spent('Product Added', days, 500),
  ]),
  ...[3, 4, 5].map((categories) => variety('Item Purchased', 365, categories)),
  ...[6, 8].map((categories) => variety('Product Viewed', 180, categories)),
  ...[0, 1, 2, 3, 4, 5].map((category) => didIn('Item Purchased', 90, 'category', `category-${category}`)),
  ...[30].map((days) => didIn('Page Viewed', days, 'channel', 'web')),
  ...[1, 2, 3, 4, 5].map((city) => trait('city', `city-${city}`)),
  ...['silver', 'gold'].map((tier) => trait('tier', tier)),
  ...[1, 3].map((orders) => computed('orders', orders)),
  ...[100, 300].map((value) => computed('lifetime_value', value)),
  ...FUNNEL.map(([first, second]) => then(first, second, 7)),
  ...[7, 8, 9, 10].map((city) => all(regulars, trait('city', `city-${city}`))),
  ...[30, 60, 90].map((days) => all(regulars, not(did('Item Purchased', days)))),
  ...[11, 12].map((city) => all(trait('city', `city-${city}`), did('Email Clicked', 90))),
  ...(['Review Written', 'Support Contacted', 'Coupon Redeemed'] as const).map((event) =>
    any(regulars, all(did(event, 365), trait('tier', 'gold'))),
  ),
  any(
    all(regulars, trait('tier', 'gold')),
    all(did('Product Viewed', 30, 2), not(did('Item Purchased', 180))),
  ),
  ...[1, 2, 3, 4, 5].map((times) => all(did('Page Viewed', 30, times), computed('orders', 1))),
  all(then('Product Added', 'Item Purchased', 7), trait('tier', 'silver')),
  all(not(did('Page Viewed', 90)), trait('tier', 'gold')),
]

/** One of them, `regular`, is named by others. */
export const BENCH_SEGMENTS: readonly BenchSegment[] = [
  segment(REGULAR, regular),
  ...CONDITIONS.map((condition, index) => segment(`s${index + 1}`, condition)),
]

function segment(id: string, { who, byHand }: Condition): BenchSegment {
  return { id, definition: { name: id, who }, byHand }
}
