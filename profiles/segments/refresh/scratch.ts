/**
 * Scratch tables of one evaluation: bitmaps by name, and the facts of the people who are looked at again. Named by the load
 * that uses them and dropped after it; what a crash left is swept by the next evaluation.
 */
import type { Warehouse } from '../../../warehouse/client.js'
import { newLoadId } from '../../../warehouse/ledger/ids.js'
import { selectRows } from '../../../warehouse/query.js'
import { quoteIdentifier, quoteString } from '../../../warehouse/types/identifiers.js'

/** What an evaluation is for: a refresh is alone, the others may run beside one. */
export type ScratchPurpose = 'refresh' | 'audit' | 'simulation'

/** No evaluation takes longer. */
const ABANDONED_MS = 24 * 3_600_000

const PREFIX = 'scratch_segments_'

/** SQL: the bitmap of nobody. */
export const NOBODY = 'bitmapBuild(CAST([] AS Array(UInt32)))'

/** Limits of one query. */
export interface QueryLimits {
  /** Seconds that one query may take. @default 280 */
  readonly seconds?: number
  /** Bytes of memory that one query may take. @default the server's */
  readonly memoryBytes?: number
}

export class Scratch {
  readonly #prefix: string

  private constructor(
    readonly warehouse: Warehouse,
    readonly purpose: ScratchPurpose,
    readonly loadId: string,
    private readonly signal: AbortSignal,
    private readonly limits: QueryLimits,
  ) {
    this.#prefix = `${PREFIX}${purpose}_${loadId}`
  }

  /** Sweeps what earlier evaluations left, and makes the table of bitmaps. */
  static async open(
    warehouse: Warehouse,
    options: {
      readonly purpose: ScratchPurpose
      readonly loadId: string
      readonly signal: AbortSignal
      readonly limits?: QueryLimits
    },
  ): Promise<Scratch> {
    const { purpose, loadId, signal, limits = {} } = options
    await sweep(warehouse, purpose)
    const scratch = new Scratch(warehouse, purpose, loadId, signal, limits)
    await scratch.run(
      `CREATE TABLE ${scratch.bitmaps} (name String, members AggregateFunction(groupBitmap, UInt32))
       ENGINE = MergeTree ORDER BY name SETTINGS index_granularity = 1`,
    )
    return scratch
  }

  /** The table of bitmaps: name, members. A name may have several rows; their union counts. */
  get bitmaps(): string {
    return this.table('bitmaps')
  }

  /** Quoted name of a scratch table. */
  table(name: string): string {
    return `cdp.${quoteIdentifier(`${this.#prefix}_${name}`)}`
  }

  /** Runs one statement. @throws what the server says, or the reason of the abort */
  async run(query: string): Promise<void> {
    this.signal.throwIfAborted()
    const { seconds = 280, memoryBytes } = this.limits
    await this.warehouse.command({
      query,
      abort_signal: this.signal,
      clickhouse_settings: {
        max_execution_time: seconds,
        ...(memoryBytes !== undefined && { max_memory_usage: String(memoryBytes) }),
      },
    })
  }

  /** Keeps bitmaps: each SELECT gives rows of (name, members). */
  async put(...selects: readonly string[]): Promise<void> {
    if (selects.length === 0) return
    await this.run(`INSERT INTO ${this.bitmaps} ${selects.join('\nUNION ALL\n')}`)
  }

  /** SQL: the ids in a bitmap as a table of one column, `profile`; also for IN. */
  ids(name: string): string {
    return `(SELECT arrayJoin(bitmapToArray(members)) AS profile FROM ${this.bitmaps} WHERE name = ${quoteString(name)})`
  }

  /** How many are in each of these bitmaps, in their order; 0 for one that was never kept. */
  async sizes(names: readonly string[]): Promise<number[]> {
    const rows = await selectRows<{ name: string; size: string }>(
      this.warehouse,
      `SELECT name, groupBitmapMerge(members) AS size FROM ${this.bitmaps}
       WHERE name IN {names:Array(String)} GROUP BY name`,
      { names },
      this.signal,
    )
    const sizes = new Map(rows.map(({ name, size }) => [name, Number(size)]))
    return names.map((name) => sizes.get(name) ?? 0)
  }

  /**
   * SQL: a SELECT of columns over bitmaps. `build` names the bitmaps that it needs and uses the SQL that it gets for each; one
   * that was never kept is nobody.
   */
  select(build: (bitmap: (name: string) => string) => string): string {
    const columns = new Map<string, string>()
    const list = build((name) => {
      const column = columns.get(name) ?? `b${columns.size}`
      columns.set(name, column)
      return column
    })
    if (columns.size === 0) return `SELECT ${list}`
    const merged = [...columns].map(
      ([name, column]) => `groupBitmapMergeStateIf(members, name = ${quoteString(name)}) AS ${column}`,
    )
    const names = [...columns.keys()].map(quoteString)
    return `SELECT ${list} FROM (SELECT ${merged.join(', ')} FROM ${this.bitmaps} WHERE name IN (${names.join(', ')}))`
  }

  /** SQL: a SELECT of rows for `put`, each of a name and an expression over bitmaps. What several of them need is read once. */
  combined(
    rows: readonly { readonly name: string; members(bitmap: (name: string) => string): string }[],
  ): string {
    const each = (bitmap: (name: string) => string) =>
      rows.map(({ name, members }) => `(${quoteString(name)}, ${members(bitmap)})`).join(', ')
    return `SELECT row.1 AS name, row.2 AS members FROM (${this.select((bitmap) => `arrayJoin([${each(bitmap)}]) AS row`)})`
  }

  /** Drops every table of this evaluation. Never throws: the next evaluation sweeps. */
  async drop(): Promise<void> {
    try {
      await dropTables(this.warehouse, await tablesLike(this.warehouse, this.#prefix))
    } catch {
      // The error that matters is the one on its way already.
    }
  }
}

/** SQL: a row for the table of bitmaps from a SELECT of ids. */
export function bitmapOf(name: string, ids: string, column: string): string {
  return `SELECT ${quoteString(name)} AS name, groupBitmapState(toUInt32(${column})) AS members FROM (${ids})`
}

async function sweep(warehouse: Warehouse, purpose: ScratchPurpose): Promise<void> {
  const abandoned = BigInt(newLoadId(Date.now() - ABANDONED_MS))
  const tables = await tablesLike(warehouse, PREFIX)
  // A refresh is alone: whatever another one left is nobody's, or a zombie's, which has nothing to say any more.
  const left = tables.filter((table) => {
    const [owner, loadId] = table.slice(PREFIX.length).split('_')
    return (purpose === 'refresh' && owner === 'refresh') || BigInt(loadId ?? 0) < abandoned
  })
  await dropTables(warehouse, left)
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
  for (const table of tables) {
    await warehouse.command({ query: `DROP TABLE IF EXISTS cdp.${quoteIdentifier(table)} SYNC` })
  }
}
