import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Postgres, startPostgres } from '../../../local/postgres/start.js'
import { expectedStreams } from '../expected.js'
import { readManifest } from '../extract/manifest.js'
import { changeShop } from '../shop/change.js'
import { seedShop } from '../shop/seed.js'
import { SHOP_TABLES } from '../shop/tables.js'

const DATA = 'examples/grocer/data'
const READER = { user: 'reader', password: "it's a secret" }

describe('the shop', function () {
  this.timeout(120_000)
  let directory: string
  let server: Postgres
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'grocer-test-'))
    server = await startPostgres({ dataDir: directory, database: 'shop', password: 'owner' })
  })
  after(async () => {
    await server?.stop()
    await rm(directory, { recursive: true, force: true })
  })
  const owner = (): pg.ClientConfig => {
    const { host, port, user, password, database } = server
    return { host, port, user, password, database }
  }
  const query = async (sql: string, connection = owner()): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client(connection)
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows
    } finally {
      await client.end()
    }
  }
  const counts = async (): Promise<Record<string, number>> => {
    const all: Record<string, number> = {}
    for (const { name } of SHOP_TABLES) {
      all[name] = Number((await query(`select count(*) from ${name}`))[0]!.count)
    }
    return all
  }
  const expected = async (
    changes: Parameters<typeof expectedStreams>[1] = {},
  ): Promise<Record<string, number>> => {
    const streams = expectedStreams(await readManifest(DATA), changes)
    return Object.fromEntries(SHOP_TABLES.map(({ name }) => [name, streams[`shop.public.${name}`]!.rows]))
  }

  it('is seeded with every row, for a reader who may not write, as often as one likes', async () => {
    await seedShop(owner(), DATA)
    assert.deepEqual(await seedShop(owner(), DATA, { reader: READER }), await expected())
    await seedShop(owner(), DATA, { reader: READER })
    assert.deepEqual(await counts(), await expected())
    assert.deepEqual(
      await query('select * from households where household_id = 8', { ...owner(), ...READER }),
      [
        {
          household_id: 8,
          age: '25-34',
          income: '25-34K',
          home_ownership: null,
          marital_status: null,
          household_size: '3',
          household_comp: '2 Adults Kids',
          kids_count: '1',
          spend: '3080.81',
          stores: [321, 403, 31582],
          shopping: { favourite_store: 321, baskets: 65, departments: ['GROCERY', 'DRUG GM', 'PRODUCE'] },
          registered_at: new Date('2017-01-04T01:05:10Z'),
          updated_at: new Date('2017-12-29T01:00:44Z'),
        },
      ],
    )
    await assert.rejects(query('delete from households', { ...owner(), ...READER }), /permission denied/)
  })

  it('changes as it says, further with each call, and marks what it changed', async () => {
    await seedShop(owner(), DATA, { reader: READER })
    const [start] = await query('select clock_timestamp() as now')
    const since = (start!.now as Date).toISOString()
    const changes = await changeShop(owner(), 1)
    assert.deepEqual(await counts(), await expected({ shop: changes }))
    const touched = await query(
      `select household_id from households where updated_at >= '${since}' order by 1`,
    )
    assert.deepEqual(
      touched.map(({ household_id }) => household_id),
      [...changes.householdsUpdated, ...changes.householdsAdded].sort((a, b) => a - b),
    )
    const redeemed = await query(
      `select redemption_id from coupon_redemptions where updated_at >= '${since}' order by redemption_id`,
    )
    assert.deepEqual(
      redeemed.map(({ redemption_id }) => Number(redemption_id)),
      [
        ...changes.redemptionsUpdated,
        ...changes.redemptionsAdded.map(({ redemption_id }) => redemption_id),
      ].sort((a, b) => a - b),
    )
    const more = await changeShop(owner(), 2)
    const twice = await counts()
    assert.equal(twice.households, 310)
    assert.ok(Math.min(...more.householdsAdded) > Math.max(...changes.householdsAdded))
  })

  it('changes the same rows for the same seed', async () => {
    await seedShop(owner(), DATA)
    const first = await changeShop(owner(), 5)
    await seedShop(owner(), DATA)
    assert.deepEqual(await changeShop(owner(), 5), first)
  })
})
