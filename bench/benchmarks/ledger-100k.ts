/** What visibility costs: a query through a stream's view with 100,000 loads in the ledger, against the bare table. */
import { migrate } from '../../warehouse/migrations/migrate.js'
import { selectRow } from '../../warehouse/query.js'
import { prepareTables } from '../../warehouse/tables/prepare-tables.js'
import { rowsTable, type StreamTable, streamView } from '../../warehouse/tables/stream-table.js'
import type { Benchmark } from '../benchmark.js'
import { inTurn } from '../measure/in-turn.js'
import { highestPeaks, measure } from '../measure/processes.js'
import { median, rounded } from '../measure/statistics.js'
import { startBareEngine } from '../support/engine.js'
import { withParts } from '../support/parts.js'

const LOADS = 100_000
const ROWS_PER_LOAD = 100
const MIN_RUNS = 10
const TABLE: StreamTable = {
  source: 'bench',
  stream: 'events',
  columns: [
    { name: 'id', type: 'UInt64' },
    { name: 'customer', type: 'UInt32' },
    { name: 'amount', type: 'Float64' },
  ],
  key: ['id'],
  keyed: false,
}
const QUERY = 'SELECT count() AS n, sum(amount) AS total, uniq(customer) AS customers FROM'

export const ledger100k: Benchmark = {
  name: 'ledger-100k',
  claim:
    'with 100,000 loads in the ledger, three of them not accepted, an aggregate of 10,000,000 rows through the view takes at most twice the time of the bare table',
  run(options) {
    return withParts(async ({ start }) => {
      const loads = options.rows ?? LOADS
      const { warehouse, pid } = await start(startBareEngine())
      await migrate(warehouse)
      await prepareTables(warehouse, TABLE, 'evolve')
      options.log(`writing ${loads} loads of ${ROWS_PER_LOAD} rows`)
      await warehouse.command({ query: ledgerRows(loads) })
      await warehouse.command({
        query: `INSERT INTO ${rowsTable(TABLE)} (id, customer, amount, _load_id, _generation, _extracted_at, _meta)
          SELECT number, number % 100000, sqrt(number), 1 + intDiv(number, ${ROWS_PER_LOAD}), 1, now64(3), ''
          FROM numbers(${loads * ROWS_PER_LOAD})`,
      })
      await warehouse.command({ query: 'OPTIMIZE TABLE tributary.loads FINAL' })
      const timed = (from: string) =>
        measure({ clickhouse: pid }, () => selectRow<{ n: string }>(warehouse, `${QUERY} ${from}`, {}))
      const hidden = loads * ROWS_PER_LOAD - Number((await timed(streamView(TABLE))).result?.n)
      if (hidden !== 3 * ROWS_PER_LOAD) throw new Error(`hiding three loads: ${hidden} rows are hidden`)
      const turns = await inTurn(
        Math.max(MIN_RUNS, options.runs),
        () => timed(streamView(TABLE)),
        () => timed(rowsTable(TABLE)),
      )
      const view = median(turns.map(({ subject }) => subject.usage.seconds))
      const bare = median(turns.map(({ reference }) => reference.usage.seconds))
      return {
        value: rounded(view),
        unit: 's',
        reference: 'the same aggregate of the bare table',
        against: rounded(bare),
        ratio: rounded(view / bare),
        peakRssMb: highestPeaks(turns.map(({ subject }) => subject.usage)),
        runs: turns.map(({ machine, subject, reference }) => ({
          machine,
          view: subject.usage,
          bare: reference.usage,
        })),
      }
    })
  },
}

/** Every load registered, all but three accepted, and the generation published. */
function ledgerRows(loads: number): string {
  const accepted = `number != 10 AND number != ${Math.floor(loads / 2)} AND number != ${loads - 1}`
  return `INSERT INTO tributary.loads (source, stream, lane, event, epoch, base, sequence, load_id, generation, rows)
    SELECT 'bench', 'events', 'live', event, 1 + number, number, number + 1, number + 1, 1, ${ROWS_PER_LOAD}
    FROM numbers(${loads}) ARRAY JOIN if(${accepted}, ['started', 'accepted'], ['started']) AS event
    UNION ALL SELECT 'bench', 'events', 'live', 'published', 1, 0, 0, 0, 1, 0`
}
