import assert from 'node:assert/strict'
import type { StreamDefinition } from '@tributary/connector-sdk'
import {
  collect,
  describeSource,
  type FaultServer,
  type TestContextOverrides,
  testContext,
} from '@tributary/connector-sdk/testing'
import source from '../index.js'
import type { LoyaltyConfig } from '../spec.js'
import { members } from '../streams/members.js'
import { points } from '../streams/points.js'
import { CLIENT, entry, member, startVendor, type VendorRecord } from './vendor.js'

const hour = (n: number): string => new Date(Date.UTC(2017, 6, 1, n)).toISOString()
const range = (length: number): number[] => Array.from({ length }, (_, index) => index)

const MEMBERS = range(11).map((n) => member(`M0000${n}-1`, hour(n)))
/** Five entries an hour on pages of four: no page ends where an hour does. */
const POINTS = range(23).map((n) => entry(`P${100 + n}`, hour(Math.floor(n / 5))))

const config = (server: FaultServer): LoyaltyConfig => ({
  base_url: server.url,
  client_id: CLIENT.id,
  client_secret: CLIENT.secret,
  requests_per_second: 50,
})

describe('source-loyalty', () => {
  describeSource(source, {
    server: () => startVendor({ members: MEMBERS, points: POINTS }),
    config: (server) => ({ ...config(server), requests_per_second: 50 }),
    badConfig: (server) => ({ ...config(server), client_secret: 'wrong-secret' }),
    empty: (server) => {
      server.inject(({ path }) =>
        path.startsWith('/v1/') && path !== '/v1/me' ? { body: { data: [], next_cursor: null } } : undefined,
      )
      return undefined
    },
    isListing: ({ path }) => path === '/v1/members' || path === '/v1/points',
  })

  describe('streams', () => {
    let server: FaultServer
    let data: { members: VendorRecord[]; points: VendorRecord[] }
    const read = async (
      stream: StreamDefinition<LoyaltyConfig>,
      overrides: TestContextOverrides<LoyaltyConfig>,
    ) => {
      const context = testContext(config(server), { spec: source.spec, ...overrides })
      try {
        return await collect(stream, context)
      } finally {
        context.close()
      }
    }
    const incremental = { syncMode: 'incremental', destinationSyncMode: 'append_dedup' } as const

    beforeEach(async () => {
      data = { members: [...MEMBERS], points: [...POINTS] }
      server = await startVendor(data)
    })
    afterEach(() => server.close())

    it('says that a member left, and leaves them out of a whole reading', async () => {
      const first = await read(members, incremental)
      data.members.push({ member_id: 'M00003-1', deleted: true, updated_at: hour(50) })
      data.members.splice(3, 1)
      const state = first.checkpoints.at(-1)!.state
      const second = await read(members, { ...incremental, state })
      assert.deepEqual(second.records, [{ member_id: 'M00003-1', updated_at: hour(50), _deleted: true }])
      const whole = await read(members, { syncMode: 'full_refresh', destinationSyncMode: 'overwrite' })
      assert.deepEqual(
        whole.records.map(({ member_id }) => member_id),
        data.members.slice(0, -1).map(({ member_id }) => member_id),
      )
    })

    it('finds entries that were booked later at the time where it stopped, and repeats none', async () => {
      const append = { syncMode: 'incremental', destinationSyncMode: 'append' } as const
      const first = await read(points, append)
      const late = [entry('P099', hour(4)), entry('P900', hour(4))]
      data.points.push(...late)
      const second = await read(points, { ...append, state: first.checkpoints.at(-1)!.state })
      assert.deepEqual(second.records, late)
    })

    it('loses nothing where more records share a time than a state can name', async () => {
      data.points = range(900).map((n) => entry(`Q${1000 + n}`, hour(n < 450 ? 0 : 1)))
      await server.close()
      server = await startVendor({ ...data, pageSize: 100 })
      const append = { syncMode: 'incremental', destinationSyncMode: 'append' } as const
      const first = await read(points, append)
      assert.equal(first.records.length, 900)
      assert.deepEqual(
        first.checkpoints.map(({ recordsBefore }) => recordsBefore),
        [100, 200, 300, 500, 600, 700, 900],
      )
      for (const { state, recordsBefore } of first.checkpoints.slice(0, -1)) {
        const rest = await read(points, { ...append, state })
        assert.equal(recordsBefore + rest.records.length, 900)
      }
      const { state } = first.checkpoints.at(-1)!
      assert.ok(JSON.stringify(state).length < 8192)
      assert.equal((await read(points, { ...append, state })).records.length, 150, 'more than could be named')
    })

    it('reads again what it looks back at, and never moves its cursor back', async () => {
      const first = await read(members, incremental)
      const state = first.checkpoints.at(-1)!.state
      const again = await read(members, { ...incremental, state, lookbackMs: 5 * 3_600_000 })
      assert.deepEqual(
        again.records.map(({ member_id }) => member_id),
        MEMBERS.slice(5).map(({ member_id }) => member_id),
      )
      assert.ok(again.checkpoints.every((checkpoint) => String(checkpoint.state.updated_at) >= hour(10)))
    })

    it('goes on within a backfill, and does not take a live state for its own', async () => {
      const window = { from: hour(1), to: hour(4) }
      const backfill = { syncMode: 'incremental', destinationSyncMode: 'append', window } as const
      const whole = await read(points, backfill)
      assert.deepEqual(whole.records, POINTS.slice(5, 20))
      const { state, recordsBefore } = whole.checkpoints[1]!
      const rest = await read(points, { ...backfill, state })
      assert.deepEqual(rest.records, POINTS.slice(5 + recordsBefore, 20))
      const live = { updated_at: hour(4), ids: [] }
      assert.deepEqual((await read(points, { ...backfill, state: live })).records, whole.records)
    })
  })
})
