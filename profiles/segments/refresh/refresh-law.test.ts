/** Whatever happens between two refreshes, the incremental one finds the members that a full one would. */
import assert from 'node:assert/strict'
import type { Who } from '@tributary/schemas'
import fc from 'fast-check'
import { openTestEngine, type TestEngine } from '../../engine.testing.js'
import { acceptTestStep, testStep } from '../../facts/facts.testing.js'
import { identify, refreshTraits } from '../../traits/traits.testing.js'
import { membersAt } from './history.js'
import { currentMembers } from './members.testing.js'
import { addNodes, apply, type Change, change, MINUTE, START, TRAITS, WHO } from './scenarios.testing.js'
import { stageSegments } from './stage-segments.js'

/** Random scenarios; more of them find more. */
const RUNS = Number(process.env.TRIBUTARY_LAW_RUNS ?? 3)
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
