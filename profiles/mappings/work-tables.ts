/**
 * Tables in which an attempt gathers what it works on. Named by the attempt's load, so that attempts never meet; dropped
 * at its end, and by the sweep where it had no end.
 */
import type { ClickHouseSettings } from '@clickhouse/client'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'

const PREFIX = 'work_'

/** Queries over whole streams spill to disk rather than fail. */
const SETTINGS = {
  max_bytes_before_external_group_by: '1000000000',
  max_bytes_before_external_sort: '1000000000',
  join_algorithm: 'hash' as const,
  transform_null_in: 1 as const,
}

export class WorkTables {
  readonly #made: string[] = []

  constructor(
    readonly warehouse: Warehouse,
    readonly loadId: string,
    readonly signal: AbortSignal,
    /** Further settings of every statement, such as its limits. */
    private readonly settings: ClickHouseSettings = {},
  ) {}

  /** Fills a new table with what a query gives, and resolves to its quoted name. */
  async create(
    purpose: string,
    query: string,
    params: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const table = `cdp.${PREFIX}${this.loadId}_${purpose}`
    this.#made.push(table)
    await this.run(`CREATE TABLE ${table} ENGINE = MergeTree ORDER BY tuple() AS ${query}`, params)
    return table
  }

  /** Runs a statement of the attempt; nothing more once the attempt is given up. */
  async run(query: string, params: Readonly<Record<string, unknown>> = {}): Promise<void> {
    this.signal.throwIfAborted()
    await this.warehouse.command({
      query,
      query_params: { ...params },
      clickhouse_settings: { ...SETTINGS, ...this.settings },
      abort_signal: this.signal,
    })
  }

  /** All rows of a query; 64-bit integers as text. */
  async select<Row>(query: string): Promise<Row[]> {
    this.signal.throwIfAborted()
    const result = await this.warehouse.query({
      query,
      format: 'JSONEachRow',
      clickhouse_settings: {
        ...SETTINGS,
        ...this.settings,
        output_format_json_quote_64bit_integers: 1,
      },
      abort_signal: this.signal,
    })
    return result.json<Row>()
  }

  async drop(): Promise<void> {
    for (const table of this.#made) await dropTable(this.warehouse, table)
  }
}

/** Drops what attempts left whose load is older than a day. Returns how many tables. */
export async function dropForgottenTables(warehouse: Warehouse, olderThanLoad: string): Promise<number> {
  const tables = await selectRows<{ name: string }>(
    warehouse,
    `SELECT name FROM system.tables WHERE database = 'cdp' AND match(name, '^${PREFIX}[0-9]+_')
       AND toUInt64OrDefault(extract(name, '[0-9]+'), {load:UInt64}) < {load:UInt64}`,
    { load: olderThanLoad },
  )
  for (const { name } of tables) await dropTable(warehouse, `cdp.${name}`)
  return tables.length
}

async function dropTable(warehouse: Warehouse, table: string): Promise<void> {
  await warehouse.command({ query: `DROP TABLE IF EXISTS ${table} SYNC` })
}
