import assert from 'node:assert/strict'
import type { SourceRecord, StreamDefinition } from '@tributary/connector-sdk'
import {
  type Collected,
  collect,
  type TestContextOverrides,
  testContext,
} from '@tributary/connector-sdk/testing'
import source from 'source-loyalty'
import { changeLoyalty } from '../loyalty-api/change.js'
import { REAL_FAULTS } from '../loyalty-api/faults.js'
import { type LoyaltyData, readLoyaltyData } from '../loyalty-api/programme.js'
import { type LoyaltyApi, startLoyaltyApi } from '../loyalty-api/server.js'

type Config = (typeof source)['check'] extends (context: { config: infer C }) => unknown ? C : never

describe('source-loyalty on the loyalty API with its faults', function () {
  this.timeout(120_000)
  let data: LoyaltyData
  let api: LoyaltyApi
  before(async () => {
    data = await readLoyaltyData('examples/grocer/data')
  })
  afterEach(() => api.stop())

  const streams = source.streams as readonly StreamDefinition<Config>[]
  const read = async (name: string, overrides: TestContextOverrides<Config>): Promise<Collected> => {
    const config = { base_url: api.url, client_id: api.clientId, client_secret: api.clientSecret } as Config
    const context = testContext<Config>(config, { spec: source.spec, syncMode: 'incremental', ...overrides })
    try {
      return await collect(streams.find((stream) => stream.name === name)!, context)
    } finally {
      context.close()
    }
  }
  const byKey = (records: readonly unknown[], key: string): unknown[] =>
    [...(records as SourceRecord[])].sort((a, b) => (String(a[key]) < String(b[key]) ? -1 : 1))

  for (const seed of [1, 2, 3]) {
    it(`loses and repeats nothing, before and after changes (seed ${seed})`, async () => {
      api = await startLoyaltyApi({ data, seed, faults: REAL_FAULTS })
      const members = await read('members', { destinationSyncMode: 'append_dedup' })
      const points = await read('points', { destinationSyncMode: 'append' })
      assert.deepEqual(byKey(members.records, 'member_id'), byKey(data.members, 'member_id'))
      assert.deepEqual(byKey(points.records, 'entry_id'), byKey(data.points, 'entry_id'))
      const { faults } = api.stats()
      assert.ok(Object.values(faults).some((count) => count > 0))

      const changes = changeLoyalty(api, data, seed)
      const changed = await read('members', {
        destinationSyncMode: 'append_dedup',
        state: members.checkpoints.at(-1)!.state,
      })
      const earned = await read('points', {
        destinationSyncMode: 'append',
        state: points.checkpoints.at(-1)!.state,
      })
      assert.deepEqual(
        changed.records
          .filter(({ _deleted }) => _deleted)
          .map(({ member_id }) => member_id)
          .sort(),
        [...changes.left].sort(),
      )
      assert.equal(changed.records.length, changes.updated.length + changes.left.length)
      assert.deepEqual(
        earned.records.map(({ entry_id }) => entry_id).sort(),
        [...changes.entriesAdded].sort(),
      )
    })
  }
})
