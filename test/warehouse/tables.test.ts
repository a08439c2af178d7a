/** A stream's tables on a real engine: their settings, and reading anew beside what people see. */
import assert from 'node:assert/strict'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import { TableRefused } from '../../warehouse/tables/define-table.js'
import { prepareTables } from '../../warehouse/tables/prepare-tables.js'
import type { StreamTable } from '../../warehouse/tables/stream-table.js'
import { LayoutConflict } from '../../warehouse/tables/table-layout.js'
import { openTestWarehouse, PEOPLE, type TestWarehouse, testStream } from '../support/warehouse.js'

describe('tables of a stream', function () {
  this.timeout(60_000)
  let open: TestWarehouse
  let warehouse: Warehouse

  before(async () => {
    open = await openTestWarehouse()
    warehouse = open.warehouse
  })

  after(() => open?.close())

  const WRONG: readonly [what: string, settings: Record<string, unknown>, says: RegExp][] = [
    ['a time to live that is no time', { ttl: 'id' }, /BAD_TTL_EXPRESSION/],
    ['a time to live of an unknown column', { ttl: 'gone + INTERVAL 1 DAY' }, /UNKNOWN_IDENTIFIER/],
    ['a time to live that cannot be parsed', { ttl: 'at +' }, /SYNTAX_ERROR/],
    ['a partition by an unknown function', { partitionBy: 'toYearMon(at)' }, /UNKNOWN_FUNCTION/],
    ['an unknown codec', { codecs: { name: 'Zip' } }, /UNKNOWN_CODEC/],
    ['a codec with a wrong level', { codecs: { name: 'ZSTD(99)' } }, /ILLEGAL_CODEC_PARAMETER/],
  ]
  for (const [what, settings, says] of WRONG) {
    it(`with ${what} are refused for good, with the engine's words and the file`, async () => {
      const { table } = testStream('refused', { keyed: false })
      await assert.rejects(
        prepareTables(warehouse, { ...table, ...settings }, 'evolve'),
        (error: unknown) => {
          assert.ok(error instanceof TableRefused, String(error))
          assert.match(error.message, says)
          assert.match(error.message, /^defining the tables of crm\.refused: .*sources\/crm\.yaml$/)
          return true
        },
      )
    })
  }

  const DAY = 'assumeNotNull(at) + INTERVAL 1 DAY'

  /** Time to live and codecs of the stream's tables, as the engine writes them. */
  async function storage(stream: string): Promise<unknown[]> {
    const tables = await selectRows<{ name: string; ttl: string }>(
      warehouse,
      `SELECT name, extract(engine_full, ' TTL (.*) SETTINGS') AS ttl FROM system.tables
       WHERE database = 'crm' AND startsWith(name, {stream:String}) AND engine LIKE '%MergeTree' ORDER BY name`,
      { stream: `${stream}__` },
    )
    const codecs = await selectRows<{ table: string; name: string; codec: string }>(
      warehouse,
      `SELECT table, name, compression_codec AS codec FROM system.columns
       WHERE database = 'crm' AND startsWith(table, {stream:String}) AND compression_codec != '' ORDER BY table, name`,
      { stream: `${stream}__` },
    )
    return tables.map(({ name, ttl }) => [
      name,
      ttl,
      ...codecs.filter(({ table }) => table === name).map((column) => `${column.name} ${column.codec}`),
    ])
  }

  for (const keyed of [false, true]) {
    it(`take another time to live and other codecs in place${keyed ? ', the current one too' : ''}`, async () => {
      const { table } = testStream(`stored_${keyed}`, { keyed })
      const both = (...storage: string[]) =>
        (keyed ? ['__current', '__rows'] : ['__rows']).map((suffix) => [table.stream + suffix, ...storage])
      const settings: readonly [Partial<StreamTable>, string[]][] = [
        [{}, ['']],
        [
          { ttl: DAY, codecs: { name: 'ZSTD(3)' } },
          ['assumeNotNull(at) + toIntervalDay(1)', 'name CODEC(ZSTD(3))'],
        ],
        [
          { ttl: 'assumeNotNull(at) + INTERVAL 2 DAY', codecs: { id: 'Delta, ZSTD', name: 'LZ4' } },
          ['assumeNotNull(at) + toIntervalDay(2)', 'id CODEC(Delta(8), ZSTD(1))', 'name CODEC(LZ4)'],
        ],
        [{}, ['']],
      ]
      for (const [wanted, expected] of settings) {
        // The second time nothing is left to do.
        for (let time = 0; time < 2; time += 1)
          await prepareTables(warehouse, { ...table, ...wanted }, 'freeze')
        assert.deepEqual(await storage(table.stream), both(...expected))
      }
    })
  }

  it('give a new column its codec', async () => {
    const { table } = testStream('further', { keyed: false })
    await prepareTables(warehouse, { ...table, columns: table.columns.slice(0, 2) }, 'evolve')
    await prepareTables(warehouse, { ...table, codecs: { at: 'ZSTD(2)' } }, 'evolve')
    assert.deepEqual(await storage('further'), [['further__rows', '', 'at CODEC(ZSTD(2))']])
  })

  const ARRANGED: readonly [
    what: string,
    before: Partial<StreamTable>,
    after: Partial<StreamTable>,
    says: RegExp,
  ][] = [
    ['order', { orderBy: ['id'] }, { orderBy: ['id', 'at'] }, /^changing order_by from id to id, at of/],
    [
      'partitions',
      {},
      { partitionBy: 'toYYYYMM(at)' },
      /partition_by from _generation to _generation, toYYYYMM\(at\) of/,
    ],
    [
      'partitions, none any more',
      { partitionBy: 'toYYYYMM(at)' },
      {},
      /partition_by from .* to _generation of/,
    ],
  ]
  for (const [what, before, after, says] of ARRANGED) {
    it(`say that other ${what} need a reset, each time, and stay as they are`, async () => {
      const { table } = testStream('arranged', { keyed: false })
      await prepareTables(warehouse, { ...table, ...before }, 'evolve')
      for (let time = 0; time < 2; time += 1) {
        await assert.rejects(
          prepareTables(warehouse, { ...table, ...after, ttl: DAY }, 'evolve'),
          (error: unknown) => {
            assert.ok(error instanceof LayoutConflict, String(error))
            assert.match(error.message, says)
            assert.match(error.message, /run `tributary reset`/)
            return true
          },
        )
      }
      assert.deepEqual(await storage('arranged'), [['arranged__rows', '']])
      await prepareTables(warehouse, { ...table, ...before }, 'evolve')
      await warehouse.command({ query: 'DROP DATABASE crm SYNC' })
    })
  }

  it('ask for a reset where a wider column is what they are partitioned by', async () => {
    const timed = (digits: number) =>
      testStream('timed', {
        keyed: false,
        schema: {
          ...PEOPLE,
          properties: { ...PEOPLE.properties, at: { type: 'string', 'x-type': `timestamp(${digits})` } },
        },
      }).table
    const partitionBy = 'toYYYYMM(at)'
    await prepareTables(warehouse, { ...timed(3), partitionBy }, 'evolve')
    await assert.rejects(
      prepareTables(warehouse, { ...timed(6), partitionBy }, 'evolve'),
      (error: unknown) => {
        assert.ok(error instanceof LayoutConflict, String(error))
        assert.match(error.message, /at to .*DateTime64\(6, 'UTC'\).*`tributary reset`/)
        return true
      },
    )
  })

  it('do not mind another default order, but where they are made anew', async () => {
    const { table } = testStream('defaulted', { keyed: false })
    await prepareTables(warehouse, { ...table, orderBy: ['at'] }, 'evolve')
    await prepareTables(warehouse, table, 'evolve')
    await assert.rejects(prepareTables(warehouse, table, 'evolve', true), LayoutConflict)
  })
})
