import assert from 'node:assert/strict'
import fc from 'fast-check'
import { stagePlan } from './stage-plan.js'
import {
  acknowledge,
  openPlanWorld,
  type PlanWorld,
  plannedRecords,
  type TestPerson,
} from './world.testing.js'

const PROFILES = [1, 2, 3, 4, 5, 6]
const FILE = {
  match: { mail: 'traits.mail' },
  fields: { ltv: 'traits.ltv' },
  consent: ['marketing'],
}

/** What holds of somebody at one moment. Several people may have one address. */
interface Moment {
  readonly mail: 'a' | 'b' | 'c' | 'd' | null
  readonly ltv: number
  readonly consent: boolean
  readonly member: boolean
}

interface Step {
  readonly people: readonly Moment[]
  /** Whether the destination acknowledges everything, or what is about every other profile only. */
  readonly acknowledges: 'all' | 'some'
}

const moment: fc.Arbitrary<Moment> = fc.record({
  mail: fc.constantFrom('a', 'b', 'c', 'd', null),
  ltv: fc.integer({ min: 0, max: 2 }),
  consent: fc.boolean(),
  member: fc.boolean(),
})

const step: fc.Arbitrary<Step> = fc.record({
  people: fc.array(moment, { minLength: PROFILES.length, maxLength: PROFILES.length }),
  acknowledges: fc.constantFrom('all', 'all', 'some'),
})

describe('a destination that is mirrored', function () {
  this.timeout(300_000)
  let world: PlanWorld
  before(async () => {
    world = await openPlanWorld()
  })
  after(() => world?.close())

  it('equals the mapped members after each run, whatever was before, and then nothing is left to send', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 4 }), async (steps) => {
        await world.clear()
        const destination = new Map<string, string>()
        for (const { people, acknowledges } of steps) {
          await world.people(Object.fromEntries(people.map((person, index) => [index + 1, personOf(person)])))
          await world.segments({ lapsed: PROFILES.filter((profile) => people[profile - 1]!.member) })
          await runOnce(destination, acknowledges === 'all' ? '1' : 'profile % 2 = 0')
          if (acknowledges === 'some') continue
          assert.deepEqual(destination, expected(people))
          const again = await stagePlan(world.context, world.input(FILE))
          assert.equal(again.records, 0)
        }
      }),
      { numRuns: 6 },
    )
  })

  async function runOnce(destination: Map<string, string>, among: string): Promise<void> {
    const { plan } = await stagePlan(world.context, world.input(FILE))
    await acknowledge(world.warehouse, plan, plan, among)
    const planned = await plannedRecords(world.warehouse, plan)
    for (const { key, fields, operation, profile } of planned) {
      if (among !== '1' && profile % 2 !== 0) continue
      if (operation === 'remove') destination.delete(key)
      else destination.set(key, fields)
    }
  }
})

const personOf = ({ mail, ltv, consent }: Moment): TestPerson => ({
  traits: { ltv, 'consent.marketing': consent, ...(mail !== null && { mail }) },
})

/** Of several people with one address the first speaks. */
function expected(people: readonly Moment[]): Map<string, string> {
  const records = new Map<string, string>()
  for (const { mail, ltv, consent, member } of people) {
    const key = `{"mail":"${mail}"}`
    if (member && consent && mail !== null && !records.has(key)) records.set(key, `{"ltv":${ltv}}`)
  }
  return records
}
