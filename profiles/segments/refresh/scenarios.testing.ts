/** Scenarios of refreshes, for tests: definitions of all kinds, and what can happen between two refreshes. */
import type { Who } from '@tributary/schemas'
import fc from 'fast-check'
import type { Warehouse } from '../../../warehouse/client.js'
import { type TestFacts, writeFacts } from '../../facts/facts.testing.js'
import { identify } from '../../traits/traits.testing.js'

export const MINUTE = 60_000
export const START = Date.UTC(2026, 2, 1)
export const NODES = [1, 2, 3, 4, 5, 6, 7, 8]

/** Definitions of all kinds; `nested` names others by id. */
export const WHO: readonly Who[] = [
  { everyone: true },
  { not: { performed: 'Seen' } },
  { performed: 'Seen', times: { gte: 2 }, within: '30m' },
  { performed: 'Bought', times: { eq: 0 }, within: '45m' },
  { performed: 'Bought', between: { from: '60m', to: '20m' } },
  { performed: 'Bought', aggregate: { sum: 'total' }, gt: 15, within: '50m' },
  { performed: 'Bought', aggregate: { max: 'total' }, gte: { trait: 'budget' } },
  { performed: 'Seen', occurrence: 'first', within: '40m' },
  { performed: 'Bought', occurrence: 'last', where: [{ property: 'channel', eq: 'web' }] },
  { sequence: [{ performed: 'Seen' }, { performed: 'Bought' }], within: '20m' },
  { sequence: [{ performed: 'Seen' }, { not: { performed: 'Bought' } }], within: '25m' },
  { performed: 'Bought', where: [{ property: 'due', within_next: '30m' }] },
  { performed: 'Bought', where: [{ property: 'tags', contains: 'new' }] },
  { trait: 'city', eq: 'Paris' },
  { trait: 'city', not_eq: 'Paris' },
  { trait: 'orders', gte: 1 },
  { trait: 'renewal', within_last: '30m' },
  { trait: 'renewal', after_next: '15m' },
  { list: 'vip' },
  { identifier: 'email', exists: true },
  { random: { share: 0.5, seed: 'x' } },
  { consent: 'marketing' },
]

export const TRAITS = {
  traits: { city: { rule: 'latest' as const } },
  computed: { orders: { event: 'Bought', aggregate: 'count' as const, within: '35m' } },
}

export type Change =
  | { readonly is: 'facts'; readonly facts: readonly Fact[] }
  | { readonly is: 'retract'; readonly pick: number }
  | { readonly is: 'identity'; readonly joins: readonly number[] }
  | { readonly is: 'list'; readonly node: number; readonly added: boolean }
  | { readonly is: 'definition'; readonly pick: number; readonly who: number }
  | { readonly is: 'nothing' }

export interface Fact {
  readonly kind: 'Seen' | 'Bought' | 'city' | 'budget' | 'renewal' | 'consent.marketing' | 'link'
  readonly node: number
  readonly other: number
  /** Minutes from the present moment. */
  readonly offset: number
  readonly number: number
}

const node = fc.constantFrom(...NODES)
export const fact: fc.Arbitrary<Fact> = fc.record({
  kind: fc.constantFrom(
    'Seen',
    'Seen',
    'Bought',
    'Bought',
    'city',
    'budget',
    'renewal',
    'consent.marketing',
    'link',
  ),
  node,
  other: node,
  offset: fc.integer({ min: -70, max: 30 }),
  number: fc.integer({ min: 0, max: 20 }),
})
export const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ is: fc.constant('facts' as const), facts: fc.array(fact, { maxLength: 4 }) }),
  },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('retract' as const), pick: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('identity' as const),
      joins: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 8, maxLength: 8 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('list' as const), node, added: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ is: fc.constant('definition' as const), pick: fc.nat(), who: fc.nat() }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('nothing' as const) }) },
)
/** Nodes of two types, each with a value of its own. */
export async function addNodes(warehouse: Warehouse): Promise<void> {
  await writeFacts(warehouse, {
    nodes: NODES.map((node) => ({ node, type: node % 2 ? 'email' : 'phone', value: `v${node}` })),
  })
}

/** Rows that say something, by nodes. */
export interface World {
  readonly rows: { row: string; nodes: number[] }[]
  next: number
}

/** Makes it happen. */
export async function apply(
  warehouse: Warehouse,
  change: Change,
  world: World,
  definitions: Map<string, Who>,
  now: number,
): Promise<void> {
  if (change.is === 'facts') {
    await writeFacts(warehouse, factsOf(change.facts, world, now))
  } else if (change.is === 'retract' && world.rows.length > 0) {
    const [gone] = world.rows.splice(change.pick % world.rows.length, 1)
    await writeFacts(warehouse, { retracted: gone!.nodes.map((node) => ({ row: gone!.row, node })) })
  } else if (change.is === 'identity') {
    const least = (group: number) => change.joins.indexOf(group) + 1
    await identify(
      warehouse,
      Object.fromEntries(change.joins.map((group, index) => [index + 1, least(group)])),
    )
  } else if (change.is === 'list') {
    const values = [
      {
        list: 'vip',
        type: change.node % 2 ? 'email' : 'phone',
        value: `v${change.node}`,
        change: change.added ? 'added' : 'removed',
        at: (Date.now() / 1000).toFixed(3),
      },
    ]
    await warehouse.insert({ table: 'cdp.list_records', values, format: 'JSONEachRow' })
  } else if (change.is === 'definition') {
    definitions.set(`s${change.pick % WHO.length}`, WHO[change.who % WHO.length]!)
  }
}

function factsOf(facts: readonly Fact[], world: World, now: number): TestFacts {
  const events: NonNullable<TestFacts['events']>[number][] = []
  const traits: NonNullable<TestFacts['traits']>[number][] = []
  const links: NonNullable<TestFacts['links']>[number][] = []
  for (const { kind, node, other, offset, number } of facts) {
    const row = String(world.next++)
    const ts = new Date(now + offset * MINUTE)
    world.rows.push({ row, nodes: kind === 'link' ? [node, other] : [node] })
    if (kind === 'link') links.push({ a: node, b: other, ts, row })
    else if (kind === 'Seen') events.push({ node, event: kind, ts, row })
    else if (kind === 'Bought') {
      const due = new Date(now + number * 3 * MINUTE)
      const tags = number % 3 ? ['old'] : ['old', 'new']
      const properties = { total: number, channel: number % 2 ? 'web' : 'store', due, tags }
      events.push({ node, event: kind, ts, row, properties })
    } else {
      const value = {
        city: number % 3 === 0 ? null : number % 3 === 1 ? 'Paris' : 'Rome',
        budget: number,
        renewal: new Date(now + (number - 10) * 4 * MINUTE),
        'consent.marketing': number % 2 === 0,
      }[kind]
      traits.push({ node, trait: kind, value, ts, row })
    }
  }
  return { events, traits, links }
}
