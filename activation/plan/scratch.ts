/**
 * Scratch tables of one attempt at a plan: who is looked at, what is known of them, and what they become. Named by the attempt
 * and dropped after it; what a crash left is swept by a later plan.
 */
import type { Warehouse } from '../../warehouse/client.js'
import { newLoadId } from '../../warehouse/ledger/ids.js'
import { type QueryParams, selectRows } from '../../warehouse/query.js'
import { quoteIdentifier } from '../../warehouse/types/identifiers.js'
import type { PlanContext } from '../types.js'

/** No attempt takes longer. */
const ABANDONED_MS = 24 * 3_600_000
const PREFIX = 'scratch_activations_'
const SETTINGS = {
  /** Seconds that one statement may take. */
  max_execution_time: 280,
  // The engine gathers a quarter of a gigabyte before it writes, otherwise.
  min_insert_block_size_rows: '262144',
  min_insert_block_size_bytes: String(32 * 1024 * 1024),
} as const

export class PlanScratch {
  readonly #prefix: string
  readonly warehouse: Warehouse
  readonly signal: AbortSignal

  private constructor({ warehouse, signal }: PlanContext, attempt: string) {
    this.warehouse = warehouse
    this.signal = signal
    this.#prefix = `${PREFIX}${attempt}`
  }

  /** Sweeps what was left long ago. Nothing is created yet. */
  static async open(context: PlanContext): Promise<PlanScratch> {
    await sweep(context.warehouse)
    return new PlanScratch(context, newLoadId())
  }

  /** Quoted name of a scratch table. */
  table(name: string): string {
    return `cdp.${quoteIdentifier(`${this.#prefix}_${name}`)}`
  }

  /** Resolves to the quoted name. */
  async create(name: string, columns: string, key: string): Promise<string> {
    const table = this.table(name)
    await this.run(`CREATE TABLE ${table} (${columns}) ENGINE = MergeTree ORDER BY ${key}`)
    return table
  }

  /** Runs one statement. @throws what the server says, or the reason of the abort */
  async run(query: string, params: QueryParams = {}): Promise<void> {
    this.signal.throwIfAborted()
    await this.warehouse.command({
      query,
      query_params: { ...params },
      abort_signal: this.signal,
      clickhouse_settings: SETTINGS,
    })
  }

  /** Drops every table of this attempt. Never throws: a later plan sweeps. */
  async drop(): Promise<void> {
    try {
      await dropTables(this.warehouse, await tablesLike(this.warehouse, this.#prefix))
    } catch {
      // The error that matters is the one on its way already.
    }
  }
}

async function sweep(warehouse: Warehouse): Promise<void> {
  const abandoned = BigInt(newLoadId(Date.now() - ABANDONED_MS))
  const tables = await tablesLike(warehouse, PREFIX)
  await dropTables(
    warehouse,
    tables.filter((table) => BigInt(table.slice(PREFIX.length).split('_')[0]!) < abandoned),
  )
}

async function tablesLike(warehouse: Warehouse, prefix: string): Promise<string[]> {
  const rows = await selectRows<{ name: string }>(
    warehouse,
    `SELECT name FROM system.tables WHERE database = 'cdp' AND startsWith(name, {prefix:String})`,
    { prefix },
  )
  return rows.map(({ name }) => name)
}

async function dropTables(warehouse: Warehouse, tables: readonly string[]): Promise<void> {
  await Promise.all(
    tables.map((table) =>
      warehouse.command({ query: `DROP TABLE IF EXISTS cdp.${quoteIdentifier(table)} SYNC` }),
    ),
  )
}
