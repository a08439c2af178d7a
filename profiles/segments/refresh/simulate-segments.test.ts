/** What a simulation says of segments is what happens to them when people become who they would be. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { openTestEngine, type TestEngine } from '../../engine.testing.js'
import { acceptTestStep, testStep } from '../../facts/facts.testing.js'
import { identify, refreshTraits } from '../../traits/traits.testing.js'
import { currentMembers } from './members.testing.js'
import { addNodes, apply, type Fact, fact, MINUTE, NODES, START, TRAITS, WHO } from './scenarios.testing.js'
import { simulateSegments } from './simulate-segments.js'
import { stageSegments } from './stage-segments.js'

const RUNS = Number(process.env.TRIBUTARY_LAW_RUNS ?? 3)
const DEFINITIONS = {
  segments: [
    ...WHO.map((who, index) => ({ id: `s${index}`, definition: { name: `s${index}`, who } })),
    {
      id: 'nested',
      definition: { name: 'nested', who: { all: [{ segment: 's2' }, { not: { segment: 's13' } }] } },
    },
  ],
  timeZone: 'Europe/Paris',
}

/** For each node the group that it is in. */
const groups = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: NODES.length, maxLength: NODES.length })

describe('simulating segments', function () {
  this.timeout(600_000)
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  after(() => engine.close())

  it('foresees who comes and who goes where people are merged and split', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fact, { maxLength: 8 }), { minLength: 1, maxLength: 3 }),
        groups,
        groups,
        (loads, before, after) => foresees(engine, loads, before, after),
      ),
      { numRuns: RUNS, endOnFailure: true },
    )
  })

  it('leaves no table behind, and says nothing where nobody is concerned', async () => {
    const { warehouse } = engine
    await engine.clear()
    const nobody = new Uint32Array()
    const definitions = { ...DEFINITIONS, traits: TRAITS }
    assert.deepEqual(await simulateSegments(testStep(warehouse), definitions, [nobody, nobody]), [])
    const result = await warehouse.query({
      query: "SELECT name FROM system.tables WHERE startsWith(name, 'scratch_')",
      format: 'JSONEachRow',
    })
    assert.deepEqual(await result.json(), [])
  })
})

async function foresees(
  { warehouse, clear }: TestEngine,
  loads: readonly (readonly Fact[])[],
  before: readonly number[],
  after: readonly number[],
): Promise<void> {
  await clear()
  const world = { rows: [], next: 1 }
  await addNodes(warehouse)
  let now = START
  for (const facts of loads) {
    now += 10 * MINUTE
    await apply(warehouse, { is: 'facts', facts }, world, new Map(), now)
  }
  const context = testStep(warehouse, new Date(now))
  const refresh = async (partition: readonly number[]) => {
    await identify(warehouse, profilesOf(partition))
    await refreshTraits(warehouse, TRAITS, { now: new Date(now) })
    const { staged } = await stageSegments(context, { ...DEFINITIONS, full: true })
    if (staged) await acceptTestStep(warehouse, staged)
    return currentMembers(warehouse)
  }
  const old = await refresh(before)
  const simulated = await simulateSegments(context, { ...DEFINITIONS, traits: TRAITS }, [
    pairsOf(before),
    pairsOf(after),
  ])
  const new_ = await refresh(after)
  const expected = Object.keys(old)
    .filter((segment) => !segment.startsWith('_'))
    .sort()
    .map((segment) => ({
      segment,
      before: old[segment]!.length,
      after: new_[segment]!.length,
      changed: old[segment]!.length,
      enters: new_[segment]!.filter((profile) => !old[segment]!.includes(profile)).length,
      leaves: old[segment]!.filter((profile) => !new_[segment]!.includes(profile)).length,
    }))
    .filter((moves) => moves.before + moves.after > 0)
  assert.deepEqual(simulated, expected)
}

/** A group is named after its least node. */
function profilesOf(partition: readonly number[]): Readonly<Record<number, number>> {
  return Object.fromEntries(partition.map((group, index) => [index + 1, partition.indexOf(group) + 1]))
}

function pairsOf(partition: readonly number[]): Uint32Array {
  return Uint32Array.from(
    Object.entries(profilesOf(partition)).flatMap(([node, profile]) => [Number(node), profile]),
  )
}
