import assert from 'node:assert/strict'
import type { ActivationFile } from '@tributary/schemas'
import { previewPeople } from './preview-people.js'
import { MIRROR, openPlanWorld, type PlanWorld, somebody } from './world.testing.js'

describe('a preview of what is sent', function () {
  this.timeout(120_000)
  let world: PlanWorld
  before(async () => {
    world = await openPlanWorld()
    const yes = { 'consent.marketing': true }
    await world.people({
      1: somebody(1, 10, yes),
      2: somebody(2, 20),
      3: somebody(3, 30, { ...yes, suppressed: true }),
      4: {
        identifiers: [
          [4, 'email', 'old@example.com'],
          [4, 'customer_id', 'c4'],
        ],
        traits: { ...yes },
      },
      5: somebody(5, 50, yes),
    })
    await world.segments({ lapsed: [1, 2, 3, 4, 5] })
  })
  after(() => world?.close())

  const preview = (changes: Partial<ActivationFile>, limit = 10) =>
    previewPeople(world.warehouse, {
      activation: 'winback',
      definition: { ...MIRROR, ...changes },
      segmentName: 'Lapsed high value',
      limit,
      signal: new AbortController().signal,
    })

  it('shows the values of those who may be sent, as they are mapped', async () => {
    const people = await preview({
      consent: ['marketing'],
      fields: {
        ltv: 'traits.ltv',
        who: { template: '{{ profile.id }} of {{ segment.name }}' },
        all: { split: { a: 0.999999, b: 0.000001 } },
      },
    })
    const who = (id: string) => `${id} of Lapsed high value`
    assert.deepEqual(people, [
      { profile: 'p1', match: { email: 'p1@example.org' }, fields: { ltv: 10, who: who('p1'), all: 'a' } },
      { profile: 'p4', match: { email: 'old@example.com' }, fields: { ltv: null, who: who('p4'), all: 'a' } },
      { profile: 'p5', match: { email: 'p5@example.org' }, fields: { ltv: 50, who: who('p5'), all: 'a' } },
    ])
  })

  it('needs nothing of a person where only constants are sent, and shows no more than it is asked for', async () => {
    assert.deepEqual(await preview({ match: { id: 'profile.id' }, fields: { origin: { constant: 1 } } }, 2), [
      { profile: 'p1', match: { id: 'p1' }, fields: { origin: 1 } },
      { profile: 'p2', match: { id: 'p2' }, fields: { origin: 1 } },
    ])
  })

  it('shows nobody of a segment that was never evaluated', async () => {
    assert.deepEqual(await preview({ segment: 'never' }), [])
  })
})
