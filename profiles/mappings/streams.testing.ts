/** Streams with real tables and a real ledger, and what mappings made of them, for tests of mappings. */
import type { IdentityFile, MappingFile } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { newLoadId } from '../../warehouse/ledger/ids.js'
import {
  acceptLoad,
  openPosition,
  type Position,
  publishGeneration,
  registerLoad,
} from '../../warehouse/ledger/ledger.js'
import { rollback } from '../../warehouse/ledger/rollback.js'
import { foldPending } from '../../warehouse/loading/fold.js'
import { selectRows } from '../../warehouse/query.js'
import { expireStream } from '../../warehouse/retention/expire-stream.js'
import { prepareTables } from '../../warehouse/tables/prepare-tables.js'
import { rowsTable, type StreamTable } from '../../warehouse/tables/stream-table.js'
import { acceptTestStep, testStep } from '../facts/facts.testing.js'
import type { StagedLoad } from '../steps/derived-load.js'
import { settleMapping } from './settle-mapping.js'
import { stageMapping } from './stage-mapping.js'

const ORIGIN = { revision: 'test', runId: 'test' }
let streams = 0

/** A row; `_deleted: 1` where the source deleted it, `_extracted_at` where it matters. */
export type TestRow = Readonly<Record<string, unknown>>

export interface TestStreamOptions {
  /** @default append */
  readonly mode?: 'append' | 'append_dedup' | 'overwrite'
  /** ClickHouse types by column. */
  readonly columns: Readonly<Record<string, string>>
  /** @default id */
  readonly key?: readonly string[]
}

export class TestStream {
  /** Ids of the loads that were accepted, in order. */
  readonly loads: string[] = []

  private constructor(
    readonly warehouse: Warehouse,
    readonly table: StreamTable,
    private position: Position,
  ) {}

  static async open(warehouse: Warehouse, options: TestStreamOptions): Promise<TestStream> {
    streams += 1
    const table: StreamTable = {
      source: 'till',
      stream: `public.lines_${streams}`,
      columns: Object.entries(options.columns).map(([name, type]) => ({ name, type })),
      key: options.key ?? ['id'],
      keyed: options.mode === 'append_dedup',
    }
    await prepareTables(warehouse, table, 'evolve')
    const opened = await openPosition(warehouse, {
      source: table.source,
      stream: table.stream,
      lane: 'live',
      keyed: table.keyed,
      newGeneration: false,
    })
    await publishGeneration(warehouse, table, opened.position, {}, ORIGIN)
    const position = { ...opened.position, sequence: opened.position.sequence + 1 }
    return new TestStream(warehouse, table, position)
  }

  /** As mappings name it. */
  get name(): string {
    return `${this.table.source}.${this.table.stream}`
  }

  get sequence(): number {
    return this.position.sequence
  }

  /** Writes a load and has it accepted (and folded, unless a crash came first). */
  async load(rows: readonly TestRow[], { folds = true } = {}): Promise<void> {
    const loadId = await this.write(rows)
    const sequence = this.position.sequence + 1
    const ended = { loadId, sequence, rows: rows.length, bytes: 0, rejects: 0, state: '{}' }
    await acceptLoad(this.warehouse, this.table, this.position, ended, ORIGIN)
    this.position = { ...this.position, sequence }
    this.loads.push(loadId)
    if (this.table.keyed && folds) await foldPending(this.warehouse, this.table, this.position, ORIGIN)
  }

  /** Writes a load that nobody accepts. */
  async write(rows: readonly TestRow[]): Promise<string> {
    const loadId = newLoadId()
    await registerLoad(this.warehouse, this.table, this.position, loadId, ORIGIN)
    await this.warehouse.insert({
      table: rowsTable(this.table),
      values: rows.map((row, index) => ({
        _extracted_at: '2026-05-01T00:00:00.000Z',
        ...row,
        _load_id: loadId,
        _generation: this.position.generation,
        ...(this.table.keyed && { _ordinal: index }),
      })),
      format: 'JSONEachRow',
      clickhouse_settings: { date_time_input_format: 'best_effort' },
    })
    return loadId
  }

  /** Reads the stream anew: these rows instead of all others. */
  async overwrite(rows: readonly TestRow[]): Promise<void> {
    const opened = await this.#open(true)
    this.position = opened
    await this.load(rows)
    await publishGeneration(this.warehouse, this.table, this.position, {}, ORIGIN)
    this.position = { ...this.position, sequence: this.position.sequence + 1, building: false }
  }

  /** Removes what is older than it is kept, where loads below this id are. */
  async expire(beforeLoad: string): Promise<void> {
    const mode = this.table.keyed ? 'append_dedup' : 'append'
    await expireStream(this.warehouse, this.table, mode, beforeLoad)
  }

  async rollback(toSequence: number): Promise<void> {
    await rollback(this.warehouse, this.table, toSequence, ORIGIN)
    this.position = await this.#open(false)
  }

  async #open(newGeneration: boolean): Promise<Position> {
    const opened = await openPosition(this.warehouse, {
      source: this.table.source,
      stream: this.table.stream,
      lane: 'live',
      keyed: this.table.keyed,
      newGeneration,
    })
    return opened.position
  }
}

export interface TestMapping {
  readonly name: string
  readonly mapping: MappingFile
  readonly identity: IdentityFile
}

/** Maps what is new, accepts and settles it, as a refresh does. */
export async function runMapping(warehouse: Warehouse, input: TestMapping): Promise<StagedLoad | undefined> {
  const staged = await stageMapping(testStep(warehouse), input)
  if (staged === undefined) return undefined
  await acceptTestStep(warehouse, staged)
  await settleMapping(testStep(warehouse), input.name)
  return staged
}

/** What a mapping's visible facts say, without what depends on the load: nodes as `type:value`. */
export async function factsOf(
  warehouse: Warehouse,
  mapping: string,
  columns: readonly string[] = [],
): Promise<{ events: unknown[]; traits: unknown[]; links: unknown[] }> {
  const nodes = new Map(
    (
      await selectRows<{ node: number; name: string }>(
        warehouse,
        `SELECT node, concat(type, ':', value) AS name FROM cdp.nodes`,
      )
    ).map(({ node, name }) => [node, name]),
  )
  const read = async (query: string) => {
    const rows = await selectRows<Record<string, unknown>>(warehouse, query, { mapping })
    return rows
      .map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [
            name,
            name.startsWith('node') ? nodes.get(value as number) : value,
          ]),
        ),
      )
      .sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1))
  }
  const properties = columns.map((column) => `, \`${column}\``).join('')
  return {
    events: await read(
      `SELECT event, message_id, ts, node${properties} FROM cdp.events WHERE mapping = {mapping:String}`,
    ),
    traits: await read(
      `SELECT trait, node, ts, kind, text, number, boolean, time, list FROM cdp.trait_facts WHERE mapping = {mapping:String}`,
    ),
    links: await read(`SELECT node_a, node_b, ts FROM cdp.links WHERE mapping = {mapping:String}`),
  }
}
