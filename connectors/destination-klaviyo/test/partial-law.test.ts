import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Harness, harness, person, record } from './harness.js'
import { type KlaviyoServer, startKlaviyo } from './klaviyo-server.js'

/** What may be true of a record of a batch. */
const KINDS = ['good', 'with a null', 'refused at once', 'failed in the job'] as const

describe('the answers of Klaviyo', () => {
  let klaviyo: KlaviyoServer
  let destination: Harness
  before(async () => {
    klaviyo = await startKlaviyo()
    destination = harness(klaviyo)
  })
  afterEach(() => {
    destination.close()
    klaviyo.reset()
  })
  after(() => klaviyo.close())

  it('name the bad records of a batch and no others, whatever Klaviyo tells of them', async () => {
    const batches = fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 15 })
    await fc.assert(
      fc.asyncProperty(
        batches,
        fc.constantFrom(1, 3, Number.POSITIVE_INFINITY),
        fc.boolean(),
        async (kinds, namedProblems, originalPayloads) => {
          klaviyo.reset()
          Object.assign(klaviyo.options, { namedProblems, originalPayloads })
          const known = kinds.flatMap((kind, n) =>
            kind === 'with a null' ? [person(n, { plan: 'gold' })] : [],
          )
          if (known.length > 0) await destination.deliver('profiles', 'upsert', known)
          const records = kinds.map((kind, n) => {
            if (kind === 'refused at once') return record({ email: `nobody.${n}@nowhere` })
            if (kind === 'failed in the job') return record({ email: `person.${n}@blocked.example` })
            return person(n, { plan: kind === 'with a null' ? null : 'gold' })
          })
          const { results } = await destination.deliver('list:LAPSED', 'upsert', records)
          const isGood = (kind: (typeof KINDS)[number]): boolean => kind === 'good' || kind === 'with a null'
          assert.deepEqual(
            results.map(({ status }) => status),
            kinds.map((kind) => (isGood(kind) ? 'ok' : 'rejected')),
          )
          const held = [...klaviyo.account.profiles.values()]
          assert.equal(held.length, kinds.filter(isGood).length)
          assert.equal(klaviyo.account.lists.get('LAPSED')!.members.size, held.length)
          assert.equal(
            held.filter(({ properties }) => properties.has('plan')).length,
            kinds.filter((kind) => kind === 'good').length,
          )
        },
      ),
      { numRuns: 40 },
    )
  })
})
