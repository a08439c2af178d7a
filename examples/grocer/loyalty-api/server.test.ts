import assert from 'node:assert/strict'
import type { Member, PointsEntry } from '../extract/members.js'
import { changeLoyalty } from './change.js'
import type { FaultRates } from './faults.js'
import { type LoyaltyApi, type LoyaltyApiOptions, startLoyaltyApi } from './server.js'

const MEMBERS: Member[] = Array.from({ length: 40 }, (_, n) => ({
  member_id: `M${10 + n}`,
  household_id: n,
  card_number: '2900000000704',
  first_name: 'Zoë',
  email: null,
  phone: null,
  marketing_consent: true,
  tier: 'blue',
  joined_at: '2017-01-01T00:00:00.000Z',
  updated_at: new Date(Date.UTC(2017, 0, 1 + Math.floor(n / 3))).toISOString(),
}))
const POINTS: PointsEntry[] = [
  {
    entry_id: 'P1',
    member_id: 'M10',
    basket_id: 1,
    points: 5,
    occurred_at: '2017-01-01T00:00:00.000Z',
    updated_at: '2017-01-01T01:00:00.000Z',
  },
]
const DATA = { members: MEMBERS, points: POINTS }

describe('loyalty API', () => {
  let api: LoyaltyApi
  const start = async (options: Partial<LoyaltyApiOptions> = {}): Promise<void> => {
    api = await startLoyaltyApi({ data: DATA, ...options })
  }
  const token = async (fields: Readonly<Record<string, string>> = {}): Promise<Response> =>
    fetch(`${api.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: api.clientId,
        client_secret: api.clientSecret,
        ...fields,
      }),
    })
  const authorization = async (): Promise<{ authorization: string }> => {
    const { access_token } = (await (await token()).json()) as { access_token: string }
    return { authorization: `Bearer ${access_token}` }
  }
  const get = async (path: string, headers?: Readonly<Record<string, string>>): Promise<Response> =>
    fetch(`${api.url}${path}`, { headers: headers ?? (await authorization()) })
  const members = async (query: string): Promise<{ data: Member[]; next_cursor: string | null }> =>
    (await (await get(`/v1/members?${query}`)).json()) as { data: Member[]; next_cursor: string | null }

  afterEach(() => api.stop())

  it('gives tokens to its client alone, and answers nobody without one', async () => {
    await start()
    assert.equal((await token({ client_secret: 'wrong' })).status, 401)
    assert.equal((await token({ grant_type: 'password' })).status, 400)
    const basic = await fetch(`${api.url}/oauth/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${api.clientId}:${api.clientSecret}`).toString('base64')}`,
      },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
    assert.equal(basic.status, 200)
    assert.equal((await get('/v1/members', {})).status, 401)
    assert.equal((await get('/v1/members', { authorization: 'Bearer guess' })).status, 401)
    assert.deepEqual(await (await get('/v1/me')).json(), { client_id: 'tributary', programme: 'grocer' })
  })

  it('lets tokens expire', async () => {
    await start({ tokenLifetimeMs: 1 })
    const headers = await authorization()
    while ((await get('/v1/me', headers)).status === 200) {}
    assert.equal((await get('/v1/me', headers)).status, 401)
  })

  it('pages through a listing by cursor and says when it ends', async () => {
    await start()
    const first = await members('limit=25')
    const second = await members(`limit=25&cursor=${first.next_cursor}`)
    assert.deepEqual([...first.data, ...second.data], MEMBERS)
    assert.equal(second.next_cursor, null)
  })

  it('refuses what it cannot read', async () => {
    await start()
    for (const query of [
      'limit=0',
      'limit=1000',
      'limit=x',
      'updated_since=yesterday',
      'cursor=e30',
      'cursor=!',
    ]) {
      assert.equal((await get(`/v1/members?${query}`)).status, 400, query)
    }
    assert.equal((await get('/v1/nothing')).status, 404)
  })

  it('answers 429 with Retry-After beyond its limit', async () => {
    await start({ requestsPerSecond: 3 })
    const headers = await authorization()
    const answers = await Promise.all(Array.from({ length: 12 }, () => get('/v1/me', headers)))
    const refused = answers.filter(({ status }) => status === 429)
    // The burst may straddle two seconds of the clock.
    assert.ok(refused.length >= 6 && refused.length <= 9, `${refused.length} refused`)
    assert.equal(refused[0]!.headers.get('retry-after'), '1')
  })

  it('serves changes as of now: who changed, who left without their data, points that were booked', async () => {
    await start()
    const since = new Date().toISOString()
    const changes = changeLoyalty(api, DATA, 7)
    const { data } = await members(`updated_since=${since}`)
    assert.deepEqual(
      data.map(({ member_id }) => member_id).sort(),
      [...changes.updated, ...changes.left].sort(),
    )
    for (const member of data as unknown as Record<string, unknown>[]) {
      if (changes.left.includes(String(member.member_id))) {
        assert.deepEqual(Object.keys(member), ['member_id', 'deleted', 'updated_at'])
        assert.equal(member.deleted, true)
      } else {
        assert.deepEqual([member.tier, member.marketing_consent], ['gold', false])
      }
    }
    const points = (await (await get(`/v1/points?updated_since=${since}`)).json()) as { data: PointsEntry[] }
    assert.deepEqual(points.data.map(({ entry_id }) => entry_id).sort(), [...changes.entriesAdded].sort())
    assert.equal(
      points.data.reduce((sum, entry) => sum + entry.points, 0),
      changes.pointsAdded,
    )
    assert.throws(() => api.update(changes.left[0]!, { tier: 'gold' }), /no such member/)
  })

  const outcome = async (): Promise<string> => {
    try {
      const response = await get('/v1/members?limit=25')
      await response.text()
      return String(response.status)
    } catch {
      return 'cut'
    }
  }
  const faulty: readonly [FaultRates, string][] = [
    [{ rateLimit: 1 }, '429'],
    [{ serverError: 1 }, '500'],
    [{ tokenExpiry: 1 }, '401'],
    [{ cutPage: 1 }, 'cut'],
  ]
  for (const [faults, expected] of faulty) {
    it(`meets a request with ${Object.keys(faults).join()} and answers the next`, async () => {
      await start({ faults })
      assert.deepEqual([await outcome(), await outcome(), await outcome()], [expected, '200', expected])
    })
  }

  it('sends the page before once more, and leads on from there', async () => {
    await start({ faults: { duplicatePage: 1 } })
    const first = await members('limit=25')
    const again = await members(`limit=25&cursor=${first.next_cursor}`)
    assert.deepEqual(again.data, first.data)
    assert.notEqual(again.next_cursor, first.next_cursor)
    const second = await members(`limit=25&cursor=${again.next_cursor}`)
    assert.deepEqual(second.data, MEMBERS.slice(25))
    assert.equal(api.stats().faults.duplicatePage, 1)
  })

  it('draws the same faults from the same seed', async () => {
    const run = async (seed: number): Promise<string[]> => {
      await start({
        seed,
        requestsPerSecond: 1000,
        faults: { rateLimit: 0.2, serverError: 0.2, cutPage: 0.2 },
      })
      const outcomes: string[] = []
      for (let request = 0; request < 30; request += 1) {
        outcomes.push(await outcome())
      }
      await api.stop()
      return outcomes
    }
    const first = await run(1)
    assert.deepEqual(await run(1), first)
    assert.notDeepEqual(await run(2), first)
  })
})
