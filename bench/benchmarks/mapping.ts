/** Lines of receipts into events of people: what a mapping does with a stream, against copying the same columns. */
import type { IdentityFile, MappingFile } from '@tributary/schemas'
import { stageMapping } from '../../profiles/mappings/stage-mapping.js'
import type { Warehouse } from '../../warehouse/client.js'
import { newLoadId } from '../../warehouse/ledger/ids.js'
import { acceptLoad, openPosition, publishGeneration, registerLoad } from '../../warehouse/ledger/ledger.js'
import { selectRow } from '../../warehouse/query.js'
import { prepareTables } from '../../warehouse/tables/prepare-tables.js'
import { rowsTable, type StreamTable } from '../../warehouse/tables/stream-table.js'
import type { Benchmark } from '../benchmark.js'
import { inTurn } from '../measure/in-turn.js'
import { measure } from '../measure/processes.js'
import { summary, throughput } from '../support/figures.js'
import { withParts } from '../support/parts.js'
import { accept, benchStep, forgetDerived, ORIGIN, settle, startWarehouse } from '../support/people-data.js'

const ROWS = 5_000_000
const AT_ONCE = 5_000_000
const HOUSEHOLDS = 100_000
const STREAM: StreamTable = {
  source: 'till',
  stream: 'transactions',
  columns: [
    { name: 'household_id', type: 'String' },
    { name: 'basket_id', type: 'String' },
    { name: 'product_id', type: 'UInt32' },
    { name: 'store_id', type: 'UInt32' },
    { name: 'quantity', type: 'UInt32' },
    { name: 'sales_value', type: 'Float64' },
    { name: 'retail_disc', type: 'Float64' },
    { name: 'transaction_timestamp', type: "DateTime64(3, 'UTC')" },
  ],
  key: ['basket_id', 'product_id'],
  keyed: false,
}
const MAPPING: MappingFile = {
  stream: 'till.transactions',
  identifiers: { household_id: 'household_id' },
  events: [
    {
      name: 'Item Purchased',
      message_id: ['basket_id', 'product_id'],
      timestamp: 'transaction_timestamp',
      properties: {
        amount: 'sales_value',
        quantity: 'quantity',
        discount: 'retail_disc',
        basket_id: 'basket_id',
        product_id: 'product_id',
        store_id: 'store_id',
        channel: { constant: 'store' },
      },
    },
  ],
}
const IDENTITY: IdentityFile = { identifiers: { household_id: { unique: true, normalize: 'none' } } }

export const mapping: Benchmark = {
  name: 'mapping',
  claim: '5 million lines of receipts become events of people at 300,000 rows/s or more',
  run(options) {
    return withParts(async ({ folder, start }) => {
      const rows = options.rows ?? ROWS
      const { warehouse, pid } = await start(startWarehouse(`${folder}/data`))
      options.log(`writing ${rows} lines`)
      await writeLines(warehouse, rows)
      await settle(warehouse)
      const columns = STREAM.columns.map(({ name, type }) => `\`${name}\` ${type}`).join(', ')
      await warehouse.command({
        query: `CREATE TABLE default.copied (${columns}) ENGINE = MergeTree ORDER BY (household_id, transaction_timestamp)`,
      })
      const timed = async (name: string, work: () => Promise<unknown>) => {
        const { usage } = await measure({ bench: process.pid, clickhouse: pid }, work)
        const run = { seconds: usage.seconds, usage }
        options.log(`${name}: ${summary(rows, run)}`)
        return run
      }
      const turns = await inTurn(
        options.runs,
        async () => {
          await forgetDerived(warehouse, ['mapping/till'], ['events', 'links', 'nodes'])
          const run = await timed('mapping', () => mapLines(warehouse))
          await checkEvents(warehouse, rows)
          return run
        },
        async () => {
          await warehouse.command({ query: 'TRUNCATE TABLE default.copied' })
          return timed('copy', () => copyLines(warehouse))
        },
      )
      return throughput(rows, 'INSERT … SELECT of the same columns, in the order of people', turns, {
        households: HOUSEHOLDS,
      })
    })
  },
}

async function mapLines(warehouse: Warehouse): Promise<void> {
  const input = { name: 'till', mapping: MAPPING, identity: IDENTITY }
  const staged = await stageMapping(benchStep(warehouse, new Date()), input)
  if (staged === undefined) throw new Error('mapping the till: nothing was new')
  await accept(warehouse, staged)
}

function copyLines(warehouse: Warehouse): Promise<unknown> {
  const columns = STREAM.columns.map(({ name }) => name).join(', ')
  return warehouse.command({
    query: `INSERT INTO default.copied SELECT ${columns} FROM ${rowsTable(STREAM)}`,
  })
}

async function checkEvents(warehouse: Warehouse, rows: number): Promise<void> {
  const row = await selectRow<{ count: string }>(warehouse, 'SELECT count() AS count FROM cdp.events')
  if (Number(row!.count) !== rows) throw new Error(`mapping ${rows} lines: ${row!.count} became events`)
}

async function writeLines(warehouse: Warehouse, rows: number): Promise<void> {
  await prepareTables(warehouse, STREAM, 'evolve')
  const { source, stream, keyed } = STREAM
  const opened = await openPosition(warehouse, { source, stream, lane: 'live', keyed, newGeneration: false })
  await publishGeneration(warehouse, STREAM, opened.position, {}, ORIGIN)
  const position = { ...opened.position, sequence: opened.position.sequence + 1 }
  const loadId = newLoadId()
  await registerLoad(warehouse, STREAM, position, loadId, ORIGIN)
  const names = STREAM.columns.map(({ name }) => name).join(', ')
  for (let done = 0; done < rows; done += AT_ONCE) {
    await warehouse.command({
      query: `INSERT INTO ${rowsTable(STREAM)} (${names}, _load_id, _generation, _extracted_at, _meta)
        WITH intDiv(number, 8) AS basket
        SELECT toString(intHash64(basket) % ${HOUSEHOLDS}), toString(basket), (number * 7919) % 90000,
          intHash64(basket) % 400, 1 + number % 3, (intHash64(number) % 2000) / 100, (number % 50) / 100,
          toDateTime64('2025-01-01 00:00:00', 3, 'UTC') + toIntervalSecond(basket * 40),
          ${loadId}, ${position.generation}, now64(3), ''
        FROM numbers(${done}, ${Math.min(AT_ONCE, rows - done)})`,
    })
  }
  const ended = { loadId, sequence: position.sequence + 1, rows, bytes: 0, rejects: 0, state: '{}' }
  await acceptLoad(warehouse, STREAM, position, ended, ORIGIN)
}
