/** A stream of a test whose loads are days old: written, accepted and removed at moments of the test's choice. */

import type { Warehouse } from '../../warehouse/client.js'
import { loadIdAt, newLoadId } from '../../warehouse/ledger/ids.js'
import { acceptLoad, openPosition, type Position, publishGeneration } from '../../warehouse/ledger/ledger.js'
import { foldPending } from '../../warehouse/loading/fold.js'
import { selectRows } from '../../warehouse/query.js'
import { expireStream } from '../../warehouse/retention/expire-stream.js'
import { prepareTables } from '../../warehouse/tables/prepare-tables.js'
import { rowsTable, streamView } from '../../warehouse/tables/stream-table.js'
import { ORIGIN, type TestStream, testStream, writeLoad } from './warehouse.js'

const DAY_MS = 86_400_000
/** Loads of a test are a day apart: the first on day 1. */
export const day = (number: number): number => Date.UTC(2025, 0, 1) + number * DAY_MS
/** Ids of loads that are older are less. */
export const beforeDay = (number: number): string => loadIdAt(day(number))

export type Row = Readonly<Record<string, unknown>>

/** A stream with a clock of its own. */
export class AgedStream {
  private constructor(
    readonly warehouse: Warehouse,
    readonly stream: TestStream,
    public position: Position,
  ) {}

  /** The same stream by another connection. */
  static of(warehouse: Warehouse, { stream, position }: AgedStream): AgedStream {
    return new AgedStream(warehouse, stream, position)
  }

  static async open(warehouse: Warehouse, name: string, keyed: boolean): Promise<AgedStream> {
    return AgedStream.begin(warehouse, testStream(name, { keyed }))
  }

  static async begin(warehouse: Warehouse, stream: TestStream): Promise<AgedStream> {
    await prepareTables(warehouse, stream.table, 'evolve')
    const opened = new AgedStream(warehouse, stream, {} as Position)
    await opened.openRun()
    await publishGeneration(warehouse, opened.key, opened.position, {}, ORIGIN)
    opened.position = { ...opened.position, sequence: opened.position.sequence + 1 }
    return opened
  }

  get key() {
    return { source: 'crm', stream: this.stream.table.stream }
  }

  async openRun(newGeneration = false): Promise<void> {
    const { keyed } = this.stream.table
    this.position = (
      await openPosition(this.warehouse, { ...this.key, lane: 'live', keyed, newGeneration })
    ).position
  }

  /** Writes a load that nobody has accepted yet. */
  write(number: number, rows: readonly Row[]) {
    const target = this.stream.target(this.position, newLoadId(day(number)))
    return writeLoad(this.warehouse, target, rows)
  }

  async accept(ended: Awaited<ReturnType<typeof writeLoad>>): Promise<void> {
    await acceptLoad(
      this.warehouse,
      this.key,
      this.position,
      { ...ended, state: '{"at":1}', cursor: 'c' },
      ORIGIN,
    )
    this.position = { ...this.position, sequence: ended.sequence }
    if (this.stream.table.keyed) await foldPending(this.warehouse, this.stream.table, this.position, ORIGIN)
  }

  async load(number: number, rows: readonly Row[]): Promise<void> {
    await this.accept(await this.write(number, rows))
  }

  expire(mode: 'append' | 'append_dedup' | 'overwrite', number: number) {
    return expireStream(this.warehouse, this.key, mode, beforeDay(number))
  }

  /** What people see: `id=name`. */
  async seen(): Promise<string[]> {
    return this.#names(streamView(this.stream.table))
  }

  /** Every row that is stored, seen or not. */
  async stored(): Promise<string[]> {
    return this.#names(rowsTable(this.stream.table))
  }

  async #names(from: string): Promise<string[]> {
    const rows = await selectRows<{ name: string }>(
      this.warehouse,
      `SELECT concat(toString(id), '=', ifNull(name, '')) AS name FROM ${from} ORDER BY name`,
    )
    return rows.map(({ name }) => name)
  }
}
