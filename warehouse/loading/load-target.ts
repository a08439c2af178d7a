/** What a load writes to: a stream's table, how its fields become columns, and the ledger's coordinates. */
import type { LoadOrigin, Position } from '../ledger/ledger.js'
import type { Projection } from '../projection/plan-projection.js'
import type { StreamTable } from '../tables/stream-table.js'
import type { SchemaContract } from '../types/schema-change.js'

export interface LoadTarget {
  readonly table: StreamTable
  readonly position: Position
  readonly origin: LoadOrigin
  readonly loadId: string
  /** Field → column by way of rows. */
  readonly rows: Projection
  /** The same by way of blocks, whose bytes the engine parses. */
  readonly blocks: Projection
  readonly exactBlocks: Projection
  readonly contract: SchemaContract
  /** Key fields by their source names. */
  readonly keyFields: readonly string[]
  /** Undeclared fields of records are kept in `_meta`. */
  readonly keepsUnknown: boolean
  /** Fields that must not stand in clear anywhere, rejects included. */
  readonly withheld: readonly string[]
}

/** Counts of a load; `rows` is what the warehouse counted. */
export interface LoadTotals {
  readonly rows: number
  readonly bytes: number
  readonly rejects: number
}
