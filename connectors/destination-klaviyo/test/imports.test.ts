import assert from 'node:assert/strict'
import type { JsonObject, RecordResult } from '@tributary/connector-sdk'
import { batchOf, type Harness, harness, person, record } from './harness.js'
import { type KlaviyoServer, startKlaviyo } from './klaviyo-server.js'

const OK: RecordResult = { status: 'ok' }
const refusedMail: RecordResult = {
  status: 'rejected',
  reason: 'email is refused by Klaviyo (invalid)',
  code: 'invalid',
}
const badMail = (n: number) => record({ email: `nobody.${n}@nowhere` })
const blocked = (n: number) => record({ email: `person.${n}@blocked.example` })

describe('Klaviyo imports', () => {
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

  const held = () =>
    [...klaviyo.account.profiles.values()].map(({ attributes, properties }) => ({
      ...Object.fromEntries(attributes),
      ...Object.fromEntries(properties),
    }))
  const imports = () =>
    klaviyo.server.requests.filter(
      ({ method, path }) => method === 'POST' && path === '/api/profile-bulk-import-jobs',
    )

  it("puts fields where Klaviyo keeps them, and what it does not know among the profile's properties", async () => {
    const fields = {
      last_name: 'Ray',
      phone_number: '+33612345678',
      'location.city': 'Zürich',
      'location.planet': 'Earth',
      lifetime_value: 12.5,
      tags: ['a', 'b'],
      loyal: false,
    }
    const { results, jobs } = await destination.deliver('profiles', 'upsert', [person(1, fields)])
    assert.deepEqual(results, [OK])
    assert.deepEqual(Object.keys(jobs[0]!), ['id', 'polls'])
    assert.deepEqual(held(), [
      {
        first_name: 'Zoë 1',
        last_name: 'Ray',
        phone_number: '+33612345678',
        email: 'person.1@example.com',
        location: { city: 'Zürich' },
        'location.planet': 'Earth',
        lifetime_value: 12.5,
        tags: ['a', 'b'],
        loyal: false,
      },
    ])
  })

  it('adds to a list by the import itself, and asks nobody for consent', async () => {
    await destination.deliver('list:LAPSED', 'upsert', [person(1), person(2)])
    assert.equal(klaviyo.account.lists.get('LAPSED')!.members.size, 2)
    assert.equal(klaviyo.account.lists.get('NEWS')!.members.size, 0)
    assert.deepEqual(
      klaviyo.server.requests.filter(({ path }) => /subscri|suppress/.test(path)),
      [],
    )
  })

  for (const namedProblems of [Number.POSITIVE_INFINITY, 2, 1]) {
    it(`rejects what an import is refused for, where a refusal names up to ${namedProblems} profiles`, async () => {
      klaviyo.options.namedProblems = namedProblems
      const records = [
        person(0),
        badMail(1),
        person(2),
        person(3, { phone_number: '+79121234567' }),
        badMail(4),
      ]
      const { results } = await destination.deliver('profiles', 'upsert', records)
      const region = 'phone_number is of a region that the account does not send to'
      const refusedPhone = { status: 'rejected', reason: region, code: 'invalid' }
      assert.deepEqual(results, [OK, refusedMail, OK, refusedPhone, refusedMail])
      assert.equal(held().length, 2)
      assert.equal(imports().length, 1 + Math.ceil(3 / namedProblems || 1))
    })
  }

  it('begins no job when all are refused', async () => {
    assert.deepEqual(await destination.write('profiles', batchOf('upsert', [badMail(1), badMail(2)])), {
      results: [refusedMail, refusedMail],
    })
    assert.equal(klaviyo.account.jobs.size, 0)
  })

  it('asks for the good ones again when there are too many refusals to remember', async () => {
    const records = Array.from({ length: 1_000 }, (_, n) => (n % 2 === 0 ? badMail(n) : person(n)))
    const reason = 'Klaviyo refused the import for other profiles; it is sent again without them'
    const again = { status: 'retry', reason, afterMs: 0 }
    assert.deepEqual(await destination.write('profiles', batchOf('upsert', records)), {
      results: records.map((_, n) => (n % 2 === 0 ? refusedMail : again)),
    })
  })

  it('asks for all that are open again when the refusals do not end', async () => {
    klaviyo.options.namedProblems = 1
    const records = Array.from({ length: 30 }, (_, n) => badMail(n))
    const { results } = (await destination.write('profiles', batchOf('upsert', records))) as {
      results: RecordResult[]
    }
    assert.deepEqual(
      results.map(({ status }) => status),
      records.map((_, n) => (n < 20 ? 'rejected' : 'retry')),
    )
  })

  it('rejects a profile that is larger than Klaviyo takes, without sending it', async () => {
    const { results } = await destination.deliver('profiles', 'upsert', [
      person(1, { note: 'x'.repeat(100_000) }),
      person(2),
    ])
    assert.deepEqual(results, [
      { status: 'rejected', reason: 'the profile is larger than the 100 KB that Klaviyo takes' },
      OK,
    ])
    assert.equal(imports().length, 1)
  })

  it('rejects those that fail while the job runs, and remembers those refused before', async () => {
    const records = [person(0), badMail(1), blocked(2), person(3), blocked(4)]
    const { results } = await destination.deliver('profiles', 'upsert', records)
    assert.deepEqual(results, [OK, refusedMail, refusedMail, OK, refusedMail])
    assert.equal(held().length, 2)
  })

  it('reads all pages of the errors', async () => {
    const records = Array.from({ length: 251 }, (_, n) => (n === 7 ? person(n) : blocked(n)))
    const { results } = await destination.deliver('profiles', 'upsert', records)
    assert.deepEqual(
      results,
      records.map((_, n) => (n === 7 ? OK : refusedMail)),
    )
  })

  it('looks at what was imported when Klaviyo does not say which profiles failed', async () => {
    klaviyo.options.originalPayloads = false
    const records = Array.from({ length: 250 }, (_, n) => (n % 100 === 1 ? blocked(n) : person(n)))
    const { results } = await destination.deliver('profiles', 'upsert', [badMail(250), ...records])
    const unnamed = { status: 'rejected', reason: 'Klaviyo did not import the profile and does not say why' }
    assert.deepEqual(results, [refusedMail, ...records.map((_, n) => (n % 100 === 1 ? unnamed : OK))])
  })

  it('asks less and less often after a job that takes its time', async () => {
    const object = await destination.object('profiles')
    const batch = batchOf('upsert', [person(1)])
    let result = await object.write(destination.context(), batch)
    const waits: number[] = []
    while ('job' in result && waits.length < 12) {
      waits.push(result.pollAfterMs)
      result = await object.poll!(destination.context(), batch, result.job)
    }
    assert.deepEqual(waits.slice(0, 4), [1_000, 1_500, 2_250, 3_375])
    assert.equal(waits.at(-1), 30_000)
  })

  const ends: [string, (job: JsonObject) => void, string][] = [
    [
      'cancelled',
      (job) => klaviyo.account.cancel(job.id as string),
      'Klaviyo cancelled the import; it is sent again',
    ],
    [
      'forgotten',
      (job) => void klaviyo.account.jobs.delete(job.id as string),
      'Klaviyo no longer knows the import; it is sent again',
    ],
  ]
  for (const [what, end, reason] of ends) {
    it(`sends a job again that was ${what}`, async () => {
      const object = await destination.object('profiles')
      const batch = batchOf('upsert', [person(0), badMail(1)])
      const begun = await object.write(destination.context(), batch)
      assert.ok('job' in begun)
      end(begun.job)
      assert.deepEqual(await object.poll!(destination.context(), batch, begun.job), {
        results: [{ status: 'retry', reason }, refusedMail],
      })
    })
  }

  it('does no harm when an import was begun and its answer lost', async () => {
    let lost = false
    klaviyo.server.inject(async ({ method, path }, answer) => {
      if (lost || method !== 'POST' || path !== '/api/profile-bulk-import-jobs') return undefined
      lost = true
      await answer()
      return { hangUp: true }
    })
    assert.deepEqual((await destination.deliver('list:LAPSED', 'upsert', [person(1)])).results, [OK])
    assert.equal(klaviyo.account.jobs.size, 2)
    assert.equal(held().length, 1)
  })

  it('keeps values of profiles out of reasons and of what is remembered of a job', async () => {
    const { results, jobs } = await destination.deliver('profiles', 'upsert', [
      person(0),
      record({ email: 'tell-nobody@nowhere' }),
      record({ email: 'tell-nobody@blocked.example' }),
    ])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['ok', 'rejected', 'rejected'],
    )
    assert.doesNotMatch(JSON.stringify([results, jobs]), /tell-nobody/)
  })
})
