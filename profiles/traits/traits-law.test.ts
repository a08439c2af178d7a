import assert from 'node:assert/strict'
import type { ComputedTrait, TraitsFile } from '@tributary/schemas'
import fc from 'fast-check'
import { openTestEngine, type TestEngine } from '../engine.testing.js'
import { type FactValue, writeFacts } from '../facts/facts.testing.js'
import { expectedValues, type Happening, type OracleInput, type Statement } from './oracle.testing.js'
import { currentValues, identify, refreshTraits } from './traits.testing.js'

const START = Date.UTC(2026, 2, 28, 12)
const HOUR = 3_600_000
const NODES = 12

const order = (rest: Omit<ComputedTrait, 'event'>): ComputedTrait => ({ event: 'Order', ...rest })

const TRAITS: TraitsFile = {
  traits: {
    described: { description: 'by latest' },
    oldest: { rule: 'first' },
    greatest: { rule: 'max' },
    least: { rule: 'min' },
    all: { rule: 'union' },
    common: { rule: 'most_frequent' },
    trusted: { source_priority: ['crm', 'shop'] },
  },
  computed: {
    orders: order({ aggregate: 'count' }),
    recent: order({ aggregate: 'count', within: '5h' }),
    earlier: order({ aggregate: { sum: 'total' }, between: { from: '9h', to: '3h' } }),
    today: order({ aggregate: { unique: 'total' }, calendar: 'today', time_zone: 'Europe/Paris' }),
    average: order({ aggregate: { avg: 'total' } }),
    smallest: order({ aggregate: { min: 'total' }, since: '2026-03-29' }),
    largest: order({ aggregate: { max: 'total' }, until: '2026-03-29' }),
    opening: order({ aggregate: { first: 'total' }, within: '12h' }),
    closing: order({ aggregate: { last: 'total' } }),
    usual: order({ aggregate: { most_frequent: 'total' } }),
    paid: order({ aggregate: 'count', where: [{ property: 'total', gte: 1 }] }),
    due: order({ aggregate: 'count', where: [{ not: { property: 'when', within_last: '3h' } }] }),
  },
}

const WHERE: OracleInput['where'] = {
  paid: ({ properties: { total } }) => typeof total === 'number' && total >= 1,
  due: ({ properties: { when } }, now) =>
    !(when instanceof Date && when < now && now.getTime() - when.getTime() <= 3 * HOUR),
}

const time = fc.integer({ min: -2, max: 30 }).map((hours) => new Date(START + hours * HOUR))
const value: fc.Arbitrary<FactValue> = fc.oneof(
  fc.constantFrom<FactValue>('a', 'b', 'É', '', true, false, null, null),
  fc.constantFrom<FactValue>(0, 1, 2, -1.5, 0.1, 1e9),
  fc.constantFrom<FactValue>(['a'], ['b', 'a'], []),
  time,
)
const node = fc.integer({ min: 1, max: NODES })
const statement = fc.record({
  node,
  trait: fc.constantFrom('plain', ...Object.keys(TRAITS.traits!)),
  value,
  ts: time,
  receivedAt: time,
  source: fc.constantFrom('crm', 'shop', 'web'),
})
const happening = fc.record({
  node,
  event: fc.constantFrom('Order', 'Order', 'Visit'),
  ts: time,
  properties: fc.record({ total: value, when: time }, { requiredKeys: [] }),
})
const batchOf = (size: number) =>
  fc.record({
    statements: fc.array(statement, { maxLength: 3 * size, size: 'max' }),
    events: fc.array(happening, { maxLength: size, size: 'max' }),
    retracted: fc.array(fc.nat(), { maxLength: 2 }),
    moves: fc.array(fc.tuple(node, node), { maxLength: 2 }),
    hours: fc.integer({ min: 0, max: 6 }),
  })
/** A batch about nearly everybody, then some about few: those are written incrementally. */
const batches = fc
  .tuple(batchOf(20), fc.array(batchOf(2), { minLength: 1, maxLength: 6 }))
  .map(([first, others]) => [first, ...others])

describe('traits of profiles', function () {
  this.timeout(600_000)
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  after(() => engine.close())

  it('are the same whether everybody or only the changed are written, and as the rules say', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (sequence) => {
        await engine.clear()
        await checkBatches(engine, sequence)
      }),
      { numRuns: Number(process.env.TRIBUTARY_LAW_RUNS ?? 4) },
    )
  })
})

type Batch = ReturnType<typeof batchOf> extends fc.Arbitrary<infer Value> ? Value : never

async function checkBatches({ warehouse }: TestEngine, batches: readonly Batch[]): Promise<void> {
  let statements: Statement[] = []
  let events: Happening[] = []
  const profiles: Record<number, number> = {}
  let now = new Date(START)
  let row = 0
  let withRow = new Map<string, number>()
  for (const step of batches) {
    const known = [...withRow]
    const gone = new Map(
      step.retracted.flatMap((index) => (known.length ? [known[index % known.length]!] : [])),
    )
    const numbered = <T>(facts: readonly T[]) => facts.map((fact) => ({ ...fact, row: String(++row) }))
    const added = { statements: numbered(step.statements), events: numbered(step.events) }
    statements = [...statements.filter(({ row }) => !gone.has(row)), ...added.statements]
    events = [...events.filter(({ row }) => !gone.has(row)), ...added.events]
    withRow = new Map([...statements, ...events].map(({ row, node }) => [row, node]))
    await writeFacts(warehouse, {
      traits: added.statements,
      events: added.events,
      retracted: [...gone].map(([row, node]) => ({ row, node })),
    })
    const moved = movedNodes(profiles, step.moves)
    if (Object.keys(moved).length > 0) await identify(warehouse, moved)
    now = new Date(now.getTime() + step.hours * HOUR)
    await refreshTraits(warehouse, TRAITS, { now, fullShare: 9 })
    const expected = expectedValues({
      statements,
      events,
      profileOf: (node) => profiles[node] ?? node,
      traits: TRAITS,
      where: WHERE,
      now,
      timeZone: 'UTC',
    })
    assert.deepEqual(await currentValues(warehouse), expected)
  }
  const incremental = await currentValues(warehouse)
  await refreshTraits(warehouse, TRAITS, { now, rebuild: true })
  assert.deepEqual(await currentValues(warehouse), incremental)
}

/** Joins the people of two nodes, or takes a node out of its person; the least node stays the profile. */
function movedNodes(
  profiles: Record<number, number>,
  moves: readonly (readonly [number, number])[],
): Record<number, number> {
  const before = { ...profiles }
  const all = Array.from({ length: NODES }, (_, index) => index + 1)
  const of = (node: number) => profiles[node] ?? node
  for (const [a, b] of moves) {
    const parts =
      a !== b && of(a) === of(b)
        ? [[a], all.filter((node) => node !== a && of(node) === of(b))]
        : [all.filter((node) => [of(a), of(b)].includes(of(node)))]
    for (const part of parts) for (const node of part) profiles[node] = Math.min(...part)
  }
  return Object.fromEntries(
    all.filter((node) => of(node) !== (before[node] ?? node)).map((node) => [node, of(node)]),
  )
}
