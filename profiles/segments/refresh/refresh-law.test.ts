/** Whatever happens between two refreshes, the incremental one finds the members that a full one would. */
import assert from 'node:assert/strict'
import type { Who } from '@tributary/schemas'
import fc from 'fast-check'
import type { Warehouse } from '../../../warehouse/client.js'
import { openTestEngine, type TestEngine } from '../../engine.testing.js'
import { acceptTestStep, type TestFacts, testStep, writeFacts } from '../../facts/facts.testing.js'
import { identify, refreshTraits } from '../../traits/traits.testing.js'
import { membersAt } from './history.js'
import { currentMembers } from './members.testing.js'
import { stageSegments } from './stage-segments.js'

const MINUTE = 60_000
/** Random scenarios; more of them find more. */
const RUNS = Number(process.env.TRIBUTARY_LAW_RUNS ?? 3)
const START = Date.UTC(2026, 2, 1)
const NODES = [1, 2, 3, 4, 5, 6, 7, 8]

/** Definitions of all kinds; `nested` names others by id. */
const WHO: readonly Who[] = [
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

const TRAITS = {
  traits: { city: { rule: 'latest' as const } },
  computed: { orders: { event: 'Bought', aggregate: 'count' as const, within: '35m' } },
}

type Change =
  | { readonly is: 'facts'; readonly facts: readonly Fact[] }
  | { readonly is: 'retract'; readonly pick: number }
  | { readonly is: 'identity'; readonly joins: readonly number[] }
  | { readonly is: 'list'; readonly node: number; readonly added: boolean }
  | { readonly is: 'definition'; readonly pick: number; readonly who: number }
  | { readonly is: 'nothing' }

interface Fact {
  readonly kind: 'Seen' | 'Bought' | 'city' | 'budget' | 'renewal' | 'consent.marketing' | 'link'
  readonly node: number
  readonly other: number
  /** Minutes from the present moment. */
  readonly offset: number
  readonly number: number
}

const node = fc.constantFrom(...NODES)
const fact: fc.Arbitrary<Fact> = fc.record({
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
const change: fc.Arbitrary<Change> = fc.oneof(
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
const scenario = fc.array(fc.record({ minutes: fc.integer({ min: 0, max: 30 }), change }), {
  minLength: 2,
  maxLength: 7,
})

describe('refreshing segments', function () {
  this.timeout(600_000)
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  after(() => engine.close())

  it('finds the same members whether it looks at the dirty or at everybody', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, fc.boolean(), (steps, asksIdentifiers) =>
        play(engine, steps, asksIdentifiers),
      ),
      { numRuns: RUNS, endOnFailure: true },
    )
  })
})

async function play(
  engine: TestEngine,
  steps: readonly { readonly minutes: number; readonly change: Change }[],
  asksIdentifiers: boolean,
): Promise<void> {
  const { warehouse } = engine
  await engine.clear()
  const world = { rows: [] as { row: string; nodes: number[] }[], next: 1 }
  const definitions = new Map<string, Who>(WHO.map((who, index) => [`s${index}`, who]))
  // Whether a person exists is found out in another way where nobody asks which of their identifiers have facts.
  if (!asksIdentifiers) definitions.delete(`s${WHO.findIndex((who) => 'identifier' in who)}`)
  definitions.set('nested', { all: [{ segment: 's2' }, { not: { segment: 's13' } }] })
  let now = START
  await addNodes(warehouse)
  await identify(warehouse, {})
  const seen: { readonly now: number; readonly members: Readonly<Record<string, readonly number[]>> }[] = []
  for (const { minutes, change } of steps) {
    now += minutes * MINUTE
    await apply(warehouse, change, world, definitions, now)
    await refreshTraits(warehouse, TRAITS, { now: new Date(now) })
    const input = {
      segments: [...definitions].map(([id, who]) => ({ id, definition: { name: id, who } })),
      timeZone: 'Europe/Paris',
    }
    const context = testStep(warehouse, new Date(now))
    const { staged, report } = await stageSegments(context, { ...input, dirtyShare: 1000 })
    assert.deepEqual(
      report.filter(({ error }) => error !== undefined),
      [],
    )
    if (staged) await acceptTestStep(warehouse, staged)
    const full = await stageSegments(context, { ...input, full: true })
    assert.deepEqual(
      full.report.filter(({ entered, left }) => entered + left > 0),
      [],
    )
    if (seen.at(-1)?.now !== now) seen.push({ now, members: await currentMembers(warehouse) })
    else seen[seen.length - 1] = { now, members: await currentMembers(warehouse) }
  }
  for (const { now: at, members } of seen) {
    for (const [segment, profiles] of Object.entries(members)) {
      const then = await membersAt(warehouse, segment, new Date(at))
      assert.deepEqual(
        then?.profiles,
        profiles.map((profile) => `p${profile}`),
        `${segment} at ${at}`,
      )
    }
  }
}

async function addNodes(warehouse: Warehouse): Promise<void> {
  await writeFacts(warehouse, {
    nodes: NODES.map((node) => ({ node, type: node % 2 ? 'email' : 'phone', value: `v${node}` })),
  })
}

async function apply(
  warehouse: Warehouse,
  change: Change,
  world: { rows: { row: string; nodes: number[] }[]; next: number },
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

function factsOf(
  facts: readonly Fact[],
  world: { rows: { row: string; nodes: number[] }[]; next: number },
  now: number,
): TestFacts {
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
