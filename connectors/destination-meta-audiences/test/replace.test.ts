import assert from 'node:assert/strict'
import { OK } from '@tributary/connector-sdk'
import type { FaultRequest, FaultResponse } from '@tributary/connector-sdk/testing'
import { statusOf } from './audience.js'
import { AUDIENCE, person, row, sha256, thrown, useHarness } from './harness.js'

const NOBODY = { EMAIL: sha256('nobody@tributary.invalid') }
const MINUTE = 60_000

describe('replacing the members of an audience', () => {
  const harness = useHarness()
  const audience = () => harness.server().audiences.get(AUDIENCE)!
  const members = () => audience().members.filter((member) => member.EMAIL !== NOBODY.EMAIL)
  const replace = (index: number, run = 'run-1', who = index) =>
    harness.write({ operation: 'replace', records: [person(who)], index }, { run })
  const sessions = (): unknown[] =>
    harness
      .server()
      .requests.filter(({ path }) => path.endsWith('/usersreplace'))
      .map(({ body }) => JSON.parse(new URLSearchParams(body).get('session')!) as unknown)
  /** Carries one request out and loses its answer. */
  const loseAnswer = (path: string): void => {
    let lost = false
    harness.server().inject(async (request: FaultRequest, answer: () => Promise<FaultResponse>) => {
      if (lost || !request.path.endsWith(path)) return undefined
      lost = true
      await answer()
      return { hangUp: true }
    })
  }

  it('is one session: batches from 1, the last of them one of nobody', async () => {
    audience().members = [row(8), row(9)]
    assert.deepEqual([await replace(0), await replace(1)], [[OK], [OK]])
    assert.deepEqual([members(), statusOf(audience(), Date.now())], [[row(8), row(9)], 414])
    await harness.finish(2)
    assert.deepEqual([members(), statusOf(audience(), Date.now())], [[row(0), row(1)], 200])
    const [first] = sessions() as [{ session_id: number }]
    assert.deepEqual(sessions(), [
      { session_id: first.session_id, batch_seq: 1, last_batch_flag: false },
      { session_id: first.session_id, batch_seq: 2, last_batch_flag: false },
      { session_id: first.session_id, batch_seq: 3, last_batch_flag: true },
    ])
  })

  it('empties the audience for a run without batches, however often it is ended', async () => {
    audience().members = [row(0)]
    await harness.finish(0)
    await harness.finish(0)
    assert.deepEqual(members(), [])
  })

  it('ends once', async () => {
    await replace(0)
    await harness.finish(1)
    await harness.finish(1)
    assert.deepEqual(members(), [row(0)])
  })

  it('is another session in another run', async () => {
    await replace(0, 'run-1')
    await harness.finish(1, { run: 'run-1' })
    await replace(0, 'run-2', 1)
    await harness.finish(1, { run: 'run-2' })
    assert.deepEqual(members(), [row(1)])
  })

  it('sends its first batch once, and goes on where the answer to it was lost', async () => {
    loseAnswer('/usersreplace')
    assert.deepEqual((await thrown(replace(0))).kind, 'NetworkError')
    assert.deepEqual([await replace(0), sessions().length], [[OK], 1])
    await replace(1)
    await harness.finish(2)
    assert.deepEqual(members(), [row(0), row(1)])
  })

  it('goes on where the answer to a later batch, or to its end, was lost', async () => {
    await replace(0)
    loseAnswer('/usersreplace')
    assert.deepEqual(await replace(1), [OK])
    loseAnswer('/usersreplace')
    await harness.finish(2)
    assert.deepEqual(members(), [row(0), row(1)])
  })

  it('waits while another replacement is under way', async () => {
    await replace(0, 'another run')
    const { kind, code } = await thrown(replace(0, 'run-1', 1))
    assert.deepEqual([kind, code], ['RateLimited', '2650/1870145'])
    assert.deepEqual((await thrown(harness.write({}))).kind, 'RateLimited')
  })

  it('adds what comes after 90 minutes once Meta ended the replacement', async () => {
    audience().members = [row(9)]
    await replace(0)
    harness.server().aheadMs = 91 * MINUTE
    assert.deepEqual(await replace(1), [OK])
    await harness.finish(2)
    assert.deepEqual(members(), [row(0), row(1)])
    assert.ok(harness.logged.some((line) => line.includes('longer than 90 minutes')))
  })

  it('does not go on with a replacement that Meta does not know', async () => {
    assert.deepEqual((await thrown(replace(1))).code, '2650/1870147')
  })
})
